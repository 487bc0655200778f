/** Scaling: policies by their group and their direction, alarms by the policy that they call. */
import { DescribePoliciesCommand, DescribeScheduledActionsCommand } from "@aws-sdk/client-auto-scaling";
import { paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import type { Relations } from "../../takeover/relation";
import { blocks, type Values } from "../../terraform/values";
import { thing } from "./thing";

export const scaling: Relations = {
  async aws_autoscaling_policy({ scaling: client }, { needed, values }) {
    const AutoScalingGroupName = await needed("autoscaling_group_name");
    const direction = directionOf(values);
    const { ScalingPolicies = [] } = await client.send(new DescribePoliciesCommand({ AutoScalingGroupName }));
    return ScalingPolicies.filter(({ PolicyType, ScalingAdjustment, StepAdjustments = [] }) =>
      direction === 0
        ? PolicyType === values["policy_type"]
        : Math.sign(ScalingAdjustment ?? StepAdjustments[0]?.ScalingAdjustment ?? 0) === direction,
    ).flatMap(({ PolicyName = "" }) => thing(`${AutoScalingGroupName}/${PolicyName}`));
  },

  async aws_cloudwatch_metric_alarm({ scaling: client, alarms }, { needed }) {
    const [AutoScalingGroupName = "", name = ""] = (await needed("alarm_actions")).split("/");
    const asked = new DescribePoliciesCommand({ AutoScalingGroupName, PolicyNames: [name] });
    const arn = (await client.send(asked)).ScalingPolicies?.[0]?.PolicyARN ?? "none";
    const found = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: alarms }, {}))
      found.push(...MetricAlarms);
    return found
      .filter(({ AlarmActions }) => AlarmActions?.includes(arn))
      .flatMap(({ AlarmName }) => thing(AlarmName, undefined, AlarmName));
  },

  async aws_autoscaling_schedule({ scaling: client }, { needed, written }) {
    const AutoScalingGroupName = await needed("autoscaling_group_name");
    const asked = new DescribeScheduledActionsCommand({ AutoScalingGroupName });
    return ((await client.send(asked)).ScheduledUpdateGroupActions ?? [])
      .filter(
        ({ Recurrence, TimeZone = "UTC" }) => Recurrence === written("recurrence") && TimeZone === written("time_zone"),
      )
      .flatMap(({ ScheduledActionName = "" }) => thing(`${AutoScalingGroupName}/${ScheduledActionName}`));
  },
};

/** 1 for a policy that adds servers, -1 for one that removes them, 0 for one that keeps to a target. */
function directionOf(values: Values): number {
  const change = values["scaling_adjustment"] ?? blocks(values, "step_adjustment")[0]?.["scaling_adjustment"];
  return Math.sign(Number(change ?? 0));
}

/** A bucket's name is all that leads to it; a deploy writes over its parts. */
export const buckets: Relations = {
  async aws_s3_bucket({ s3 }, { needed }) {
    const name = await needed("bucket");
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({ Prefix: name }));
    return Buckets.filter(({ Name }) => Name === name).flatMap(({ Name }) => thing(Name));
  },
  aws_s3_bucket_lifecycle_configuration: "new",
  aws_s3_bucket_policy: "new",
  aws_s3_bucket_public_access_block: "new",
  aws_s3_bucket_server_side_encryption_configuration: "new",
};
