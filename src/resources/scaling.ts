/** Scaling of the group: policies, alarms and schedules. */
import { blocks, isReference, numberIn } from "../terraform/values";
import { fixed } from "./charges";
import type { ResourceTypes } from "./resource-type";

/** Target tracking has an alarm to add and one to remove: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html */
const TRACKING_ALARMS = 2;

export const scaling: ResourceTypes = {
  aws_autoscaling_policy: {
    cost: ({ policy_type }) =>
      isReference(policy_type)
        ? [{ unpriced: "its type is not known" }]
        : policy_type === "TargetTrackingScaling"
          ? [fixed("alarms", "alarm", TRACKING_ALARMS)]
          : [],
  },

  aws_autoscaling_schedule: { cost: "free" },

  aws_cloudwatch_metric_alarm: {
    harmless: ["alarm_description"],
    cost(values) {
      // Each metric of an expression is billed as an alarm of its own, and an anomaly band as two more.
      if (blocks(values, "metric_query").length > 0)
        return [{ unpriced: "alarms on expressions of metrics are not in the price book" }];
      if (isReference(values["period"])) return [{ unpriced: "its period is not known" }];
      return (numberIn(values, "period") ?? 60) < 60
        ? [{ unpriced: "alarms on periods under a minute are not in the price book" }]
        : [fixed("alarms", "alarm", 1)];
    },
  },
};
