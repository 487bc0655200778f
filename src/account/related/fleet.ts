/** The servers: the group by its target group, the template by the group, the roles by what is launched with them. */
import { paginateDescribeAutoScalingGroups, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
} from "@aws-sdk/client-ec2";
import { GetInstanceProfileCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import type { Relations } from "../../takeover/relation";
import { thing } from "./thing";

const EXISTING = ["pending", "running", "stopping", "stopped"];
const lastOf = (arn: string | undefined) => arn?.split("/").at(-1);

export const fleet: Relations = {
  async aws_autoscaling_group({ scaling }, { needed }) {
    const targets = await needed("target_group_arns");
    const found = [];
    for await (const { AutoScalingGroups = [] } of paginateDescribeAutoScalingGroups({ client: scaling }, {}))
      found.push(...AutoScalingGroups);
    return found
      .filter(
        ({ TargetGroupARNs = [], TrafficSources = [] }) =>
          TargetGroupARNs.includes(targets) || TrafficSources.some(({ Identifier }) => Identifier === targets),
      )
      .flatMap(({ AutoScalingGroupName: name, Tags }) => thing(name, Tags, name));
  },

  async aws_launch_template({ scaling, ec2 }, { referring }) {
    const AutoScalingGroupNames = await Promise.all(referring("aws_autoscaling_group").map((group) => group.self()));
    // Without a name AWS lists all of them.
    if (AutoScalingGroupNames.length === 0) return [];
    const { AutoScalingGroups = [] } = await scaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames }),
    );
    const LaunchTemplateIds = AutoScalingGroups.flatMap(({ LaunchTemplate, MixedInstancesPolicy: mixed }) => {
      const { LaunchTemplateId: id } = LaunchTemplate ?? mixed?.LaunchTemplate?.LaunchTemplateSpecification ?? {};
      return id ?? [];
    });
    if (LaunchTemplateIds.length === 0) return [];
    const { LaunchTemplates = [] } = await ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds }));
    return LaunchTemplates.flatMap(({ LaunchTemplateId, Tags, LaunchTemplateName }) =>
      thing(LaunchTemplateId, Tags, LaunchTemplateName),
    );
  },

  /** In the bastion's security group, and no Auto Scaling group's. */
  async aws_instance({ ec2 }, { needed }) {
    const group = await needed("vpc_security_group_ids");
    const Filters = [
      { Name: "instance.group-id", Values: [group] },
      { Name: "instance-state-name", Values: EXISTING },
    ];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ Tags }) => !Tags?.some(({ Key }) => Key === "aws:autoscaling:groupName"))
      .flatMap(({ InstanceId, Tags }) => thing(InstanceId, Tags));
  },

  async aws_key_pair({ ec2 }, { needed }) {
    const Filters = [{ Name: "key-name", Values: [await needed("key_name")] }];
    const { KeyPairs = [] } = await ec2.send(new DescribeKeyPairsCommand({ Filters }));
    return KeyPairs.flatMap(({ KeyName, Tags }) => thing(KeyName, Tags));
  },

  async aws_iam_instance_profile({ ec2 }, { referring }) {
    const [template] = referring("aws_launch_template");
    if (template !== undefined) {
      const LaunchTemplateId = await template.self();
      const asked = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ["$Latest"] });
      const profile = (await ec2.send(asked)).LaunchTemplateVersions?.[0]?.LaunchTemplateData?.IamInstanceProfile;
      return thing(profile?.Name ?? lastOf(profile?.Arn));
    }
    const InstanceIds = await Promise.all(referring("aws_instance").map((instance) => instance.self()));
    if (InstanceIds.length === 0) return [];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    return thing(lastOf(Reservations[0]?.Instances?.[0]?.IamInstanceProfile?.Arn));
  },

  async aws_iam_role({ iam }, { referring }) {
    const [profile] = referring("aws_iam_instance_profile");
    if (profile === undefined) return [];
    const asked = new GetInstanceProfileCommand({ InstanceProfileName: await profile.self() });
    return ((await iam.send(asked)).InstanceProfile?.Roles ?? []).flatMap(({ RoleName, Tags }) =>
      thing(RoleName, Tags),
    );
  },

  async aws_iam_role_policy_attachment({ iam }, { needed }) {
    const [RoleName, arn] = [await needed("role"), await needed("policy_arn")];
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return AttachedPolicies.filter(({ PolicyArn }) => PolicyArn === arn).flatMap(() => thing(`${RoleName}/${arn}`));
  },
};
