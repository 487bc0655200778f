/** From where port 22 can be reached, in each of the resources that can open it. */
import type { Plan } from "../terraform/plan";
import { blocks, type Values } from "../terraform/values";

/** Types whose resources are one rule of a security group each. */
export const RULE_TYPES = ["aws_vpc_security_group_ingress_rule", "aws_security_group_rule"] as const;

const SOURCES = [
  ...["cidr_ipv4", "cidr_ipv6", "prefix_list_id"],
  ...["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"],
];

/** The networks (`0.0.0.0/0`) and prefix lists (`pl-…`) that may open SSH connections by one rule. */
export const ruleSources = (rule: Values): string[] =>
  rule["type"] !== "egress" && hasPort22(rule)
    ? SOURCES.flatMap((name) => rule[name]).filter((source) => typeof source === "string")
    : [];

/** Those of all the rules that are written in a security group itself. */
export const groupSources = (group: Values): string[] => blocks(group, "ingress").flatMap(ruleSources);

/**
 * Those that a security group lets in by itself. AWS also lists in a group what the rules beside it allow, even the rules that
 * this plan deletes; they are judged by themselves. What is left in a group are rules of its own, and those that somebody added
 * by hand.
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
  return (protocol === "tcp" || protocol === "6") && Number(from) <= 22 && 22 <= Number(to);
}

/** The whole internet, or so much of it that it is the same: `0.0.0.0/0`, and `0.0.0.0/1` as well. */
export function isInternet(cidr: string): boolean {
  const [, prefix] = /^[\da-f.:]+\/(\d+)$/i.exec(cidr) ?? [];
  return prefix !== undefined && Number(prefix) < LARGEST_OWNED_PREFIX;
}

/** Nobody's own network is larger than a /8; 10.0.0.0/8 itself is private. */
const LARGEST_OWNED_PREFIX = 8;

/** A list of networks that AWS keeps elsewhere: a plan has its id alone. */
export const isPrefixList = (source: string) => source.startsWith("pl-");
