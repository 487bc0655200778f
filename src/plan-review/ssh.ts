/** From where port 22 can be reached, in each of the resources that can open it. */
import { plannedResources, type Plan, type Values } from "../terraform/plan";

const RULE = /^aws_(vpc_security_group_ingress_rule|security_group_rule)$/;
/** What can open port 22. */
export const FIREWALL = /^aws_(vpc_security_group_ingress_rule|security_group_rule|(default_)?security_group)$/;

/** The networks (`0.0.0.0/0`) and prefix lists (`pl-…`) that a resource lets in. */
export function sshSources(type: string, values: Values): string[] {
  if (!FIREWALL.test(type) || (type === "aws_security_group_rule" && values["type"] !== "ingress")) return [];
  const rules = RULE.test(type) ? [values] : ((values["ingress"] ?? []) as Values[]);
  return rules
    .filter(hasPort22)
    .flatMap((rule) => SOURCES.flatMap((name) => rule[name]))
    .filter((source) => typeof source === "string");
}

const SOURCES = [
  ...["cidr_ipv4", "cidr_ipv6", "prefix_list_id"],
  ...["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"],
];

/** Protocols are names, numbers (TCP is 6), or `-1` for all of them with every port. */
function hasPort22({ ip_protocol, protocol = ip_protocol, from_port: from, to_port: to }: Values): boolean {
  if (protocol === "-1" || protocol === "all") return true;
  return (protocol === "tcp" || protocol === "6") && Number(from) <= 22 && 22 <= Number(to);
}

/**
 * Those that a resource lets in by itself. AWS tells in a group what the rules beside it allow, also those that this plan takes
 * away; they stand for themselves. What is left in a group are rules of its own, and those that somebody added by hand.
 */
export function ownSshSources(type: string, values: Values, plan: Plan): string[] {
  const sources = sshSources(type, values);
  const { id } = values;
  if (RULE.test(type) || id === undefined) return sources;
  const before = (plan.resource_changes ?? []).map((each) => ({ type: each.type, values: each.change.before ?? {} }));
  const beside = [...plannedResources(plan), ...before]
    .filter((each) => RULE.test(each.type) && each.values["security_group_id"] === id)
    .flatMap((each) => sshSources(each.type, each.values));
  return sources.filter((source) => !beside.includes(source));
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
