/** Sizes that the group takes on at certain times: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html */
import { z } from "zod";
import { isCron, isTimeZone } from "../../aws/cron";
import { coincide } from "../../aws/cron-overlap";
import type { Settings } from "../schema";
import type { Rule, Warning } from "../section";
import { size } from "../values";

const schedule = z
  .strictObject({
    recurrence: z
      .string()
      .refine(isCron, 'is not a cron expression of five fields (such as "30 8 * * MON-FRI")')
      .describe("Cron expression: minute, hour, day of the month, month, day of the week"),
    timeZone: z
      .string()
      .refine(isTimeZone, "is not a time zone (such as Asia/Kolkata or UTC)")
      .describe("Time zone of the recurrence, daylight saving time included"),
    minSize: size.optional().describe("Least number of servers from then on"),
    maxSize: size.optional().describe("Greatest number of servers from then on"),
    desiredCapacity: size.optional().describe("Number of servers at that moment"),
  })
  .refine(
    ({ minSize, maxSize, desiredCapacity }) => (minSize ?? maxSize ?? desiredCapacity) !== undefined,
    "must have at least one of minSize, maxSize and desiredCapacity",
  );

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
const MAX_SCHEDULES = 125;

export const schedulesSchema = z
  .record(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "is not a schedule's name (lower-case letters, digits and hyphens)"),
    schedule,
  )
  .refine(
    (schedules) => Object.keys(schedules).length <= MAX_SCHEDULES,
    `are more than the ${String(MAX_SCHEDULES)} that a group may have`,
  )
  .optional()
  .describe("By name, sizes that the group takes on at certain times; leave out for none");

/**
 * AWS refuses an action whose next start time another action of the group has.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html#scheduled-scaling-considerations
 */
export const distinctTimesRule: Rule = {
  reads: ["scaling.kind", "scaling.schedules"],
  blames: "scaling.schedules",
  problem: ({ scaling }) => {
    const all = Object.entries(scaling.schedules ?? {});
    const pairs = all.flatMap(([name, each], index) =>
      all.slice(0, index).flatMap(([earlier, other]) => (coincide(each, other) ? `${earlier} and ${name}` : [])),
    );
    return pairs.length === 0
      ? undefined
      : `has actions that are due in the same minute, which AWS refuses (a minute later will do): ${pairs.join(", ")}`;
  },
};

export const schedulesRule: Rule = {
  reads: ["scaling.kind", "scaling.schedules", "fleet.minSize", "fleet.maxSize"],
  blames: "scaling.schedules",
  problem: ({ scaling, fleet }) => {
    for (const [name, each] of Object.entries(scaling.schedules ?? {})) {
      const { minSize: min = fleet.minSize, maxSize: max = fleet.maxSize, desiredCapacity = min } = each;
      if (min > max || desiredCapacity < min || desiredCapacity > max)
        return `would leave the group, with ${name}, at ${String(desiredCapacity)} servers of ${String(min)} to ${String(max)}`;
    }
    return undefined;
  },
};

export const schedulesWarning: Warning = {
  urgency: "operation",
  text: ({ scaling }) =>
    Object.values(scaling.schedules ?? {}).some(({ minSize, maxSize }) => (minSize ?? maxSize) !== undefined) &&
    "Schedules set the group's bounds, so a deploy does not change its present ones: a new fleet.minSize or fleet.maxSize must be in scaling.schedules, too, and applies when a schedule acts.",
};

/** The bounds that the group may have: those of its settings, and those that a schedule may have set since the last deploy. */
export function boundsOf({
  fleet,
  scaling,
}: Pick<Settings, "fleet" | "scaling">): Record<"minSizes" | "maxSizes", number[]> {
  const scheduled = Object.values(scaling.schedules ?? {});
  return {
    minSizes: [fleet.minSize, ...scheduled.flatMap(({ minSize }) => minSize ?? [])],
    maxSizes: [fleet.maxSize, ...scheduled.flatMap(({ maxSize }) => maxSize ?? [])],
  };
}
