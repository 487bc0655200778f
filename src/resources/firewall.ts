/** Security groups and their rules: which networks may reach port 22. */
import { isInternet } from "../aws/internet";
import type { Violated } from "../plan-review/policy";
import type { Consequence } from "../plan-review/consequences";
import type { Plan } from "../terraform/plan";
import type { Values } from "../terraform/values";
import { alike, type ResourceType, type ResourceTypes } from "./resource-type";
import { groupSources, isPrefixList, ownGroupSources, RULE_TYPES, ruleSources } from "./ssh";

/** @param sources that a resource allows, @param own those that it allows by its own rules */
function opens(
  sources: (values: Values) => readonly string[],
  own: (values: Values, plan: Plan) => readonly string[] = sources,
): ResourceType {
  const some =
    (test: (source: string) => boolean): Violated =>
    (values, plan) =>
      own(values, plan).some(test);
  const opensToInternet: Consequence = {
    id: "ssh-opens",
    on: ["create", "update", "replace"],
    sentence({ change: { before, after } }) {
      const [was, is] = [before, after].map((values) => sources(values ?? {}).some(isInternet));
      return is === true && was === false ? "port 22 opens to the internet" : undefined;
    },
  };
  return {
    cost: "free",
    policies: { "ssh-from-internet": some(isInternet), "ssh-from-prefix-list": some(isPrefixList) },
    consequences: [opensToInternet],
  };
}

const group = opens(groupSources, ownGroupSources);

export const firewall: ResourceTypes = {
  aws_security_group: {
    ...group,
    consequences: [
      {
        id: "security-group",
        on: ["replace"],
        sentence: ({ change: { actions, before } }) =>
          actions[0] === "create"
            ? undefined
            : `security group ${String(before?.["name"])} is replaced while attached: this apply will hang; names.style: "prefix" cures it`,
      },
      ...(group.consequences ?? []),
    ],
  },
  aws_default_security_group: {
    ...group,
    consequences: [
      {
        id: "default-group-closed",
        on: ["create"],
        sentence: (_, { before }) =>
          before.of("aws_vpc").length === 0
            ? undefined
            : "the VPC's default security group loses its rules: whatever is in it alone can no longer be reached, nor reach anything",
      },
      ...(group.consequences ?? []),
    ],
  },
  ...alike(RULE_TYPES, opens(ruleSources)),
  aws_vpc_security_group_egress_rule: { cost: "free" },
};
