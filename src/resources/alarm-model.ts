/** The simulation's model of the alarms that call scaling policies. */
import type { Alarm, TreatMissingData } from "../aws/alarm";
import type { Resource } from "../terraform/stack";
import { blocks, type Values } from "../terraform/values";
import { needed, orElse, positiveOr, textOr } from "./model-values";

/** The names of the group's policies that an alarm calls. */
export function called(alarm: Values, policies: readonly Resource[]): string[] {
  return actionsOf(alarm, "alarm_actions").flatMap((action) =>
    policies.filter((policy) => isCalled(policy, action)).map(({ values }) => String(values["name"])),
  );
}

/** By a reference, or by its ARN where a plan knows it. */
const isCalled = ({ address, values }: Resource, action: string) =>
  action.includes(`${address}.`) || action.endsWith(`:policyName/${String(values["name"])}`);

const actionsOf = (alarm: Values, key: string) => (alarm[key] ?? []) as readonly string[];

/**
 * An alarm on the group's average CPU.
 *
 * @param policies that it calls
 * @returns sentences if it cannot be simulated
 */
export function alarmOf(alarm: Values, { address, values }: Resource, policies: readonly string[]): Alarm | string[] {
  const name = String(alarm["alarm_name"]);
  const comparison = COMPARISONS[String(alarm["comparison_operator"])];
  const group = String(values["name"]);
  const dimensions = (alarm["dimensions"] ?? {}) as Readonly<Record<string, unknown>>;
  const dimension = String(dimensions["AutoScalingGroupName"]);
  const metric = `${String(alarm["namespace"])} ${String(alarm["metric_name"])}`;
  const wrong: readonly (readonly [boolean, string])[] = [
    [blocks(alarm, "metric_query").length > 0, "on a calculation (metric_query)"],
    [metric !== "AWS/EC2 CPUUtilization", `on ${metric}`],
    [
      Object.keys(dimensions).join() !== "AutoScalingGroupName" ||
        !(dimension === group || dimension.includes(`${address}.`)),
      `on the dimensions ${JSON.stringify(dimensions)}`,
    ],
    [
      alarm["statistic"] !== "Average",
      `on the statistic ${textOr(alarm, "statistic", String(alarm["extended_statistic"]))}`,
    ],
    [comparison === undefined, `with the comparison ${String(alarm["comparison_operator"])}`],
    [orElse(alarm, "period", 0) < 60, `with a period of ${String(alarm["period"])} s`],
    [
      ["ok_actions", "insufficient_data_actions"].some((key) =>
        actionsOf(alarm, key).some((action) => /:policyName\/|aws_autoscaling_policy\./.test(action)),
      ),
      "which scales when it is not in ALARM",
    ],
  ];
  const sentences = wrong.flatMap(([applies, what]) =>
    applies ? [`${name}: an alarm ${what} cannot be simulated, only on the average CPU of ${group}`] : [],
  );
  if (sentences.length > 0 || comparison === undefined) return sentences;
  const evaluationPeriods = needed(alarm, "evaluation_periods");
  return {
    name,
    comparison,
    threshold: needed(alarm, "threshold"),
    periodSeconds: needed(alarm, "period"),
    evaluationPeriods,
    datapointsToAlarm: positiveOr(alarm, "datapoints_to_alarm", evaluationPeriods),
    treatMissingData: textOr(alarm, "treat_missing_data", "missing") as TreatMissingData,
    policies,
  };
}

const COMPARISONS: Readonly<Record<string, Alarm["comparison"]>> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: ">=",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "<=",
};
