/** The alarms that the playground evaluates, where their metrics come from, and what CloudWatch is told of their states. */
import { SetAlarmStateCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { Alarm, AlarmState } from "../aws/alarm";
import { trackingAlarms } from "../aws/auto-scaling/tracking-alarms";
import type { AlarmOfMetric, GroupState } from "./group-state";
import type { Fleet } from "./fleet";
import type { Metrics } from "./metrics";

/** Periods that end now, the newest first. */
type Window = (periods: number) => readonly (number | undefined)[];

export interface Watched {
  readonly alarm: Alarm;
  readonly window: Window;
  /** For people: "CPUUtilization of web-app_asg". */
  readonly metric: string;
  readonly unit: string;
  /** Undefined of those that target tracking keeps for itself. */
  readonly deployed: AlarmOfMetric | undefined;
}

/** @param fleetOf a group by its name */
export function watchedAlarms(
  alarms: readonly AlarmOfMetric[],
  groups: readonly GroupState[],
  fleetOf: (group: string) => Fleet | undefined,
  metrics: Metrics,
  now: () => number,
): Watched[] {
  const cpuOf = (group: string, { periodSeconds }: Alarm): Window => {
    return (periods) => fleetOf(group)?.cpu.metric.window(now(), periodSeconds, periods) ?? [];
  };
  const deployed = alarms.map((alarm): Watched => {
    const { namespace, metric: name, dimensions, statistic, periodSeconds } = alarm;
    const group = groupOf(alarm);
    const measured: Window = (periods) =>
      metrics.window({ namespace, name, dimensions }, statistic, now(), periodSeconds, periods);
    return {
      alarm: alarm.actionsEnabled ? alarm : { ...alarm, policies: [] },
      window: group === undefined ? measured : cpuOf(group, alarm),
      metric: `${name} of ${Object.values(dimensions).join(", ")}`,
      unit: name.endsWith("Utilization") ? "%" : "",
      deployed: alarm,
    };
  });
  const tracking = groups.flatMap(({ name, policies }) =>
    policies.flatMap((policy) =>
      policy.kind === "targetTracking"
        ? trackingAlarms(policy).map((alarm): Watched => ({
            alarm: { ...alarm, name: `TargetTracking-${name}-${alarm.name}` },
            window: cpuOf(name, alarm),
            metric: `CPUUtilization of ${name}`,
            unit: "%",
            deployed: undefined,
          }))
        : [],
    ),
  );
  return [...deployed, ...tracking];
}

/** The group whose average CPU an alarm is on. */
function groupOf({ namespace, metric, dimensions, statistic }: AlarmOfMetric): string | undefined {
  const { AutoScalingGroupName: group, ...others } = dimensions;
  const isCpu = namespace === "AWS/EC2" && metric === "CPUUtilization" && statistic === "Average";
  return isCpu && Object.keys(others).length === 0 ? group : undefined;
}

const COMPARED: Readonly<Record<Alarm["comparison"], string>> = {
  ">": "greater than",
  ">=": "greater than or equal to",
  "<": "less than",
  "<=": "less than or equal to",
};

/** In CloudWatch's own words. */
export async function reportState(
  client: CloudWatchClient,
  alarm: Alarm,
  state: AlarmState,
  window: readonly (number | undefined)[],
  date: Date,
): Promise<void> {
  const points = window.slice(0, alarm.evaluationPeriods).filter((value) => value !== undefined);
  const [were, not] = points.length === 1 ? ["datapoint", "was"] : ["datapoints", "were"];
  const reason =
    state === "INSUFFICIENT_DATA"
      ? `Insufficient Data: ${String(points.length)} ${were} ${not} unknown.`
      : `Threshold Crossed: ${String(points.length)} ${were} [${points.map((value) => value.toFixed(1)).join(", ")}] ${not} ${
          state === "OK" ? "not " : ""
        }${COMPARED[alarm.comparison]} the threshold (${alarm.threshold.toFixed(1)}).`;
  const data = {
    version: "1.0",
    queryDate: date.toISOString(),
    period: alarm.periodSeconds,
    recentDatapoints: points,
    threshold: alarm.threshold,
  };
  await client.send(
    new SetAlarmStateCommand({
      AlarmName: alarm.name,
      StateValue: state,
      StateReason: reason,
      StateReasonData: JSON.stringify(data),
    }),
  );
}
