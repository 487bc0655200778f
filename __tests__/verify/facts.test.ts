/** What a deployment is told apart by: here with an AWS of our own making, in the integration tests with the emulated one. */
import { environments } from "../../src/config/environments";
import { factsOf } from "../../src/verify/facts";
import type { Observed } from "../../src/verify/observe";

const NOTHING: Observed = {
  vpc: undefined,
  vpcCount: 0,
  dnsHostnames: undefined,
  dnsSupport: undefined,
  subnets: [],
  internetGateways: [],
  natGateways: [],
  routeTables: [],
  securityGroups: [],
  securityGroupRules: [],
  balancer: undefined,
  listeners: [],
  targetGroup: undefined,
  targets: [],
  group: undefined,
  policies: [],
  schedules: [],
  launchTemplate: undefined,
  image: undefined,
  alarms: [],
  bastion: undefined,
};

/** Whether the fact stands, of an account in which only this is. */
function stands(thing: string, seen: Partial<Observed>): boolean {
  const fact = factsOf("production", environments.production, { ...NOTHING, ...seen }).find(
    (each) => each.thing === thing,
  );
  if (fact === undefined) throw new Error(`There is no fact "${thing}"`);
  return fact.expected === fact.actual;
}

test("in an empty account hardly anything stands", () => {
  const facts = factsOf("production", environments.production, NOTHING);
  expect(facts.filter(({ expected, actual }) => expected === actual).map(({ thing }) => thing)).toEqual([
    "unhealthy targets",
    "schedules",
    "warm pool",
  ]);
});

const target = (State: "healthy" | "unhealthy" | "draining" | "initial") => ({ TargetHealth: { State } });

test.each([
  ["no target", [], false, true],
  ["a healthy one", [target("healthy")], true, true],
  ["one that is still starting", [target("initial")], false, true],
  [
    "a healthy one beside one that leaves and one that comes",
    [target("draining"), target("healthy"), target("initial")],
    true,
    true,
  ],
  ["a healthy one beside an unhealthy one", [target("healthy"), target("unhealthy")], true, false],
])("%s behind the load balancer", (_, targets, enough, noneUnhealthy) => {
  expect(stands("1 or more healthy targets", { targets })).toBe(enough);
  expect(stands("unhealthy targets", { targets })).toBe(noneUnhealthy);
});

test.each([
  ["its port", 22, true],
  ["more than its port", 65535, false],
])("a rule that opens %s", (_, ToPort, expected) => {
  const securityGroups = [{ GroupId: "sg-1", Tags: [{ Key: "Name", Value: "web_sg" }] }];
  const rule = { GroupId: "sg-1", IsEgress: false, IpProtocol: "tcp", FromPort: 22, ToPort, CidrIpv4: "0.0.0.0/0" };
  expect(stands("web_sg in", { securityGroups, securityGroupRules: [rule] })).toBe(expected);
});

test.each([
  ["in a public subnet of the first zone", "igw-1", "ap-south-1a", "eipalloc-1", true],
  ["in a private subnet", "local", "ap-south-1a", "eipalloc-1", false],
  ["in another zone", "igw-1", "ap-south-1b", "eipalloc-1", false],
  ["without an Elastic IP", "igw-1", "ap-south-1a", undefined, false],
])("a NAT gateway %s", (_, GatewayId, AvailabilityZone, AllocationId, expected) => {
  const seen = {
    subnets: [{ SubnetId: "subnet-1", AvailabilityZone }],
    routeTables: [
      { Associations: [{ SubnetId: "subnet-1" }], Routes: [{ DestinationCidrBlock: "0.0.0.0/0", GatewayId }] },
    ],
    natGateways: [{ SubnetId: "subnet-1", NatGatewayAddresses: [AllocationId === undefined ? {} : { AllocationId }] }],
  };
  expect(stands("NAT gateways", seen)).toBe(expected);
});
