/**
 * How each type of resource is found in an account, and the id that `terraform import` knows it by.
 *
 * The ids are those of the provider's documentation, under "Import" of each resource:
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs
 */
import {
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeAlarmsCommand, ListTagsForResourceCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeKeyPairsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
} from "@aws-sdk/client-ec2";
import {
  DescribeListenersCommand,
  DescribeTagsCommand,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  GetInstanceProfileCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  NoSuchEntityException,
} from "@aws-sdk/client-iam";
import { GetBucketTaggingCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import type { Clients, Finder } from "./finder";
import { tagged } from "./tagged";

/** For what a deploy writes over what stands, whether its state knows of it or not. */
export const WRITTEN_OVER = "written over";

/** AWS does not give out what a key pair was made of, so Terraform makes it anew: under the same name, of the same key. */
export const MADE_ANEW = "aws_key_pair";

const rules =
  (egress: boolean): Finder =>
  async ({ ec2 }, { needed, optional }) => {
    const port = (attribute: string) => Number(optional(attribute) ?? -1);
    const asked = new DescribeSecurityGroupRulesCommand({
      Filters: [{ Name: "group-id", Values: [needed("security_group_id")] }],
    });
    // By what they let through: AWS takes no two such rules, and one that came with the group has no tags.
    return ((await ec2.send(asked)).SecurityGroupRules ?? [])
      .filter(
        (rule) =>
          rule.IsEgress === egress &&
          rule.IpProtocol === needed("ip_protocol") &&
          (rule.FromPort ?? -1) === port("from_port") &&
          (rule.ToPort ?? -1) === port("to_port") &&
          rule.CidrIpv4 === optional("cidr_ipv4") &&
          rule.ReferencedGroupInfo?.GroupId === optional("referenced_security_group_id"),
      )
      .map(({ SecurityGroupRuleId: id }) => ({ id }));
  };

const routeTable = async ({ ec2 }: Clients, id: string) =>
  (await ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: "route-table-id", Values: [id] }] })))
    .RouteTables?.[0];

const balancingTags = async ({ balancing }: Clients, arn: string | undefined) =>
  (await balancing.send(new DescribeTagsCommand({ ResourceArns: [arn ?? ""] }))).TagDescriptions?.[0]?.Tags ?? [];

/** IAM answers with an error where a name is not there. */
async function unlessMissing<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}

/** By type of resource; one that is not here is not known how to import. */
export const finders: Readonly<Record<string, Finder | typeof WRITTEN_OVER>> = {
  ...tagged,
  aws_vpc_security_group_ingress_rule: rules(false),
  aws_vpc_security_group_egress_rule: rules(true),
  async aws_route(clients, { needed }) {
    const table = needed("route_table_id");
    const destination = needed("destination_cidr_block");
    const routes = (await routeTable(clients, table))?.Routes ?? [];
    return routes
      .filter(({ DestinationCidrBlock }) => DestinationCidrBlock === destination)
      .map(() => ({ id: `${table}_${destination}` }));
  },
  async aws_route_table_association(clients, { needed }) {
    const [subnet, table] = [needed("subnet_id"), needed("route_table_id")];
    const associations = (await routeTable(clients, table))?.Associations ?? [];
    return associations.filter(({ SubnetId }) => SubnetId === subnet).map(() => ({ id: `${subnet}/${table}` }));
  },
  async aws_key_pair({ ec2 }, { needed }) {
    const Filters = [{ Name: "key-name", Values: [needed("key_name")] }];
    const { KeyPairs = [] } = await ec2.send(new DescribeKeyPairsCommand({ Filters }));
    return KeyPairs.map(({ KeyName, Tags = [] }) => ({ id: KeyName, tags: Tags }));
  },
  async aws_iam_role({ iam }, { needed }) {
    const role = (await unlessMissing(iam.send(new GetRoleCommand({ RoleName: needed("name") }))))?.Role;
    return [{ id: role?.RoleName, tags: role?.Tags ?? [] }];
  },
  async aws_iam_instance_profile({ iam }, { needed }) {
    const asked = iam.send(new GetInstanceProfileCommand({ InstanceProfileName: needed("name") }));
    const profile = (await unlessMissing(asked))?.InstanceProfile;
    return [{ id: profile?.InstanceProfileName, tags: profile?.Tags ?? [] }];
  },
  async aws_iam_role_policy_attachment({ iam }, { needed }) {
    const asked = iam.send(new ListAttachedRolePoliciesCommand({ RoleName: needed("role") }));
    return ((await unlessMissing(asked))?.AttachedPolicies ?? [])
      .filter(({ PolicyArn }) => PolicyArn === needed("policy_arn"))
      .map(({ PolicyArn = "" }) => ({ id: `${needed("role")}/${PolicyArn}` }));
  },
  async aws_lb(clients, { needed }) {
    const named = [];
    for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client: clients.balancing }, {}))
      named.push(...LoadBalancers.filter(({ LoadBalancerName }) => LoadBalancerName === needed("name")));
    return Promise.all(
      named.map(async ({ LoadBalancerArn: id, VpcId }) => ({
        id,
        tags: await balancingTags(clients, id),
        vpcId: VpcId,
      })),
    );
  },
  async aws_lb_target_group(clients, { optional }) {
    const [name, prefix] = [optional("name"), optional("name_prefix")];
    const named = [];
    for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client: clients.balancing }, {}))
      named.push(
        ...TargetGroups.filter(({ TargetGroupName = "" }) =>
          prefix === undefined ? TargetGroupName === name : TargetGroupName.startsWith(prefix),
        ),
      );
    return Promise.all(
      named.map(async ({ TargetGroupArn: id, VpcId }) => ({
        id,
        tags: await balancingTags(clients, id),
        vpcId: VpcId,
      })),
    );
  },
  async aws_lb_listener({ balancing }, { needed }) {
    const { Listeners = [] } = await balancing.send(
      new DescribeListenersCommand({ LoadBalancerArn: needed("load_balancer_arn") }),
    );
    return Listeners.filter(({ Port }) => String(Port) === needed("port")).map(({ ListenerArn: id }) => ({ id }));
  },
  async aws_autoscaling_group({ scaling }, { needed }) {
    const AutoScalingGroupNames = [needed("name")];
    const { AutoScalingGroups = [] } = await scaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames }),
    );
    return AutoScalingGroups.map(({ AutoScalingGroupName: id, Tags = [] }) => ({ id, tags: Tags }));
  },
  async aws_autoscaling_policy({ scaling }, { needed }) {
    const group = needed("autoscaling_group_name");
    const asked = new DescribePoliciesCommand({ AutoScalingGroupName: group, PolicyNames: [needed("name")] });
    return ((await scaling.send(asked)).ScalingPolicies ?? []).map(({ PolicyName = "" }) => ({
      id: `${group}/${PolicyName}`,
    }));
  },
  async aws_autoscaling_schedule({ scaling }, { needed }) {
    const AutoScalingGroupName = needed("autoscaling_group_name");
    const ScheduledActionNames = [needed("scheduled_action_name")];
    const asked = new DescribeScheduledActionsCommand({ AutoScalingGroupName, ScheduledActionNames });
    return ((await scaling.send(asked)).ScheduledUpdateGroupActions ?? []).map(({ ScheduledActionName = "" }) => ({
      id: `${AutoScalingGroupName}/${ScheduledActionName}`,
    }));
  },
  async aws_cloudwatch_metric_alarm({ alarms }, { needed }) {
    const { MetricAlarms = [] } = await alarms.send(new DescribeAlarmsCommand({ AlarmNames: [needed("alarm_name")] }));
    return Promise.all(
      MetricAlarms.map(async ({ AlarmName: id, AlarmArn: ResourceARN }) => ({
        id,
        tags: (await alarms.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags ?? [],
      })),
    );
  },
  async aws_s3_bucket({ s3 }, { needed }) {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({ Prefix: needed("bucket") }));
    return Promise.all(
      Buckets.filter(({ Name }) => Name === needed("bucket")).map(async ({ Name: id }) => ({
        id,
        // A bucket without tags answers with an error.
        tags: await s3.send(new GetBucketTaggingCommand({ Bucket: id })).then(
          ({ TagSet }) => TagSet ?? [],
          () => [],
        ),
      })),
    );
  },
  aws_s3_bucket_lifecycle_configuration: WRITTEN_OVER,
  aws_s3_bucket_policy: WRITTEN_OVER,
  aws_s3_bucket_public_access_block: WRITTEN_OVER,
  aws_s3_bucket_server_side_encryption_configuration: WRITTEN_OVER,
  aws_default_security_group: WRITTEN_OVER,
};
