/** What is put into the emulated CloudWatch besides the metrics of groups and requests, and how. */
import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Balancers } from "./balancer/balancer";
import type { CloudState } from "./cloud";
import type { Datapoint } from "./metrics";
import { dimensionOf } from "./requests";

/** Of each target group of each load balancer, how many targets are healthy and how many are not. */
export function hostCounts({ balancers }: CloudState, played: Balancers, stamp: number): Datapoint[] {
  return balancers.flatMap(({ arn, listeners }) => {
    const groups = listeners.flatMap(({ rules }) =>
      rules.flatMap(({ action }) => (action.type === "forward" ? action.targetGroups : [])),
    );
    return [...new Set(groups.map((group) => group.arn))].flatMap((group) => {
      const { healthy = 0, unhealthy = 0 } = played.targets(group)?.counts() ?? {};
      const dimensions = { TargetGroup: dimensionOf(group), LoadBalancer: dimensionOf(arn) };
      return Object.entries({ HealthyHostCount: healthy, UnHealthyHostCount: unhealthy }).map(([name, value]) => ({
        namespace: "AWS/ApplicationELB",
        name,
        dimensions,
        unit: "Count" as const,
        stamp,
        values: [value],
      }));
    });
  });
}

/** One for each namespace. @param dateOf the date of a time of the clock */
export function putCommands(data: readonly Datapoint[], dateOf: (seconds: number) => Date): PutMetricDataCommand[] {
  return [...new Set(data.map(({ namespace }) => namespace))].map(
    (namespace) =>
      new PutMetricDataCommand({
        Namespace: namespace,
        MetricData: data
          .filter((each) => each.namespace === namespace)
          .map(({ name, dimensions, unit, values, stamp }) => ({
            MetricName: name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            Timestamp: dateOf(stamp),
            Unit: unit,
            Values: [...values],
          })),
      }),
  );
}
