import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import type { Construct } from "constructs";
import { scheduledActionName } from "../../aws/scheduled-action";
import type { Settings } from "../../config/schema";

/** The provider's value for "unchanged"; left out, the size would be set to 0. */
const UNCHANGED = -1;

/**
 * Sizes that the group takes on at certain times.
 *
 * They are created one after the other: AWS answers concurrent changes of one group with `ResourceContention`.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html
 */
export function addSchedules(scope: Construct, groupName: string, schedules: Settings["scaling"]["schedules"]): void {
  let previous: AutoscalingSchedule | undefined;
  for (const [name, schedule] of Object.entries(schedules ?? {})) {
    previous = new AutoscalingSchedule(scope, `schedule-${name}`, {
      scheduledActionName: scheduledActionName(name, schedule),
      autoscalingGroupName: groupName,
      recurrence: schedule.recurrence,
      timeZone: schedule.timeZone,
      minSize: schedule.minSize ?? UNCHANGED,
      maxSize: schedule.maxSize ?? UNCHANGED,
      desiredCapacity: schedule.desiredCapacity ?? UNCHANGED,
      ...(previous && { dependsOn: [previous] }),
    });
  }
}
