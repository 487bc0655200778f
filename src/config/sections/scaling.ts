/**
 * How the group scales with its load: simple policies, step policies or target tracking; and schedules.
 *
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scale-based-on-demand.html
 */
import { z } from "zod";
import type { Settings } from "../schema";
import type { Section } from "../section";
import { seconds } from "../values";
import { alarmRules } from "./alarm-rules";
import { distinctTimesRule, schedulesRule, schedulesSchema as schedules, schedulesWarning } from "./schedules";
import { hibernationRule, warmPoolRule, warmPoolWarning } from "./warm-pool";

const thresholdPercent = z
  .number()
  .min(0)
  .max(100)
  .describe("Average CPU of the group's servers past which the alarm is raised");
const instances = z.int().min(1).max(100).describe("Number of servers to add, or to remove");

const alarms = {
  // Shorter periods are for metrics of high resolution, and EC2's CPU is none: the alarm would have no data, and never be raised.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
  periodSeconds: seconds(60, 86400).describe(
    "Time over which an alarm averages, in whole minutes; under 300 only with detailed monitoring",
  ),
  evaluationPeriods: z.int().min(1).max(1440).describe("Periods in a row that must pass the threshold"),
};

const warmUpSeconds = seconds(1, 7200).describe(
  "Time from launch to full service: until then a server's CPU does not count in the average, and it counts as being added",
);

const simplePolicy = z.strictObject({
  thresholdPercent,
  instances,
  cooldownSeconds: seconds(0, 86400).describe("Time without further scaling after a server is launched or terminated"),
});

/** At most 20 steps: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
const stepPolicy = z.strictObject({
  thresholdPercent,
  steps: z
    .array(
      z.strictObject({
        beyondPercent: z
          .number()
          .min(0)
          .max(99)
          .describe("Percentage points past the threshold at which it begins; it ends where the next one begins"),
        instances,
      }),
    )
    .min(1)
    .max(20)
    .describe("Larger steps further past the threshold; the first begins at 0"),
});

const kinds =
  "`simple`: one change, then a cooldown; `step`: larger steps further past the threshold; `targetTracking`: AWS keeps the CPU at a target";

const schema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("simple").describe(kinds),
      ...alarms,
      out: simplePolicy.describe("Above the threshold: add"),
      in: simplePolicy.describe("Below the threshold: remove"),
      schedules,
    }),
    z.strictObject({
      kind: z.literal("step").describe(kinds),
      ...alarms,
      out: stepPolicy.describe("Above the threshold: add"),
      in: stepPolicy.describe("Below the threshold: remove"),
      warmUpSeconds,
      schedules,
    }),
    z.strictObject({
      kind: z.literal("targetTracking").describe(kinds),
      targetPercent: z.number().min(10).max(90).describe("Average CPU of the group's servers to keep to"),
      warmUpSeconds,
      disableScaleIn: z.boolean().optional().describe("`true` adds servers and never removes one"),
      schedules,
    }),
  ])
  .describe("How the number of servers follows the load");

/** The settings of one kind of policy. */
export type ScalingOfKind<Kind> = Extract<z.infer<typeof schema>, { readonly kind: Kind }>;

/** The CPU in percent above which the group grows, and the setting that defines it. */
export function growsAt(scaling: Settings["scaling"]): { readonly percent: number; readonly setting: string } {
  return scaling.kind === "targetTracking"
    ? { percent: scaling.targetPercent, setting: "scaling.targetPercent" }
    : { percent: scaling.out.thresholdPercent, setting: "scaling.out.thresholdPercent" };
}

export const scaling: Section<typeof schema> = {
  schema,
  rules: [
    ...alarmRules,
    {
      reads: ["scaling.kind", "scaling.warmUpSeconds", "fleet.startupSeconds"],
      blames: "scaling.warmUpSeconds",
      problem: ({ scaling, fleet }) =>
        scaling.kind === "simple" || scaling.warmUpSeconds >= fleet.startupSeconds
          ? undefined
          : `must be at least fleet.startupSeconds (${String(fleet.startupSeconds)}): an instance that is still starting takes no load yet`,
    },
    schedulesRule,
    distinctTimesRule,
    warmPoolRule,
    hibernationRule,
  ],
  warnings: [
    {
      urgency: "operation",
      text: ({ scaling }) =>
        scaling.kind === "simple" &&
        scaling.out.cooldownSeconds >= 300 &&
        `After each added instance the group waits ${String(scaling.out.cooldownSeconds)} seconds before it adds another, whatever the load. scaling.out.cooldownSeconds: 120 reacts sooner to a rising load.`,
    },
    {
      // https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html#as-target-tracking-considerations
      urgency: "operation",
      text: ({ fleet, scaling }) =>
        scaling.kind === "targetTracking" &&
        !fleet.detailedMonitoring &&
        "Target tracking evaluates every minute, and basic monitoring reports the CPU every five, so the group reacts late. fleet.detailedMonitoring: true reports it every minute.",
    },
    warmPoolWarning,
    schedulesWarning,
    {
      urgency: "limit",
      text: ({ fleet }) =>
        fleet.minSize === 0 &&
        "Scaling may terminate the last server, and without servers there is no CPU metric that would add one again. fleet.minSize: 1 keeps one.",
    },
  ],
};
