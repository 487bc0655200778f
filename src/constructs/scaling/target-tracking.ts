import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import type { Construct } from "constructs";
import type { ScalingOfKind } from "../../config/sections/scaling";

/**
 * AWS keeps the CPU at a target, with alarms that it creates and deletes itself (`TargetTracking-…`).
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
export function trackTarget(scope: Construct, groupName: string, scaling: ScalingOfKind<"targetTracking">): void {
  new AutoscalingPolicy(scope, "track-cpu", {
    name: "track-cpu",
    autoscalingGroupName: groupName,
    policyType: "TargetTrackingScaling",
    estimatedInstanceWarmup: scaling.warmUpSeconds,
    targetTrackingConfiguration: {
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      targetValue: scaling.targetPercent,
      disableScaleIn: scaling.disableScaleIn ?? false,
    },
  });
}
