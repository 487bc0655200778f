/** What stands in an account under an environment's names, asked of AWS. */
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
  paginateDescribeSecurityGroupRules,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Settings } from "../config/schema";
import { nameIn } from "../aws/names";
import type { ClientConfig } from "./client-config";

export type Observed = Awaited<ReturnType<typeof observe>>;

/** Asks AWS for everything the document speaks of; what is not there is undefined or an empty list. */
export async function observe(environment: string, settings: Settings, config: ClientConfig) {
  const ec2 = new EC2Client(config);
  const balancing = new ElasticLoadBalancingV2Client(config);
  const scaling = new AutoScalingClient(config);
  const name = (documented: string) => nameIn(environment, documented);
  const { names } = settings;

  const vpcs = await ec2.send(new DescribeVpcsCommand({ Filters: [named(name(names.vpc))] }));
  const vpc = vpcs.Vpcs?.[0];
  const vpcId = vpc?.VpcId ?? "none";
  const inVpc = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  const attribute = async (Attribute: "enableDnsHostnames" | "enableDnsSupport") =>
    vpc && (await ec2.send(new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute })));

  const groups = await scaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name(names.autoScalingGroup)] }),
  );
  const group = groups.AutoScalingGroups?.[0];
  const template = group?.LaunchTemplate;
  const TargetGroupArns = group?.TargetGroupARNs?.slice(0, 1) ?? [];
  const targetGroup =
    TargetGroupArns.length > 0
      ? (await orNothing(balancing.send(new DescribeTargetGroupsCommand({ TargetGroupArns }))))?.TargetGroups?.[0]
      : undefined;
  const balancers = await orNothing(
    balancing.send(new DescribeLoadBalancersCommand({ Names: [name(names.loadBalancer)] })),
  );
  const balancer = balancers?.LoadBalancers?.[0];
  const bastions = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [named(name(names.bastion)), { Name: "instance-state-name", Values: ["pending", "running"] }],
    }),
  );

  const securityGroups = (await ec2.send(new DescribeSecurityGroupsCommand(inVpc))).SecurityGroups ?? [];
  const groupIds = securityGroups.flatMap(({ GroupId }) => GroupId ?? []);
  const securityGroupRules: SecurityGroupRule[] = [];
  for await (const { SecurityGroupRules = [] } of paginateDescribeSecurityGroupRules(
    { client: ec2 },
    { Filters: [{ Name: "group-id", Values: groupIds.length > 0 ? groupIds : ["none"] }] },
  )) {
    securityGroupRules.push(...SecurityGroupRules);
  }

  return {
    vpc,
    vpcCount: vpcs.Vpcs?.length ?? 0,
    dnsHostnames: (await attribute("enableDnsHostnames"))?.EnableDnsHostnames?.Value,
    dnsSupport: (await attribute("enableDnsSupport"))?.EnableDnsSupport?.Value,
    subnets: (await ec2.send(new DescribeSubnetsCommand(inVpc))).Subnets ?? [],
    internetGateways:
      (
        await ec2.send(
          new DescribeInternetGatewaysCommand({ Filters: [{ Name: "attachment.vpc-id", Values: [vpcId] }] }),
        )
      ).InternetGateways ?? [],
    natGateways: ((await ec2.send(new DescribeNatGatewaysCommand({ Filter: inVpc.Filters }))).NatGateways ?? []).filter(
      ({ State }) => State === "available",
    ),
    routeTables: (await ec2.send(new DescribeRouteTablesCommand(inVpc))).RouteTables ?? [],
    securityGroups,
    securityGroupRules,
    balancer,
    listeners: balancer
      ? ((await balancing.send(new DescribeListenersCommand({ LoadBalancerArn: balancer.LoadBalancerArn })))
          .Listeners ?? [])
      : [],
    targetGroup,
    targets: targetGroup
      ? ((await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup.TargetGroupArn })))
          .TargetHealthDescriptions ?? [])
      : [],
    group,
    policies: group
      ? ((await scaling.send(new DescribePoliciesCommand({ AutoScalingGroupName: group.AutoScalingGroupName })))
          .ScalingPolicies ?? [])
      : [],
    schedules: group
      ? ((await scaling.send(new DescribeScheduledActionsCommand({ AutoScalingGroupName: group.AutoScalingGroupName })))
          .ScheduledUpdateGroupActions ?? [])
      : [],
    launchTemplate: template
      ? (
          await ec2.send(
            new DescribeLaunchTemplateVersionsCommand({
              LaunchTemplateId: template.LaunchTemplateId,
              Versions: [template.Version ?? "$Default"],
            }),
          )
        ).LaunchTemplateVersions?.[0]
      : undefined,
    image: (await orNothing(ec2.send(new DescribeImagesCommand({ ImageIds: [settings.fleet.amiId] }))))?.Images?.[0],
    alarms:
      (
        await new CloudWatchClient(config).send(
          new DescribeAlarmsCommand({ AlarmNames: [name(names.highCpuAlarm), name(names.lowCpuAlarm)] }),
        )
      ).MetricAlarms ?? [],
    bastion: bastions.Reservations?.flatMap(({ Instances = [] }) => Instances)[0],
  };
}

const named = (name: string) => ({ Name: "tag:Name", Values: [name] });

/** AWS answers a question about something by its name with an error where it is not there. */
async function orNothing<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && /NotFound|not found|do(es)? not exist/i.test(`${error.name} ${error.message}`))
      return undefined;
    throw error;
  }
}
