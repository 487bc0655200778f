/** The Auto Scaling group: how many servers there are, and of what kind. */
import { always, each, sum, type Amount } from "./model";
import { all, blocks, numberIn, type Context, type Resource, type Values } from "./resources";

/**
 * The least and the most that the group and its schedules allow. A schedule's sizes hold until another's replace them, so the
 * bounds are those of all of them. Nothing where they are not known.
 */
export function serversOf(group: Values, context: Context): Amount | undefined {
  const { servers } = context.usage;
  const schedules = all(context, "aws_autoscaling_schedule");
  const sizes = (key: string) =>
    [group, ...schedules.map(({ values }) => values)].flatMap((from) => {
      const size = numberIn(from, key);
      return size === undefined || size < 0 ? [] : [size]; // Terraform's -1: leave it
    });
  const [least, most] = [Math.min(...sizes("min_size")), Math.max(...sizes("max_size"))];
  if (!Number.isFinite(least) || !Number.isFinite(most)) return undefined;
  return { least, expected: Math.min(Math.max(servers, least), most), most };
}

/** Of all groups. */
export const serversIn = (context: Context) =>
  sum(all(context, "aws_autoscaling_group").map(({ values }) => serversOf(values, context) ?? always(0)));

/**
 * Those that wait, started once already.
 *
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html
 */
export function waitingOf(group: Values, servers: Amount): { readonly running: boolean; readonly number: Amount } {
  const [pool] = blocks(group, "warm_pool");
  if (pool === undefined) return { running: false, number: each(() => 0) };
  const prepared = numberIn(pool, "max_group_prepared_capacity") ?? -1;
  const most = prepared < 0 ? (numberIn(group, "max_size") ?? 0) : prepared;
  const least = numberIn(pool, "min_size") ?? 0;
  return { running: pool["pool_state"] === "Running", number: each((key) => Math.max(least, most - servers[key])) };
}

/** The template that the group launches from: the one it refers to, or the only one there is. */
export function templateOf(group: Values, templates: readonly Resource[]): Values | undefined {
  const [launch] = blocks(group, "launch_template");
  const names = Object.values(launch ?? {}).map(String);
  const found = templates.find(
    ({ address, values }) =>
      names.some((name) => name.includes(`${address}.`)) ||
      (typeof values["id"] === "string" && names.includes(values["id"])),
  );
  return (found ?? (templates.length === 1 ? templates[0] : undefined))?.values;
}
