import { AutoscalingPolicy, type AutoscalingPolicyConfig } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { ScalingOfKind } from "../../config/sections/scaling";

type Scaling = ScalingOfKind<"simple" | "step">;
type Direction = "out" | "in";

/** A policy of either kind in one direction: its name, its attributes, and its effect in the alarm's description. */
interface ScalingPolicy {
  readonly name: string;
  readonly attributes: Partial<AutoscalingPolicyConfig>;
  readonly does: string;
}

/** An alarm and a policy for each direction. */
export function scaleByAlarms(
  scope: Construct,
  groupName: string,
  { highAlarmName, lowAlarmName }: { readonly highAlarmName: string; readonly lowAlarmName: string },
  scaling: Scaling,
): void {
  const directions = [
    {
      direction: "out",
      side: "above",
      alarmName: highAlarmName,
      comparison: "GreaterThanThreshold",
      treatMissingData: "missing",
    },
    {
      direction: "in",
      side: "below",
      alarmName: lowAlarmName,
      comparison: "LessThanThreshold",
      // Missing data must not terminate servers.
      treatMissingData: "notBreaching",
    },
  ] as const;
  for (const { direction, side, alarmName, comparison, treatMissingData } of directions) {
    const { name, attributes, does } = policyOf(scaling, direction);
    const policy = new AutoscalingPolicy(scope, name, {
      name,
      autoscalingGroupName: groupName,
      adjustmentType: "ChangeInCapacity",
      ...attributes,
    });
    const { thresholdPercent } = scaling[direction];
    new CloudwatchMetricAlarm(scope, `cpu-${direction}`, {
      alarmName,
      alarmDescription:
        `CPU of ${groupName} ${side} ${String(thresholdPercent)} % for ` +
        `${String(scaling.evaluationPeriods)} x ${String(scaling.periodSeconds)} s: ${does}`,
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      dimensions: { AutoScalingGroupName: groupName },
      statistic: "Average",
      period: scaling.periodSeconds,
      evaluationPeriods: scaling.evaluationPeriods,
      comparisonOperator: comparison,
      threshold: thresholdPercent,
      treatMissingData,
      alarmActions: [policy.arn],
    });
  }
}

function policyOf(scaling: Scaling, direction: Direction): ScalingPolicy {
  const [verb, sign] = direction === "out" ? (["add", 1] as const) : (["remove", -1] as const);
  return scaling.kind === "simple"
    ? simplePolicy(scaling, direction, verb, sign)
    : stepPolicy(scaling, direction, verb, sign);
}

/** Scales once, then ignores the alarm until the instance is in service and the cooldown is over. */
function simplePolicy(
  scaling: ScalingOfKind<"simple">,
  direction: Direction,
  verb: string,
  sign: 1 | -1,
): ScalingPolicy {
  const { instances, cooldownSeconds } = scaling[direction];
  return {
    name: `scale-${direction}`,
    attributes: { policyType: "SimpleScaling", scalingAdjustment: sign * instances, cooldown: cooldownSeconds },
    does: `${verb} ${instances === 1 ? "1 instance" : `${String(instances)} instances`}`,
  };
}

/**
 * Reacts to the alarm all the time, and counts instances that are still warming up as added. Bounds are distances from the
 * threshold; the open end has none. The name differs from the simple policy's, so that a change of kind creates a new policy
 * instead of changing the type of one.
 */
function stepPolicy(scaling: ScalingOfKind<"step">, direction: Direction, verb: string, sign: 1 | -1): ScalingPolicy {
  const { steps, thresholdPercent } = scaling[direction];
  const bound = (beyond: number) => String(sign * beyond);
  return {
    name: `step-${direction}`,
    attributes: {
      policyType: "StepScaling",
      metricAggregationType: "Average",
      // Only growth warms up: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
      ...(direction === "out" && { estimatedInstanceWarmup: scaling.warmUpSeconds }),
      stepAdjustment: steps.map(({ beyondPercent, instances }, index) => {
        const end = steps[index + 1]?.beyondPercent;
        const near = bound(beyondPercent).replace("-0", "0");
        const far = end === undefined ? undefined : bound(end);
        const [lower, upper] = direction === "out" ? [near, far] : [far, near];
        return {
          scalingAdjustment: sign * instances,
          ...(lower !== undefined && { metricIntervalLowerBound: lower }),
          ...(upper !== undefined && { metricIntervalUpperBound: upper }),
        };
      }),
    },
    does: `${verb} ${steps
      .map(
        ({ beyondPercent, instances }) =>
          `${String(instances)} from ${String(thresholdPercent + sign * beyondPercent)} %`,
      )
      .join(", ")}`,
  };
}
