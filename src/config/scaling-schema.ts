/**
 * How the group follows its load: the document's simple policies, steps, or a target that AWS itself keeps to; and schedules.
 *
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scale-based-on-demand.html
 */
import { z } from "zod";
import { isTimeZone, parseCron } from "../aws/cron";

const seconds = (min: number, max: number) => z.int().min(min).max(max);
const thresholdPercent = z
  .number()
  .min(0)
  .max(100)
  .describe("CPU of the group, averaged over its instances, that sets the alarm off when passed");
const instances = z.int().min(1).max(100).describe("Instances to add, or to remove");
const size = z.int().min(0).max(1000).optional();

const schedule = z
  .strictObject({
    recurrence: z
      .string()
      .refine(
        (expression) => parseCron(expression) !== undefined,
        'is not a cron expression of five fields (such as "30 8 * * MON-FRI")',
      )
      .describe("When: minute, hour, day of the month, month, day of the week"),
    timeZone: z
      .string()
      .refine(isTimeZone, "is not a time zone (such as Asia/Kolkata or UTC)")
      .describe("In which time zone, summer time included"),
    minSize: size.describe("Least number of servers from then on"),
    maxSize: size.describe("Greatest number of servers from then on"),
    desiredCapacity: size.describe("Number of servers at that moment"),
  })
  .refine(
    ({ minSize, maxSize, desiredCapacity }) => (minSize ?? maxSize ?? desiredCapacity) !== undefined,
    "must say at least one of minSize, maxSize and desiredCapacity",
  );

const schedules = z
  .record(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "is not a schedule's name (lower-case letters, digits and hyphens)"),
    schedule,
  )
  .optional()
  .describe("By name, sizes that the group takes on at certain times; leave out for none");

const alarms = {
  periodSeconds: seconds(10, 86400).describe(
    "Time over which an alarm averages; under 300 only with detailed monitoring",
  ),
  evaluationPeriods: z.int().min(1).max(1440).describe("Periods in a row that must pass the threshold"),
};

const warmUpSeconds = seconds(1, 7200).describe(
  "Launch to full service: until then an instance's CPU does not count, and it counts as on its way",
);

const simplePolicy = z.strictObject({
  thresholdPercent,
  instances,
  cooldownSeconds: seconds(0, 86400).describe("Rest after the last instance was launched or terminated"),
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
          .describe("How far beyond the threshold it begins; it ends where the next one begins"),
        instances,
      }),
    )
    .min(1)
    .max(20)
    .describe("The farther beyond the threshold, the more instances; the first begins at 0"),
});

const kinds = "`simple`: one change, then a rest; `step`: the more the farther; `targetTracking`: AWS's own alarms";

export const scalingSchema = z.discriminatedUnion("kind", [
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
    targetPercent: z.number().min(10).max(90).describe("CPU of the group, averaged over its instances, to keep to"),
    warmUpSeconds,
    disableScaleIn: z.boolean().optional().describe("`true` only ever adds instances"),
    schedules,
  }),
]);

/** The settings of one kind of policy. */
export type ScalingOfKind<Kind> = Extract<z.infer<typeof scalingSchema>, { readonly kind: Kind }>;
