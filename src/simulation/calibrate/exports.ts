/** Reads what the AWS CLI prints as JSON: metrics of CloudWatch, and the activities of an Auto Scaling group. */
import { z } from "zod";
import type { Launch, Metric, Point } from "./observed";

/** The CLI prints ISO 8601, or with `cli_timestamp_format = wire` what the service sends. */
const time = z
  .union([z.iso.datetime({ offset: true }), z.number().positive()])
  .transform((value) => (typeof value === "string" ? Date.parse(value) / 1000 : value));
const value = z.number().nonnegative();

/** By the label, which is the metric's name unless the query gives another; with the statistic that means something. */
const STATISTICS = {
  CPUUtilization: "Average",
  RequestCount: "Sum",
  RequestCountPerTarget: "Sum",
  GroupInServiceInstances: "Average",
} as const satisfies Readonly<Record<Metric, string>>;

const metric = z.enum(Object.keys(STATISTICS) as [Metric, ...Metric[]]);
const complete = z
  .undefined({ error: "the export is not complete: ask again without --no-paginate and --max-items" })
  .optional();

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const metricData = z
  .object({
    MetricDataResults: z.array(
      z
        .object({
          Label: metric,
          Timestamps: z.array(time),
          Values: z.array(value),
          StatusCode: z.literal("Complete").optional(),
        })
        .refine(({ Timestamps, Values }) => Timestamps.length === Values.length, "has not as many times as values"),
    ),
    NextToken: complete,
  })
  .transform(({ MetricDataResults }) => ({
    launches: [] as Launch[],
    metrics: MetricDataResults.map(({ Label, Timestamps, Values }): Measured => [
      Label,
      Values.map((one, index) => ({ at: Timestamps[index] ?? 0, value: one })),
    ]),
  }));

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
const metricStatistics = z
  .object({
    Label: metric,
    Datapoints: z.array(z.object({ Timestamp: time, Average: value.optional(), Sum: value.optional() })),
  })
  .transform(({ Label, Datapoints }, context) => {
    const statistic = STATISTICS[Label];
    const points = Datapoints.map((point, index): Point => {
      const of = point[statistic];
      if (of === undefined) {
        const message = `has no ${statistic}, the statistic of ${Label}: --statistics ${statistic}`;
        context.addIssue({ code: "custom", path: ["Datapoints", index], message });
      }
      return { at: point.Timestamp, value: of ?? 0 };
    });
    return { launches: [] as Launch[], metrics: [[Label, points] satisfies Measured] as Measured[] };
  });

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html */
const activities = z
  .object({
    Activities: z.array(
      z.object({ Description: z.string(), StartTime: time, EndTime: time.optional(), StatusCode: z.string() }),
    ),
    NextToken: complete,
  })
  .transform(({ Activities }) => ({
    metrics: [] as Measured[],
    launches: Activities.flatMap(({ Description, StatusCode, StartTime, EndTime }) =>
      EndTime !== undefined && StatusCode === "Successful" && Description.startsWith("Launching a new EC2 instance")
        ? [{ from: StartTime, inServiceAt: EndTime }]
        : [],
    ),
  }));

type Measured = readonly [Metric, readonly Point[]];

/** By the key that tells them apart. */
const KINDS = { MetricDataResults: metricData, Datapoints: metricStatistics, Activities: activities } as const;

export interface Exported {
  readonly metrics: readonly Measured[];
  readonly launches: readonly Launch[];
}

/** @returns what a document has in it, or a line for each part that is not understood */
export function exportIn(document: unknown): Exported | readonly string[] {
  const keys = typeof document === "object" && document !== null ? Object.keys(document) : [];
  const [, schema] = Object.entries(KINDS).find(([key]) => keys.includes(key)) ?? [];
  if (schema === undefined)
    return [`has none of ${Object.keys(KINDS).join(", ")}, which the AWS CLI prints of metrics and of activities`];
  const { success, data, error } = schema.safeParse(document);
  return success ? data : error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
}
