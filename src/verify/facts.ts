/** The facts that a deployment has to show, in the document's order: what is expected, and what AWS says. */
import type { Settings } from "../config/schema";
import { nameIn } from "../aws/names";
import { subnetsOf } from "../aws/subnets";
import { boundsOf } from "../config/sections/schedules";
import { fact, type Fact } from "./fact";
import type { Observed } from "./observe";
import { scalingFacts } from "./scaling-facts";

/** Every fact of the network, firewalls, load balancer, servers, scaling and bastion of an environment. */
export function factsOf(environment: string, settings: Settings, seen: Observed): Fact[] {
  const { names, network, fleet, targetGroup, loadBalancer, bastion } = settings;
  const name = (documented: string) => nameIn(environment, documented);
  const facts: Fact[] = [];
  const expect = (thing: string, expected: unknown, actual: unknown) => facts.push(fact(thing, expected, actual));

  expect("VPC", `${name(names.vpc)} ${network.cidr}`, `${nameTag(seen.vpc?.Tags)} ${String(seen.vpc?.CidrBlock)}`);
  expect("VPCs of that name", 1, seen.vpcCount);
  expect("DNS hostnames and resolution", [true, true], [seen.dnsHostnames, seen.dnsSupport]);
  const subnets = subnetsOf(network.cidr, network.zones);
  for (const { kind, zone, cidr } of subnets) {
    const subnet = seen.subnets.find(({ CidrBlock }) => CidrBlock === cidr);
    const exit =
      kind === "public"
        ? "internet gateway"
        : { single: "NAT gateway", perZone: "NAT gateway", none: "none" }[network.nat];
    expect(
      `${kind} subnet in ${zone}`,
      `${cidr} ${zone} → ${exit}`,
      `${String(subnet?.CidrBlock)} ${String(subnet?.AvailabilityZone)} → ${exitOf(seen, subnet?.SubnetId)}`,
    );
  }
  expect("subnets", subnets.length, seen.subnets.length);
  expect("internet gateways", 1, seen.internetGateways.length);
  expect(
    "NAT gateways",
    { single: network.zones.slice(0, 1), perZone: network.zones, none: [] }[network.nat]
      .map((zone) => `public in ${zone} with an Elastic IP`)
      .sort(),
    seen.natGateways
      .map(({ SubnetId, NatGatewayAddresses }) => {
        const zone = seen.subnets.find((subnet) => subnet.SubnetId === SubnetId)?.AvailabilityZone;
        const side = exitOf(seen, SubnetId) === "internet gateway" ? "public" : "private";
        const address = NatGatewayAddresses?.some(({ AllocationId }) => AllocationId) ? "with" : "without";
        return `${side} in ${String(zone)} ${address} an Elastic IP`;
      })
      .sort(),
  );

  const everything = `all to 0.0.0.0/0`;
  const [balancerGroup, appGroup, bastionGroup] = [
    names.loadBalancerSecurityGroup,
    names.appSecurityGroup,
    names.bastionSecurityGroup,
  ].map(name) as [string, string, string];
  expect(`${balancerGroup} in`, [`tcp ${String(loadBalancer.port)} from 0.0.0.0/0`], rules(seen, balancerGroup, "in"));
  expect(`${balancerGroup} out`, [everything], rules(seen, balancerGroup, "out"));
  expect(
    `${appGroup} in`,
    [...(bastion ? [`tcp 22 from ${bastionGroup}`] : []), `tcp ${String(targetGroup.port)} from ${balancerGroup}`],
    rules(seen, appGroup, "in"),
  );
  expect(`${appGroup} out`, [everything], rules(seen, appGroup, "out"));
  if (bastion) {
    expect(
      `${bastionGroup} in`,
      bastion.sshSources.map((source) => `tcp 22 from ${source}`).sort(),
      rules(seen, bastionGroup, "in"),
    );
    expect(`${bastionGroup} out`, [everything], rules(seen, bastionGroup, "out"));
  }

  expect(
    "load balancer",
    `${name(names.loadBalancer)} application internet-facing in ${String(network.zones.length)} public subnets, ${balancerGroup}`,
    `${String(seen.balancer?.LoadBalancerName)} ${String(seen.balancer?.Type)} ${String(seen.balancer?.Scheme)} in ` +
      `${String(seen.balancer?.AvailabilityZones?.filter(({ SubnetId }) => exitOf(seen, SubnetId) === "internet gateway").length)} public subnets, ` +
      groupNames(seen, seen.balancer?.SecurityGroups),
  );
  expect(
    "listener",
    `HTTP:${String(loadBalancer.port)} → ${String(seen.targetGroup?.TargetGroupArn)}`,
    seen.listeners
      .map(
        ({ Protocol, Port, DefaultActions }) =>
          `${String(Protocol)}:${String(Port)} → ${String(DefaultActions?.[0]?.TargetGroupArn)}`,
      )
      .join(", "),
  );
  const { healthCheck } = targetGroup;
  expect(
    "target group",
    `HTTP:${String(targetGroup.port)}, check ${healthCheck.path} every ${String(healthCheck.intervalSeconds)} s, healthy ${String(healthCheck.healthyThreshold)}, unhealthy ${String(healthCheck.unhealthyThreshold)}`,
    `${String(seen.targetGroup?.Protocol)}:${String(seen.targetGroup?.Port)}, check ${String(seen.targetGroup?.HealthCheckPath)} every ${String(seen.targetGroup?.HealthCheckIntervalSeconds)} s, ` +
      `healthy ${String(seen.targetGroup?.HealthyThresholdCount)}, unhealthy ${String(seen.targetGroup?.UnhealthyThresholdCount)}`,
  );
  if (names.style === "fixed")
    expect("target group's name", name(names.targetGroup), seen.targetGroup?.TargetGroupName);
  // A target that has just come or is about to go is neither healthy nor unhealthy.
  const inState = (state: string) => seen.targets.filter(({ TargetHealth }) => TargetHealth?.State === state).length;
  expect("unhealthy targets", 0, inState("unhealthy") + inState("unavailable"));
  const least = Math.min(...boundsOf(settings).minSizes);
  expect(`${String(least)} or more healthy targets`, true, inState("healthy") >= least);

  const template = seen.launchTemplate?.LaunchTemplateData;
  expect("launch template", name(names.launchTemplate), seen.launchTemplate?.LaunchTemplateName);
  expect(
    "launched",
    [fleet.amiId, fleet.instanceType, keyOf(environment, fleet.keyPair), appGroup],
    [
      template?.ImageId,
      template?.InstanceType,
      template?.KeyName ?? "no key",
      groupNames(seen, template?.SecurityGroupIds),
    ],
  );
  expect(
    "instance metadata",
    ["required", 1],
    [template?.MetadataOptions?.HttpTokens, template?.MetadataOptions?.HttpPutResponseHopLimit],
  );
  expect(
    "root volume encrypted",
    [true],
    template?.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.Encrypted),
  );
  expect("image is there", true, seen.image !== undefined);
  expect(
    "Auto Scaling group",
    `${name(names.autoScalingGroup)}, ELB health after ${String(fleet.healthCheckGraceSeconds)} s`,
    `${String(seen.group?.AutoScalingGroupName)}, ` +
      `${String(seen.group?.HealthCheckType)} health after ${String(seen.group?.HealthCheckGracePeriod)} s`,
  );
  expect(
    "its subnets are private",
    network.zones.length,
    seen.group?.VPCZoneIdentifier?.split(",").filter((id) => exitOf(seen, id) !== "internet gateway").length,
  );
  facts.push(...scalingFacts(environment, settings, seen));

  if (bastion) {
    const first = seen.subnets.find(({ SubnetId }) => SubnetId === seen.bastion?.SubnetId);
    expect(
      "bastion",
      [
        bastion.instanceType,
        network.zones[0],
        "internet gateway",
        bastionGroup,
        keyOf(environment, bastion.keyPair),
        "public address",
      ],
      [
        seen.bastion?.InstanceType,
        first?.AvailabilityZone,
        exitOf(seen, first?.SubnetId),
        groupNames(
          seen,
          seen.bastion?.SecurityGroups?.flatMap(({ GroupId }) => GroupId ?? []),
        ),
        seen.bastion?.KeyName ?? "no key",
        seen.bastion?.PublicIpAddress === undefined ? "no public address" : "public address",
      ],
    );
  } else {
    expect("bastion", "none", seen.bastion?.InstanceId ?? "none");
  }
  return facts;
}

function exitOf(seen: Observed, subnetId: string | undefined): string {
  const table = seen.routeTables.find(({ Associations }) =>
    Associations?.some(({ SubnetId }) => subnetId !== undefined && SubnetId === subnetId),
  );
  const route = table?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0");
  if (route?.NatGatewayId !== undefined) return "NAT gateway";
  return route?.GatewayId?.startsWith("igw-") ? "internet gateway" : "none";
}

function rules(seen: Observed, groupName: string, direction: "in" | "out"): string[] {
  const group = seen.securityGroups.find(({ Tags }) => nameTag(Tags) === groupName);
  return seen.securityGroupRules
    .filter(({ GroupId, IsEgress }) => GroupId === group?.GroupId && IsEgress === (direction === "out"))
    .map(({ IpProtocol, FromPort, ToPort, CidrIpv4, ReferencedGroupInfo }) => {
      const ports = FromPort === ToPort ? String(FromPort) : `${String(FromPort)}-${String(ToPort)}`;
      const peer = CidrIpv4 ?? groupNames(seen, [ReferencedGroupInfo?.GroupId ?? ""]);
      return IpProtocol === "-1" ? `all to ${peer}` : `${String(IpProtocol)} ${ports} from ${peer}`;
    })
    .sort();
}

function groupNames(seen: Observed, ids: readonly string[] | undefined): string {
  return (ids ?? []).map((id) => nameTag(seen.securityGroups.find(({ GroupId }) => GroupId === id)?.Tags)).join(", ");
}

function nameTag(tags: { Key?: string | undefined; Value?: string | undefined }[] | undefined): string {
  return tags?.find(({ Key }) => Key === "Name")?.Value ?? "nothing";
}

function keyOf(environment: string, key: Settings["fleet"]["keyPair"]): string {
  if (key === undefined) return "no key";
  return key.publicKey === undefined ? key.name : nameIn(environment, key.name);
}
