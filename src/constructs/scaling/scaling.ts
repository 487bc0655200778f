import { Construct } from "constructs";
import type { Settings } from "../../config/schema";
import { calls, type Actions } from "../actions";
import { scaleByAlarms } from "./alarm-scaling";
import type { Fleet } from "../fleet";
import { addSchedules } from "./schedules";
import { trackTarget } from "./target-tracking";

export const scalingActions: Actions = {
  look: ["autoscaling:Describe*", ...calls("cloudwatch", "DescribeAlarms ListTagsForResource")],
  build: [
    ...calls(
      "autoscaling",
      `PutScalingPolicy DeletePolicy PutScheduledUpdateGroupAction BatchPutScheduledUpdateGroupAction
       DeleteScheduledAction`,
    ),
    ...calls("cloudwatch", "PutMetricAlarm DeleteAlarms TagResource UntagResource"),
  ],
};

export interface ScalingProps {
  readonly fleet: Pick<Fleet, "groupName">;
  readonly highAlarmName: string;
  readonly lowAlarmName: string;
  readonly scaling: Settings["scaling"];
}

/** Adds instances while the group's CPU is high and removes them while it is low, and at the times that are set. */
export class Scaling extends Construct {
  constructor(scope: Construct, id: string, props: ScalingProps) {
    super(scope, id);
    const { fleet, scaling } = props;
    if (scaling.kind === "targetTracking") trackTarget(this, fleet.groupName, scaling);
    else scaleByAlarms(this, fleet.groupName, props, scaling);
    addSchedules(this, fleet.groupName, scaling.schedules);
  }
}
