import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Settings } from "../config/schema";
import type { Fleet } from "./fleet";

export interface ScalingProps {
  readonly fleet: Pick<Fleet, "groupName">;
  readonly highAlarmName: string;
  readonly lowAlarmName: string;
  readonly scaling: Settings["scaling"];
}

/**
 * Adds instances while the group's CPU is high and removes them while it is low: an alarm and a simple scaling policy each.
 *
 * A simple policy acts once, then waits until the instance is there and the cooldown is over before it listens again.
 */
export class Scaling extends Construct {
  constructor(scope: Construct, id: string, props: ScalingProps) {
    super(scope, id);
    const { fleet, highAlarmName, lowAlarmName, scaling } = props;
    const directions = [
      {
        ...scaling.out,
        id: "out",
        alarmName: highAlarmName,
        comparison: "GreaterThanThreshold",
        adjustment: scaling.out.instances,
        does: `add ${count(scaling.out.instances)}`,
        treatMissingData: "missing",
      },
      {
        ...scaling.in,
        id: "in",
        alarmName: lowAlarmName,
        comparison: "LessThanThreshold",
        adjustment: -scaling.in.instances,
        does: `remove ${count(scaling.in.instances)}`,
        // A metric that stops coming must not take servers away.
        treatMissingData: "notBreaching",
      },
    ];
    for (const direction of directions) {
      const policy = new AutoscalingPolicy(this, `scale-${direction.id}`, {
        name: `scale-${direction.id}`,
        autoscalingGroupName: fleet.groupName,
        policyType: "SimpleScaling",
        adjustmentType: "ChangeInCapacity",
        scalingAdjustment: direction.adjustment,
        cooldown: direction.cooldownSeconds,
      });
      const side = direction.id === "out" ? "above" : "below";
      new CloudwatchMetricAlarm(this, `cpu-${direction.id}`, {
        alarmName: direction.alarmName,
        alarmDescription:
          `CPU of ${fleet.groupName} ${side} ${String(direction.thresholdPercent)} % for ` +
          `${String(scaling.evaluationPeriods)} x ${String(scaling.periodSeconds)} s: ${direction.does}`,
        namespace: "AWS/EC2",
        metricName: "CPUUtilization",
        dimensions: { AutoScalingGroupName: fleet.groupName },
        statistic: "Average",
        period: scaling.periodSeconds,
        evaluationPeriods: scaling.evaluationPeriods,
        comparisonOperator: direction.comparison,
        threshold: direction.thresholdPercent,
        treatMissingData: direction.treatMissingData,
        alarmActions: [policy.arn],
      });
    }
  }
}

const count = (instances: number) => (instances === 1 ? "1 instance" : `${String(instances)} instances`);
