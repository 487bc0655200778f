/** The Auto Scaling group: the number of its servers, its launch template, and what a new version of that does. */
import { isDeepStrictEqual } from "node:util";
import { each, type Amount, type Context } from "../cost/model";
import type { Plan, PlannedChange } from "../terraform/plan";
import type { Resource } from "../terraform/stack";
import { blocks, isReference, numberIn, section, type Values } from "../terraform/values";

/**
 * The least and the greatest number of servers that the group and its schedules allow. A schedule's sizes apply until another
 * schedule replaces them, so all of them count. Undefined where any of them is not known.
 */
export function serversOf(group: Values, { stack, usage: { servers } }: Context): Amount | undefined {
  const isOthers = (name: unknown) => [name, group["name"]].every(isLiteral) && name !== group["name"];
  const schedules = stack
    .of("aws_autoscaling_schedule")
    .filter(({ values }) => !isOthers(values["autoscaling_group_name"]));
  const sources = [group, ...schedules.map(({ values }) => values)];
  if (numberIn(group, "min_size") === undefined || numberIn(group, "max_size") === undefined) return undefined;
  if (sources.some(({ min_size, max_size }) => [min_size, max_size].some(isReference))) return undefined;
  const sizes = (key: string) =>
    sources.flatMap((from) => {
      const size = numberIn(from, key);
      return size === undefined || size < 0 ? [] : [size]; // Terraform's -1: unchanged
    });
  const [least, most] = [Math.min(...sizes("min_size")), Math.max(...sizes("max_size"))];
  return { least, expected: Math.min(Math.max(servers, least), most), most };
}

const isLiteral = (name: unknown) => typeof name === "string" && !isReference(name);

/** The greatest number of servers in service and in the warm pool together. */
function preparedOf(group: Values): number {
  const prepared = numberIn(section(group, "warm_pool"), "max_group_prepared_capacity") ?? -1;
  return prepared < 0 ? (numberIn(group, "max_size") ?? 0) : prepared;
}

/**
 * The servers that wait in the warm pool.
 *
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html
 */
export function waitingOf(group: Values, servers: Amount): { readonly running: boolean; readonly number: Amount } {
  const [pool] = blocks(group, "warm_pool");
  if (pool === undefined) return { running: false, number: each(() => 0) };
  const [least, most] = [numberIn(pool, "min_size") ?? 0, preparedOf(group)];
  return { running: pool["pool_state"] === "Running", number: each((key) => Math.max(least, most - servers[key])) };
}

/** A group's launch template, or those of its mixed instances, each as `{ id, name, version }`. */
export function launched(group: Values | null | undefined): Values[] {
  const mixed = blocks(group, "mixed_instances_policy").flatMap((policy) => blocks(policy, "launch_template"));
  const specifications = [...mixed, ...mixed.flatMap((each) => blocks(each, "override"))].flatMap((each) =>
    blocks(each, "launch_template_specification"),
  );
  return [
    ...blocks(group, "launch_template"),
    ...specifications.map(({ launch_template_id: id, launch_template_name: name, version }) => ({ id, name, version })),
  ];
}

/** The launch template of the group: the one it refers to; where the reference is not known, the only one in the stack. */
export function templateOf(group: Values, templates: readonly Resource[]): Values | undefined {
  const [own] = blocks(group, "launch_template");
  if (own === undefined) return undefined;
  const names = [own["id"], own["name"]].flatMap((name) => name ?? []).map(String);
  const found = templates.find(
    ({ address, values }) =>
      names.some((name) => name.includes(`${address}.`)) ||
      [values["id"], values["name"]].some((name) => typeof name === "string" && names.includes(name)),
  );
  const isElsewhere = names.some((name) => name !== "" && !isReference(name));
  return (found ?? (templates.length === 1 && !isElsewhere ? templates[0] : undefined))?.values;
}

/** What a new version of a launch template does where no group starts a rolling replacement for it. */
export function newVersion({ change: { before } }: PlannedChange, plan: Plan): string | undefined {
  const groups = plan.changes.filter(({ type, change }) => type === GROUP && uses(change.before, before));
  if (groups.some((group) => startsRefresh(group))) return undefined;
  // As where a takeover keeps the version that the group has.
  const fixed = groups
    .flatMap(({ change: { after } }) => blocks(after, "launch_template"))
    .find(({ version }) => NUMBER.test(String(version)));
  if (fixed !== undefined)
    return `${versionAfter(before)}: no server gets it, since the group stays at v${String(fixed["version"])}`;
  return `${versionAfter(before)}: no rolling replacement starts; only new instances get it`;
}

const GROUP = "aws_autoscaling_group";
const NUMBER = /^\d+$/;

const uses = (group: Values | null, template: Values | null) =>
  launched(group).some(
    ({ id, name }) => (id !== undefined && id === template?.["id"]) || (name && name === template?.["name"]),
  );

const versionAfter = (template: Values | null) =>
  `launch template v${String(Number(template?.["latest_version"]) + 1)}`;

/**
 * The provider starts a refresh when the group gets another template, another version number or another policy of mixed instances:
 * not if the version is left out or is no number.
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/autoscaling_group#instance_refresh
 */
function startsRefresh({ change: { before, after } }: PlannedChange): boolean {
  const launches = (values: Values | null) => ["launch_template", "mixed_instances_policy"].map((key) => values?.[key]);
  return (
    blocks(after, "instance_refresh").length > 0 &&
    !isDeepStrictEqual(launches(before), launches(after)) &&
    !launched(after).some(({ version }) => String(version).startsWith("$"))
  );
}

/**
 * What another launch template, or another version of it, does to the servers of a group. They are replaced in batches. A batch is as
 * large as the range between the least and the greatest healthy percentage of the group's size, the least rounded up. Each batch
 * waits for the warm-up of the new servers and then for the last requests of the old ones. Percentages that the refresh does not set
 * are those of the group's maintenance policy, or else 90 and 100 %; the warm-up is the group's default, or else its grace period.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-instance-refresh-default-values.html
 */
export function rollingReplacement(planned: PlannedChange, plan: Plan): string | undefined {
  if (!startsRefresh(planned)) return undefined;
  const { before, after } = planned.change;
  const group = plan.after.of(GROUP).find(({ address }) => address === planned.address)?.values ?? after;
  const template = plan.changes.find(
    ({ type, kind, change }) => type === "aws_launch_template" && kind === "update" && uses(before, change.before),
  );
  const what = template === undefined ? "another launch template" : versionAfter(template.change.before);
  const preferences = section(blocks(group, "instance_refresh")[0], "preferences");
  const maintenance = section(group, "instance_maintenance_policy");
  const percent = (name: string, otherwise: number) =>
    Number(preferences[name] ?? maintenance[name] ?? otherwise) / 100;
  const size = Number(group?.["max_size"]);
  if (Number.isNaN(size)) return `${what}: rolling replacement of all instances`;
  const [least, most] = [percent("min_healthy_percentage", 90), percent("max_healthy_percentage", 100)];
  const batch = Math.max(1, Math.floor(size * most) - Math.ceil(size * least));
  // The provider writes 0 or an empty text where nothing is set.
  const warmUps = [
    preferences["instance_warmup"],
    group?.["default_instance_warmup"],
    group?.["health_check_grace_period"],
  ];
  const warmUp = warmUps.map(Number).find((seconds) => seconds > 0) ?? 0;
  const drain = plan.after.of("aws_lb_target_group")[0]?.values["deregistration_delay"] ?? 300;
  const minutes = Math.ceil((Math.ceil(size / batch) * (warmUp + Number(drain))) / 60);
  return `${what}: rolling replacement of up to ${String(size)} instances, ${String(batch)} at a time, about ${String(minutes)} minutes`;
}
