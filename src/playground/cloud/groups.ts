/** The account's Auto Scaling groups. */
import {
  paginateDescribeAutoScalingGroups,
  paginateDescribePolicies,
  paginateDescribeScheduledActions,
  type AutoScalingGroup,
  type ScalingPolicy as AwsPolicy,
  type ScheduledUpdateGroupAction,
} from "@aws-sdk/client-auto-scaling";
import { DescribeLaunchTemplateVersionsCommand, paginateDescribeInstances, type Instance } from "@aws-sdk/client-ec2";
import type { Clients } from "../../account/clients";
import { orNothing } from "../../account/part";
import type { Note } from "../cloud";
import type { GroupState, MemberState, TemplateState } from "../group-state";
import { policyOf, scheduleOf } from "./policies";

export async function readGroups(clients: Clients, note: Note): Promise<GroupState[]> {
  const { scaling: client } = clients;
  const found: AutoScalingGroup[] = [];
  for await (const { AutoScalingGroups = [] } of paginateDescribeAutoScalingGroups({ client }, {}))
    found.push(...AutoScalingGroups);
  const policies: AwsPolicy[] = [];
  for await (const { ScalingPolicies = [] } of paginateDescribePolicies({ client }, {}))
    policies.push(...ScalingPolicies);
  const schedules: ScheduledUpdateGroupAction[] = [];
  for await (const { ScheduledUpdateGroupActions = [] } of paginateDescribeScheduledActions({ client }, {}))
    schedules.push(...ScheduledUpdateGroupActions);
  const instances = await readMembers(clients);
  const read = await Promise.all(found.map((group) => groupOf(clients, group, policies, schedules, instances, note)));
  return read.flatMap((group) => group ?? []);
}

async function groupOf(
  clients: Clients,
  group: AutoScalingGroup,
  policies: readonly AwsPolicy[],
  schedules: readonly ScheduledUpdateGroupAction[],
  instances: readonly Instance[],
  note: Note,
): Promise<GroupState | undefined> {
  const { AutoScalingGroupName: name = "", DefaultCooldown = 300, DefaultInstanceWarmup = -1 } = group;
  const template = await templateOf(clients, group);
  if (template === undefined || group.MixedInstancesPolicy !== undefined) {
    note(`the group ${name} is not played: it launches by something else than one launch template`);
    return undefined;
  }
  if (group.WarmPoolConfiguration !== undefined) note(`the warm pool of ${name} is not played`);
  const { MinHealthyPercentage: minHealthy = -1, MaxHealthyPercentage: maxHealthy = -1 } =
    group.InstanceMaintenancePolicy ?? {};
  // -1 is what takes it away: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
  const warmUpSeconds = DefaultInstanceWarmup < 0 ? undefined : DefaultInstanceWarmup;
  const cooldowns = { warmUpSeconds, cooldownSeconds: DefaultCooldown };
  const own = <T extends { readonly AutoScalingGroupName?: string | undefined }>(all: readonly T[]) =>
    all.filter(({ AutoScalingGroupName }) => AutoScalingGroupName === name);
  return {
    name,
    arn: group.AutoScalingGroupARN ?? "",
    minSize: group.MinSize ?? 0,
    maxSize: group.MaxSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    graceSeconds: group.HealthCheckGracePeriod ?? 0,
    healthCheckType: group.HealthCheckType === "ELB" ? "ELB" : "EC2",
    ...cooldowns,
    maintenance: minHealthy < 0 || maxHealthy < 0 ? undefined : { minHealthy, maxHealthy },
    subnets: (group.VPCZoneIdentifier ?? "").split(",").filter((subnet) => subnet !== ""),
    targetGroups: group.TargetGroupARNs ?? [],
    suspended: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []),
    template,
    members: (group.Instances ?? []).map((member) => memberOf(member, instances)),
    policies: own(policies).flatMap((policy) => policyOf(policy, cooldowns, note) ?? []),
    schedules: own(schedules).flatMap((schedule) => scheduleOf(schedule, note) ?? []),
  };
}

async function templateOf({ ec2 }: Clients, { LaunchTemplate }: AutoScalingGroup): Promise<TemplateState | undefined> {
  if (LaunchTemplate?.LaunchTemplateId === undefined) return undefined;
  const { LaunchTemplateId, Version = "$Default" } = LaunchTemplate;
  const asked = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [Version] });
  const data = (await orNothing(ec2.send(asked)))?.LaunchTemplateVersions?.[0]?.LaunchTemplateData;
  if (data === undefined) return undefined;
  return {
    imageId: data.ImageId ?? "",
    instanceType: data.InstanceType ?? "",
    detailedMonitoring: data.Monitoring?.Enabled ?? false,
  };
}

/** Those of all groups; by their ids one that does not exist any more would be an error. */
async function readMembers({ ec2: client }: Clients): Promise<Instance[]> {
  const found: Instance[] = [];
  const Filters = [{ Name: "tag-key", Values: ["aws:autoscaling:groupName"] }];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters }))
    found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
  return found;
}

function memberOf(
  {
    InstanceId: id = "",
    AvailabilityZone: zone = "",
    LifecycleState: lifecycle = "Pending",
    HealthStatus,
  }: NonNullable<AutoScalingGroup["Instances"]>[number],
  instances: readonly Instance[],
): MemberState {
  const instance = instances.find(({ InstanceId }) => InstanceId === id);
  return {
    id,
    zone,
    privateIp: instance?.PrivateIpAddress ?? "",
    subnetId: instance?.SubnetId ?? "",
    imageId: instance?.ImageId ?? "",
    lifecycle,
    health: HealthStatus?.toLowerCase() === "healthy" ? "Healthy" : "Unhealthy",
    state: instance?.State?.Name ?? "terminated",
    tags: Object.fromEntries((instance?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
  };
}
