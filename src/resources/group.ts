/** The Auto Scaling group: the number of its servers, its launch template, and what a new version of that does. */
import { each, type Amount, type Context } from "../cost/model";
import type { Plan, PlannedChange } from "../terraform/plan";
import type { Resource } from "../terraform/stack";
import { blocks, numberIn, section, type Values } from "../terraform/values";

/**
 * The least and the greatest number of servers that the group and its schedules allow. A schedule's sizes apply until another
 * schedule replaces them, so all of them count. Undefined where they are not known.
 */
export function serversOf(group: Values, { stack, usage: { servers } }: Context): Amount | undefined {
  const schedules = stack.of("aws_autoscaling_schedule");
  const sizes = (key: string) =>
    [group, ...schedules.map(({ values }) => values)].flatMap((from) => {
      const size = numberIn(from, key);
      return size === undefined || size < 0 ? [] : [size]; // Terraform's -1: unchanged
    });
  const [least, most] = [Math.min(...sizes("min_size")), Math.max(...sizes("max_size"))];
  if (!Number.isFinite(least) || !Number.isFinite(most)) return undefined;
  return { least, expected: Math.min(Math.max(servers, least), most), most };
}

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

/** The launch template of the group: the one it refers to, or the only one in the stack. */
export function templateOf(group: Values, templates: readonly Resource[]): Values | undefined {
  const names = Object.values(section(group, "launch_template")).map(String);
  const found = templates.find(
    ({ address, values }) =>
      names.some((name) => name.includes(`${address}.`)) ||
      (typeof values["id"] === "string" && names.includes(values["id"])),
  );
  return (found ?? (templates.length === 1 ? templates[0] : undefined))?.values;
}

/**
 * What a new version of a launch template does. The servers are replaced in batches. A batch is as large as the range between
 * the least and the greatest healthy percentage of the group's size, the least rounded up. Each batch waits for the warm-up of
 * the new servers and then for the last requests of the old ones. Percentages that the refresh does not set are those of the
 * group's maintenance policy, or else 90 and 100 %; the warm-up is the group's default, or else its grace period.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-instance-refresh-default-values.html
 */
export function rollingReplacement({ change: { before } }: PlannedChange, plan: Plan): string {
  const launched = (values: Values | null | undefined) => section(values, "launch_template");
  const found = plan.after
    .of("aws_autoscaling_group")
    .find(({ values }) => launched(values)["id"] !== undefined && launched(values)["id"] === before?.["id"]);
  const version = `launch template v${String(Number(before?.["latest_version"]) + 1)}`;
  const refresh = blocks(found?.values, "instance_refresh")[0];
  // The refresh starts when the group gets another version number: not if the version is left out or is no number.
  const change = plan.changes.find(({ address }) => address === found?.address)?.change;
  const [was, is] = [change?.before, change?.after].map((values) => launched(values)["version"]);
  if (found === undefined || refresh === undefined || was === is || String(is).startsWith("$"))
    return `${version}: no rolling replacement starts; only new instances get it`;
  const { values: group } = found;
  const preferences = section(refresh, "preferences");
  const maintenance = section(group, "instance_maintenance_policy");
  const percent = (name: string, otherwise: number) =>
    Number(preferences[name] ?? maintenance[name] ?? otherwise) / 100;
  const size = Number(group["max_size"]);
  const [least, most] = [percent("min_healthy_percentage", 90), percent("max_healthy_percentage", 100)];
  const batch = Math.max(1, Math.floor(size * most) - Math.ceil(size * least));
  // The provider writes 0 or an empty text where nothing is set.
  const warmUps = [
    preferences["instance_warmup"],
    group["default_instance_warmup"],
    group["health_check_grace_period"],
  ];
  const warmUp = warmUps.map(Number).find((seconds) => seconds > 0) ?? 0;
  const drain = plan.after.of("aws_lb_target_group")[0]?.values["deregistration_delay"] ?? 300;
  const minutes = Math.ceil((Math.ceil(size / batch) * (warmUp + Number(drain))) / 60);
  return `${version}: rolling replacement of up to ${String(size)} instances, ${String(batch)} at a time, about ${String(minutes)} minutes`;
}
