/** Scaling policies and scheduled actions, as the rules in `src/aws/auto-scaling` take them. */
import type { ScalingPolicy as AwsPolicy, ScheduledUpdateGroupAction } from "@aws-sdk/client-auto-scaling";
import type { AdjustmentType } from "../../aws/capacity";
import type { Schedule } from "../../aws/auto-scaling/policies";
import type { Note } from "../cloud";
import type { PolicyState } from "../group-state";

interface GroupDefaults {
  readonly warmUpSeconds: number | undefined;
  readonly cooldownSeconds: number;
}

/** @returns undefined, with a note, for one that is not played */
export function policyOf(policy: AwsPolicy, group: GroupDefaults, note: Note): PolicyState | undefined {
  const read = policy.Enabled === false ? "it is disabled" : understood(policy, group);
  if (typeof read !== "string") return read;
  note(`the policy ${String(policy.PolicyName)} of ${String(policy.AutoScalingGroupName)} is not played: ${read}`);
  return undefined;
}

/** @returns why it is not understood */
function understood(policy: AwsPolicy, group: GroupDefaults): PolicyState | string {
  const { PolicyName: name = "", PolicyARN: arn = "", PolicyType } = policy;
  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
  const warmUpSeconds = policy.EstimatedInstanceWarmup ?? group.warmUpSeconds ?? group.cooldownSeconds;
  const adjusting = {
    name,
    arn,
    adjustmentType: (policy.AdjustmentType ?? "ChangeInCapacity") as AdjustmentType,
    minimumMagnitude: policy.MinAdjustmentMagnitude ?? 1,
  };
  switch (PolicyType ?? "SimpleScaling") {
    case "SimpleScaling":
      return {
        ...adjusting,
        kind: "simple",
        adjustment: policy.ScalingAdjustment ?? 0,
        cooldownSeconds: policy.Cooldown ?? group.cooldownSeconds,
      };
    case "StepScaling": {
      const aggregation = policy.MetricAggregationType ?? "Average";
      if (aggregation !== "Average") return `its steps are on the ${aggregation} of the metric`;
      const steps = (policy.StepAdjustments ?? []).map((step) => ({
        ...(step.MetricIntervalLowerBound !== undefined && { lower: step.MetricIntervalLowerBound }),
        ...(step.MetricIntervalUpperBound !== undefined && { upper: step.MetricIntervalUpperBound }),
        adjustment: step.ScalingAdjustment ?? 0,
      }));
      steps.sort((one, other) => (one.lower ?? -Infinity) - (other.lower ?? -Infinity));
      return { ...adjusting, kind: "step", steps, warmUpSeconds };
    }
    case "TargetTrackingScaling": {
      const target = policy.TargetTrackingConfiguration;
      const metric = target?.PredefinedMetricSpecification?.PredefinedMetricType ?? "a metric of its own";
      if (metric !== "ASGAverageCPUUtilization" || target?.TargetValue === undefined)
        return `it tracks ${metric}, not ASGAverageCPUUtilization`;
      const disableScaleIn = target.DisableScaleIn ?? false;
      return { kind: "targetTracking", name, arn, targetPercent: target.TargetValue, disableScaleIn, warmUpSeconds };
    }
    default:
      return `its type is ${String(PolicyType)}`;
  }
}

/** @returns undefined, with a note, for one that does not recur */
export function scheduleOf(action: ScheduledUpdateGroupAction, note: Note): Schedule | undefined {
  const { ScheduledActionName: name = "", Recurrence, TimeZone, MinSize, MaxSize, DesiredCapacity } = action;
  if (!Recurrence) {
    note(`the scheduled action ${name} of ${String(action.AutoScalingGroupName)} is not played: it happens once`);
    return undefined;
  }
  return {
    name,
    recurrence: Recurrence,
    timeZone: TimeZone ?? "Etc/UTC",
    ...(MinSize !== undefined && { minSize: MinSize }),
    ...(MaxSize !== undefined && { maxSize: MaxSize }),
    ...(DesiredCapacity !== undefined && { desired: DesiredCapacity }),
  };
}
