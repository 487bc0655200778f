/** The simulation's model of the Auto Scaling group. */
import type { Alarm, TreatMissingData } from "../aws/alarm";
import type { AdjustmentType } from "../aws/capacity";
import { processorOf } from "../aws/instance-types";
import type { PriceBooks } from "../cost/bill";
import { Problem } from "../machine/problem";
import type { InstanceType, Model, ScalingPolicy, Schedule } from "../simulation/model";
import type { Stack } from "../terraform/stack";
import { blocks, count, numberIn, section, type Values } from "../terraform/values";
import { preparedOf } from "./group";

/** The alarms that target tracking creates, as users observe them; AWS does not document them. */
const TRACKING = { high: 3, low: 15, lowShare: 0.9, periodSeconds: 60 };
const DEFAULT_COOLDOWN_SECONDS = 300;

/**
 * Reads the group from the JSON that is deployed, or from a plan.
 *
 * @param books with the prices of its instances
 * @throws Problem if the stack has not exactly one Auto Scaling group with its launch template and target group
 */
export function readModel(stack: Stack, books: PriceBooks): Model {
  const all = (type: string) => stack.of(type).map(({ values }) => values);
  const only = (type: string) => {
    const [found, ...more] = stack.of(type);
    if (found === undefined || more.length > 0)
      throw new Problem(`The simulation needs exactly one ${type}, and the stack has ${String(stack.of(type).length)}`);
    return found;
  };
  const { values: group, region } = only("aws_autoscaling_group");
  const { values: template } = only("aws_launch_template");
  const { values: targets } = only("aws_lb_target_group");
  const check = section(targets, "health_check");
  const warmUpSeconds = number(group, "default_instance_warmup", 0);
  const policies = all("aws_autoscaling_policy").map((policy) => policyOf(policy, warmUpSeconds));
  const tracking = policies.flatMap((policy) => (policy.kind === "targetTracking" ? trackingAlarms(policy) : []));
  return {
    name: String(group["name"]),
    minSize: number(group, "min_size"),
    maxSize: number(group, "max_size"),
    desired: number(group, "desired_capacity", number(group, "min_size")),
    zones: count(group, "vpc_zone_identifier") ?? 0,
    graceSeconds: number(group, "health_check_grace_period", 300),
    launchFirst: number(section(group, "instance_maintenance_policy"), "min_healthy_percentage", 0) >= 100,
    warmUpSeconds,
    warmPool: blocks(group, "warm_pool").length > 0 ? warmPoolSize(group) : 0,
    instance: {
      ...instanceOf(String(template["instance_type"]), books(region)?.prices),
      credits: section(template, "credit_specification")["cpu_credits"] === "standard" ? "standard" : "unlimited",
      detailed: section(template, "monitoring")["enabled"] === true,
    },
    healthCheck: {
      intervalSeconds: number(check, "interval", 30),
      unhealthyThreshold: number(check, "unhealthy_threshold", 2),
    },
    deregistrationSeconds: number(targets, "deregistration_delay", 300),
    // Policies that add come first: a plan lists them in another order than the stack.
    alarms: [...all("aws_cloudwatch_metric_alarm").flatMap((alarm) => alarmOf(alarm, stack)), ...tracking].sort(
      (one, other) => other.comparison.charCodeAt(0) - one.comparison.charCodeAt(0),
    ),
    policies,
    schedules: all("aws_autoscaling_schedule").map(scheduleOf),
  };
}

function policyOf(policy: Values, groupWarmUp: number): ScalingPolicy {
  const name = String(policy["name"]);
  const warmUpSeconds = set(policy, "estimated_instance_warmup", groupWarmUp || DEFAULT_COOLDOWN_SECONDS);
  const adjusting = {
    name,
    adjustmentType: (policy["adjustment_type"] ?? "ChangeInCapacity") as AdjustmentType,
    minimumMagnitude: set(policy, "min_adjustment_magnitude", 1),
  };
  switch (policy["policy_type"] ?? "SimpleScaling") {
    case "SimpleScaling":
      return {
        ...adjusting,
        kind: "simple",
        adjustment: number(policy, "scaling_adjustment"),
        cooldownSeconds: number(policy, "cooldown", DEFAULT_COOLDOWN_SECONDS),
      };
    case "StepScaling":
      return {
        ...adjusting,
        kind: "step",
        warmUpSeconds,
        steps: blocks(policy, "step_adjustment").map((step) => ({
          ...(step["metric_interval_lower_bound"] !== undefined && {
            lower: Number(step["metric_interval_lower_bound"]),
          }),
          ...(step["metric_interval_upper_bound"] !== undefined && {
            upper: Number(step["metric_interval_upper_bound"]),
          }),
          adjustment: number(step, "scaling_adjustment"),
        })),
      };
    case "TargetTrackingScaling": {
      const target = section(policy, "target_tracking_configuration");
      return {
        kind: "targetTracking",
        name,
        targetPercent: number(target, "target_value"),
        disableScaleIn: target["disable_scale_in"] === true,
        warmUpSeconds,
      };
    }
    default:
      throw new Problem(`${name}: policies of type ${String(policy["policy_type"])} cannot be simulated`);
  }
}

/** An alarm on the group's CPU that scales; the simulation ignores others. */
function alarmOf(alarm: Values, stack: Stack): Alarm[] {
  const named = new Map(stack.of("aws_autoscaling_policy").map(({ address, values }) => [address, values["name"]]));
  const policies = ((alarm["alarm_actions"] ?? []) as readonly string[]).flatMap((action) => {
    const reference = /aws_autoscaling_policy\.[\w-]+/.exec(action)?.[0] ?? "";
    // In a plan, a policy that exists already has its ARN.
    const existing = /:policyName\/(.+)$/.exec(action)?.[1];
    return named.has(reference) ? [String(named.get(reference))] : (existing ?? []);
  });
  if (alarm["metric_name"] !== "CPUUtilization" || policies.length === 0) return [];
  const comparison = COMPARISONS[String(alarm["comparison_operator"])];
  if (comparison === undefined) return [];
  const evaluationPeriods = number(alarm, "evaluation_periods");
  return [
    {
      name: String(alarm["alarm_name"]),
      comparison,
      threshold: number(alarm, "threshold"),
      periodSeconds: number(alarm, "period"),
      evaluationPeriods,
      datapointsToAlarm: set(alarm, "datapoints_to_alarm", evaluationPeriods),
      treatMissingData: (alarm["treat_missing_data"] ?? "missing") as TreatMissingData,
      policies,
    },
  ];
}

const COMPARISONS: Readonly<Record<string, Alarm["comparison"]>> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: ">=",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "<=",
};

function trackingAlarms({ name, targetPercent, disableScaleIn }: ScalingPolicy & { kind: "targetTracking" }): Alarm[] {
  const common = { periodSeconds: TRACKING.periodSeconds, treatMissingData: "missing" as const, policies: [name] };
  const high = { evaluationPeriods: TRACKING.high, datapointsToAlarm: TRACKING.high };
  const low = { evaluationPeriods: TRACKING.low, datapointsToAlarm: TRACKING.low };
  return [
    { ...common, ...high, name: `${name} high`, comparison: ">", threshold: targetPercent },
    ...(disableScaleIn
      ? []
      : [
          {
            ...common,
            ...low,
            name: `${name} low`,
            comparison: "<" as const,
            threshold: TRACKING.lowShare * targetPercent,
          },
        ]),
  ];
}

function scheduleOf(schedule: Values): Schedule {
  // Terraform's -1 is "leave it".
  const size = (key: string) => (number(schedule, key, -1) < 0 ? undefined : number(schedule, key));
  const [minSize, maxSize, desired] = [size("min_size"), size("max_size"), size("desired_capacity")];
  return {
    name: String(schedule["scheduled_action_name"]),
    recurrence: String(schedule["recurrence"]),
    timeZone: typeof schedule["time_zone"] === "string" ? schedule["time_zone"] : "Etc/UTC",
    ...(minSize !== undefined && { minSize }),
    ...(maxSize !== undefined && { maxSize }),
    ...(desired !== undefined && { desired }),
  };
}

/** The pool holds as many instances as the group may still grow by, or up to its own maximum. */
function warmPoolSize(group: Values): number {
  const desired = number(group, "desired_capacity", number(group, "min_size"));
  return Math.max(number(section(group, "warm_pool"), "min_size", 0), preparedOf(group) - desired);
}

/**
 * @param prices of the region, by id; undefined where they are not known
 * @throws Problem if the number of vCPUs is not known
 */
export function instanceOf(type: string, prices?: Readonly<Record<string, { readonly usd: number }>>): InstanceType {
  const processor = processorOf(type);
  if (processor === undefined) throw new Problem(`The simulation does not know how many vCPUs a ${type} has`);
  const [price, surplus] = [prices?.[`ec2.${type}`], prices?.[`${type.split(".")[0] ?? ""}.surplus`]];
  return {
    type,
    ...processor,
    ...(price && { usdPerHour: price.usd }),
    ...(surplus && { usdPerSurplusHour: surplus.usd }),
  };
}

function number(values: Values, key: string, otherwise?: number): number {
  const value = numberIn(values, key) ?? (values[key] === undefined || values[key] === null ? otherwise : undefined);
  if (value === undefined)
    throw new Problem(`The simulation needs ${key} as a number, and it is ${JSON.stringify(values[key])}`);
  return value;
}

/** In a plan, 0 means that the attribute is not set. */
const set = (values: Values, key: string, otherwise: number) => number(values, key, otherwise) || otherwise;
