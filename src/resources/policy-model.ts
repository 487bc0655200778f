/** The simulation's model of the scaling policies, and which alarms call them. */
import type { Alarm } from "../aws/alarm";
import type { AdjustmentType } from "../aws/capacity";
import type { ScalingPolicy } from "../aws/auto-scaling/policies";
import type { Resource, Stack } from "../terraform/stack";
import { blocks, isTrue, numberIn, section, type Values } from "../terraform/values";
import { alarmOf, called } from "./alarm-model";
import { needed, orElse, positiveOr, textOr } from "./model-values";
import { trackingAlarms } from "./tracking-model";

/** What the group's settings add to its policies. */
interface GroupScaling {
  readonly suspended: ReadonlySet<string>;
  /** The group's default warm-up; undefined where it has none. */
  readonly warmUpSeconds: number | undefined;
  /** The group's default cooldown. */
  readonly cooldownSeconds: number;
}

interface Scaling {
  readonly alarms: readonly Alarm[];
  readonly policies: readonly ScalingPolicy[];
  /** What cannot be simulated, a line each. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** A policy that is disabled, and an alarm whose actions are, scale nothing, and are noted. */
export function scalingOf(stack: Stack, group: Resource, settings: GroupScaling): Scaling {
  const all = stack.of("aws_autoscaling_policy");
  const enabled = settings.suspended.has("AlarmNotification") ? [] : all.filter((policy) => !isOff(policy, "enabled"));
  const read = enabled.map((policy) => policyOf(policy.values, settings));
  const policies = read.flatMap((policy) => (typeof policy === "string" ? [] : [policy]));
  const calling = stack
    .of("aws_cloudwatch_metric_alarm")
    .map((alarm) => ({ alarm, calls: called(alarm.values, enabled) }))
    .filter(({ calls }) => calls.length > 0);
  const active = calling.filter(({ alarm }) => !isOff(alarm, "actions_enabled"));
  const alarms = active.map(({ alarm, calls }) => alarmOf(alarm.values, group, calls));
  const usable = alarms.flatMap((alarm) => (Array.isArray(alarm) ? [] : [alarm]));
  const tracking = policies.flatMap((policy) => (policy.kind === "targetTracking" ? trackingAlarms(policy) : []));
  const idle = policies.filter(({ name }) => ![...usable, ...tracking].some((alarm) => alarm.policies.includes(name)));
  // The provider writes 0 for none.
  const doubtful = enabled.filter(({ values }) => values["arn"] !== undefined && values["cooldown"] === 0);
  const notes = [
    ...all
      .filter((policy) => isOff(policy, "enabled"))
      .map(({ values }) => `the policy ${String(values["name"])} is disabled`),
    ...calling
      .filter(({ alarm }) => isOff(alarm, "actions_enabled"))
      .map(({ alarm: { values } }) => `the actions of the alarm ${String(values["alarm_name"])} are disabled`),
    ...idle.map(({ name }) => `no alarm that is simulated calls the policy ${name}`),
    ...doubtful
      .filter(({ values }) => values["policy_type"] === "SimpleScaling")
      .map(
        ({ values }) =>
          `the policy ${String(values["name"])} has a cooldown of 0 s, as a plan also writes where none is set`,
      ),
  ];
  // Those that add come first; beyond that by name: a plan lists them in another order than the stack.
  const sorted = [...usable, ...tracking].sort(
    (one, other) => other.comparison.charCodeAt(0) - one.comparison.charCodeAt(0) || one.name.localeCompare(other.name),
  );
  const place = ({ name }: ScalingPolicy) => sorted.findIndex((alarm) => alarm.policies.includes(name));
  return {
    policies: policies.sort((one, other) => place(one) - place(other) || one.name.localeCompare(other.name)),
    alarms: sorted,
    problems: [
      ...read.filter((one) => typeof one === "string"),
      ...alarms.flatMap((one) => (Array.isArray(one) ? one : [])),
    ],
    notes,
  };
}

const isOff = ({ values }: Resource, key: string) => values[key] === false;

/** @returns a sentence if it cannot be simulated */
function policyOf(
  policy: Values,
  { warmUpSeconds: groupWarmUp, cooldownSeconds }: GroupScaling,
): ScalingPolicy | string {
  const name = String(policy["name"]);
  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
  const warmUpSeconds = positiveOr(policy, "estimated_instance_warmup", groupWarmUp ?? cooldownSeconds);
  const adjusting = {
    name,
    adjustmentType: textOr(policy, "adjustment_type", "ChangeInCapacity") as AdjustmentType,
    minimumMagnitude: positiveOr(policy, "min_adjustment_magnitude", 1),
  };
  switch (textOr(policy, "policy_type", "SimpleScaling")) {
    case "SimpleScaling":
      return {
        ...adjusting,
        kind: "simple",
        adjustment: needed(policy, "scaling_adjustment"),
        cooldownSeconds: orElse(policy, "cooldown", cooldownSeconds),
      };
    case "StepScaling": {
      const aggregation = textOr(policy, "metric_aggregation_type", "Average");
      if (aggregation !== "Average") return `${name}: steps on the ${aggregation} of the metric cannot be simulated`;
      const steps = blocks(policy, "step_adjustment").map((step) => {
        // An empty text is what the provider writes for no bound.
        const [lower, upper] = ["lower", "upper"].map((end) => numberIn(step, `metric_interval_${end}_bound`));
        return {
          ...(lower !== undefined && { lower }),
          ...(upper !== undefined && { upper }),
          adjustment: needed(step, "scaling_adjustment"),
        };
      });
      // A set in Terraform, which has no order.
      steps.sort((one, other) => (one.lower ?? -Infinity) - (other.lower ?? -Infinity));
      return { ...adjusting, kind: "step", warmUpSeconds, steps };
    }
    case "TargetTrackingScaling": {
      const target = section(policy, "target_tracking_configuration");
      const specified = section(target, "predefined_metric_specification");
      const metric = textOr(specified, "predefined_metric_type", "a metric of its own");
      if (metric !== "ASGAverageCPUUtilization")
        return `${name}: target tracking of ${metric} cannot be simulated, only of ASGAverageCPUUtilization`;
      const disableScaleIn = isTrue(target["disable_scale_in"]);
      return {
        kind: "targetTracking",
        name,
        targetPercent: needed(target, "target_value"),
        disableScaleIn,
        warmUpSeconds,
      };
    }
    default:
      return `${name}: policies of type ${String(policy["policy_type"])} cannot be simulated`;
  }
}
