/** The account's alarms on a metric. */
import { paginateDescribeAlarms, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Clients } from "../../account/clients";
import type { TreatMissingData } from "../../aws/alarm";
import type { Note } from "../cloud";
import type { AlarmOfMetric, AlarmStatistic } from "../group-state";

/** Anomaly bands have comparisons of their own, which are not played. */
const COMPARISONS: Readonly<Record<string, AlarmOfMetric["comparison"]>> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: ">=",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "<=",
};

export async function readAlarms({ alarms: client }: Clients, note: Note): Promise<AlarmOfMetric[]> {
  const found: MetricAlarm[] = [];
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, {})) {
    found.push(...MetricAlarms);
    for (const { AlarmName = "" } of CompositeAlarms) note(`the composite alarm ${AlarmName} is not evaluated`);
  }
  return found.flatMap((alarm) => alarmOf(alarm, note) ?? []);
}

export function alarmOf(alarm: MetricAlarm, note: Note): AlarmOfMetric | undefined {
  const { AlarmName: name = "", Namespace, MetricName, Threshold, Period, EvaluationPeriods } = alarm;
  const comparison = COMPARISONS[alarm.ComparisonOperator ?? ""];
  const statistic = statisticOf(alarm);
  if (comparison === undefined || Threshold === undefined) {
    note(`the alarm ${name} is not evaluated: it compares by ${String(alarm.ComparisonOperator)}`);
    return undefined;
  }
  if (!Namespace || !MetricName || !Period || !EvaluationPeriods) {
    note(`the alarm ${name} is not evaluated: it is on an expression`);
    return undefined;
  }
  if (statistic === undefined) {
    note(`the alarm ${name} is not evaluated: it is on the statistic ${String(alarm.ExtendedStatistic)}`);
    return undefined;
  }
  const alarmActions = alarm.AlarmActions ?? [];
  return {
    name,
    arn: alarm.AlarmArn ?? "",
    namespace: Namespace,
    metric: MetricName,
    dimensions: Object.fromEntries((alarm.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value])),
    statistic,
    unit: alarm.Unit,
    comparison,
    threshold: Threshold,
    periodSeconds: Period,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? EvaluationPeriods,
    treatMissingData: (alarm.TreatMissingData ?? "missing") as TreatMissingData,
    policies: alarmActions.flatMap((arn) => /:policyName\/(.+)$/.exec(arn)?.[1] ?? []),
    actionsEnabled: alarm.ActionsEnabled ?? true,
    actions: {
      ALARM: alarmActions,
      OK: alarm.OKActions ?? [],
      INSUFFICIENT_DATA: alarm.InsufficientDataActions ?? [],
    },
    state: alarm.StateValue ?? "INSUFFICIENT_DATA",
  };
}

function statisticOf({ Statistic, ExtendedStatistic }: MetricAlarm): AlarmStatistic | undefined {
  if (ExtendedStatistic === undefined) return Statistic;
  return /^p\d+(\.\d+)?$/.test(ExtendedStatistic) ? (ExtendedStatistic as `p${number}`) : undefined;
}
