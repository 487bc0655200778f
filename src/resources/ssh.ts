/** The sources that may reach port 22, for each type of resource that can open it. */
import { SSH_PORT } from "../aws/internet";
import type { Plan } from "../terraform/plan";
import { blocks, type Values } from "../terraform/values";

/** Types whose resources are one rule of a security group each. */
export const RULE_TYPES = ["aws_vpc_security_group_ingress_rule", "aws_security_group_rule"] as const;

const SOURCES = [
  ...["cidr_ipv4", "cidr_ipv6", "prefix_list_id"],
  ...["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"],
];

/** The networks (`0.0.0.0/0`) and prefix lists (`pl-…`) that one rule allows to open SSH connections. */
export const ruleSources = (rule: Values): string[] =>
  rule["type"] !== "egress" && hasPort22(rule)
    ? SOURCES.flatMap((name) => rule[name]).filter((source) => typeof source === "string")
    : [];

/** The sources of all rules inside a security group. */
export const groupSources = (group: Values): string[] => blocks(group, "ingress").flatMap(ruleSources);

/**
 * The sources that a security group allows by its own rules. AWS also lists in a group the rules that are resources beside it,
 * even those that this plan deletes; the review checks those separately. The others are the group's own rules, and rules that
 * were added outside of Terraform.
 */
export function ownGroupSources(group: Values, plan: Plan): string[] {
  const sources = groupSources(group);
  const { id } = group;
  if (id === undefined || sources.length === 0) return sources;
  const beside = new Set(
    [plan.after, plan.before]
      .flatMap((stack) => RULE_TYPES.flatMap((type) => stack.of(type)))
      .filter(({ values }) => values["security_group_id"] === id)
      .flatMap(({ values }) => ruleSources(values)),
  );
  return sources.filter((source) => !beside.has(source));
}

/** Protocols are names, numbers (TCP is 6), or `-1` for all of them with every port. */
function hasPort22({ ip_protocol, protocol = ip_protocol, from_port: from, to_port: to }: Values): boolean {
  if (protocol === "-1" || protocol === "all") return true;
  return (protocol === "tcp" || protocol === "6") && Number(from) <= SSH_PORT && SSH_PORT <= Number(to);
}

/** A prefix list: a plan has only its id, not its networks. */
export const isPrefixList = (source: string) => source.startsWith("pl-");
