/** What exists in an account, counted. */
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient, ListInstanceProfilesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import type { ClientConfig } from "../../src/account/client-config";

/** How many of each kind of resource stand in the account, in Terraform's words; AWS's own default network is left out. */
export async function census(config: ClientConfig): Promise<Record<string, number>> {
  const ec2 = new EC2Client(config);
  const scaling = new AutoScalingClient(config);
  const balancing = new ElasticLoadBalancingV2Client(config);
  const vpcs =
    (await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["false"] }] }))).Vpcs ?? [];
  const ids = vpcs.flatMap(({ VpcId }) => VpcId ?? []);
  const ours = (thing: { VpcId?: string | undefined }) => thing.VpcId !== undefined && ids.includes(thing.VpcId);
  const groups = ((await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups ?? []).filter(ours);
  const named = groups.filter(({ GroupName }) => GroupName !== "default");
  const rules = ((await ec2.send(new DescribeSecurityGroupRulesCommand({}))).SecurityGroupRules ?? []).filter(
    ({ GroupId }) => named.some((group) => group.GroupId === GroupId),
  );
  const tables = ((await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables ?? []).filter(ours);
  const balancers = (await balancing.send(new DescribeLoadBalancersCommand({}))).LoadBalancers ?? [];
  const listeners = await Promise.all(
    balancers.map(({ LoadBalancerArn }) => balancing.send(new DescribeListenersCommand({ LoadBalancerArn }))),
  );
  const instances = (
    (
      await ec2.send(
        new DescribeInstancesCommand({ Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }] }),
      )
    ).Reservations ?? []
  ).flatMap(({ Instances = [] }) => Instances);
  const iam = new IAMClient(config);
  const live =
    (await ec2.send(new DescribeNatGatewaysCommand({}))).NatGateways?.filter(({ State }) => State === "available") ??
    [];
  const counts = {
    aws_vpc: vpcs.length,
    aws_subnet: ((await ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? []).filter(ours).length,
    aws_internet_gateway: (await ec2.send(new DescribeInternetGatewaysCommand({}))).InternetGateways?.filter(
      ({ Attachments }) => Attachments?.some(ours),
    ).length,
    aws_route_table: tables.filter(({ Associations }) => !Associations?.some(({ Main }) => Main)).length,
    aws_route: tables
      .flatMap(({ Routes = [] }) => Routes)
      .filter(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0").length,
    aws_nat_gateway: live.length,
    aws_eip: (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.length,
    aws_vpc_endpoint: (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints?.filter(
      ({ State }) => String(State).toLowerCase() !== "deleted",
    ).length,
    aws_security_group: named.length,
    aws_vpc_security_group_ingress_rule: rules.filter(({ IsEgress }) => IsEgress === false).length,
    aws_vpc_security_group_egress_rule: rules.filter(({ IsEgress }) => IsEgress === true).length,
    aws_lb: balancers.length,
    aws_lb_listener: listeners.flatMap(({ Listeners = [] }) => Listeners).length,
    aws_lb_target_group: (await balancing.send(new DescribeTargetGroupsCommand({}))).TargetGroups?.length,
    aws_launch_template: (await ec2.send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates?.length,
    aws_autoscaling_group: (await scaling.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups?.length,
    aws_autoscaling_policy: (await scaling.send(new DescribePoliciesCommand({}))).ScalingPolicies?.length,
    aws_cloudwatch_metric_alarm: (await new CloudWatchClient(config).send(new DescribeAlarmsCommand({}))).MetricAlarms
      ?.length,
    aws_instance: instances.length,
    volumes: (await ec2.send(new DescribeVolumesCommand({}))).Volumes?.length,
    key_pairs: (await ec2.send(new DescribeKeyPairsCommand({}))).KeyPairs?.length,
    aws_iam_role: (await iam.send(new ListRolesCommand({ PathPrefix: "/" }))).Roles?.filter(({ Path }) => Path === "/")
      .length,
    aws_iam_instance_profile: (await iam.send(new ListInstanceProfilesCommand({}))).InstanceProfiles?.length,
    aws_s3_bucket: (await new S3Client(config).send(new ListBucketsCommand({}))).Buckets?.length,
  };
  return Object.fromEntries(Object.entries(counts).map(([kind, count]) => [kind, count ?? 0]));
}

/** What the documented deployment comes to, on the emulator with its two key pairs and the state's bucket. */
export const DEPLOYED = {
  aws_vpc: 1,
  aws_subnet: 4,
  aws_internet_gateway: 1,
  aws_route_table: 3,
  aws_route: 3,
  aws_nat_gateway: 1,
  aws_eip: 1,
  aws_vpc_endpoint: 1,
  aws_security_group: 3,
  aws_vpc_security_group_ingress_rule: 4,
  aws_vpc_security_group_egress_rule: 3,
  aws_lb: 1,
  aws_lb_listener: 1,
  aws_lb_target_group: 1,
  aws_launch_template: 1,
  aws_autoscaling_group: 1,
  aws_autoscaling_policy: 2,
  aws_cloudwatch_metric_alarm: 2,
  aws_instance: 2, // the bastion and the group's one
  volumes: 2,
  key_pairs: 2,
  aws_iam_role: 2,
  aws_iam_instance_profile: 2,
  aws_s3_bucket: 1,
};

/** An account with the state's bucket and the two key pairs, and nothing else. */
export const NOTHING_DEPLOYED = {
  ...Object.fromEntries(Object.keys(DEPLOYED).map((kind) => [kind, 0])),
  key_pairs: 2,
  aws_s3_bucket: 1,
};
