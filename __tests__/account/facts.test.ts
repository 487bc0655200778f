/** The checks of a deployment: here with made-up answers of AWS, in the integration tests with the emulator. */
import { scheduledActionName } from "../../src/aws/scheduled-action";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import { factsOf, type Observed } from "../../src/account/tables";

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

/** Whether the check passes for an account that has only this. */
function passes(thing: string, seen: Partial<Observed>, settings: Settings = environments.production): boolean {
  const fact = factsOf("production", settings, { ...NOTHING, ...seen }).find((each) => each.thing === thing);
  if (fact === undefined) throw new Error(`There is no fact "${thing}"`);
  return fact.expected === fact.actual;
}

test.each([
  [undefined, "required", true],
  [undefined, "optional", false],
  [{ optional: "the old SDK in it knows no token" }, "optional", true],
  [{ optional: "the old SDK in it knows no token" }, "required", false],
] as const)("fleet.metadataTokens %j, and %s in the template", (metadataTokens, HttpTokens, expected) => {
  const launchTemplate = { LaunchTemplateData: { MetadataOptions: { HttpTokens, HttpPutResponseHopLimit: 1 } } };
  const settings = derive(environments.production, { fleet: { metadataTokens } });
  expect(passes("instance metadata", { launchTemplate }, settings)).toBe(expected);
});

test("in an empty account almost every check fails", () => {
  const facts = factsOf("production", environments.production, NOTHING);
  expect(facts.filter(({ expected, actual }) => expected === actual).map(({ thing }) => thing)).toEqual([
    "unhealthy targets",
    "schedules",
    "warm pool",
  ]);
});

const inState = (State: "healthy" | "unhealthy" | "draining" | "initial") => ({ TargetHealth: { State } });

test.each([
  ["no target", [], false, true],
  ["a healthy one", [inState("healthy")], true, true],
  ["one that is still starting", [inState("initial")], false, true],
  [
    "a healthy one beside one that leaves and one that comes",
    [inState("draining"), inState("healthy"), inState("initial")],
    true,
    true,
  ],
  ["a healthy one beside an unhealthy one", [inState("healthy"), inState("unhealthy")], true, false],
])("%s behind the load balancer", (_, targets, enough, noneUnhealthy) => {
  expect(passes("1 or more healthy targets", { targets })).toBe(enough);
  expect(passes("unhealthy targets", { targets })).toBe(noneUnhealthy);
});

test.each([
  ["its port", 22, true],
  ["more than its port", 65535, false],
])("a rule that opens %s", (_, ToPort, expected) => {
  const securityGroups = [{ GroupId: "sg-1", Tags: [{ Key: "Name", Value: "web_sg" }] }];
  const rule = { GroupId: "sg-1", IsEgress: false, IpProtocol: "tcp", FromPort: 22, ToPort, CidrIpv4: "0.0.0.0/0" };
  expect(passes("web_sg in", { securityGroups, securityGroupRules: [rule] })).toBe(expected);
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
  expect(passes("NAT gateways", seen)).toBe(expected);
});

const step: Settings = derive(environments.production, {
  scaling: {
    kind: "step",
    periodSeconds: 300,
    evaluationPeriods: 2,
    out: {
      thresholdPercent: 70,
      steps: [
        { beyondPercent: 0, instances: 1 },
        { beyondPercent: 20, instances: 2 },
      ],
    },
    in: { thresholdPercent: 20, steps: [{ beyondPercent: 0, instances: 1 }] },
    warmUpSeconds: 150,
    schedules: { night: { recurrence: "0 1 * * *", timeZone: "UTC", minSize: 0 } },
  },
});
const tracking: Settings = derive(environments.production, {
  scaling: { kind: "targetTracking", targetPercent: 50, warmUpSeconds: 120 },
});
const alarm = {
  AlarmName: "cpu-high",
  Namespace: "AWS/EC2",
  MetricName: "CPUUtilization",
  Statistic: "Average" as const,
  Dimensions: [{ Name: "AutoScalingGroupName", Value: "web-app_asg" }],
  ComparisonOperator: "GreaterThanThreshold" as const,
  Threshold: 70,
  EvaluationPeriods: 2,
  Period: 300,
  AlarmActions: ["arn:step"],
};
const stepsAt = (...bounds: readonly (readonly [change: number, lower: number, upper?: number])[]) => [
  {
    PolicyARN: "arn:step",
    PolicyType: "StepScaling",
    StepAdjustments: bounds.map(([ScalingAdjustment, MetricIntervalLowerBound, MetricIntervalUpperBound]) => ({
      ScalingAdjustment,
      MetricIntervalLowerBound,
      MetricIntervalUpperBound,
    })),
  },
];

test.each([
  ["as set, in whatever order AWS lists them", stepsAt([2, 20], [1, 0, 20]), true],
  ["that begin elsewhere", stepsAt([1, 0, 10], [2, 10]), false],
  ["that add something else", stepsAt([1, 0, 20], [3, 20]), false],
  ["that are none", [{ PolicyARN: "arn:step", PolicyType: "SimpleScaling", ScalingAdjustment: 1 }], false],
])("steps %s", (_, policies, expected) => {
  expect(passes("alarm cpu-high", { alarms: [alarm], policies }, step)).toBe(expected);
});

const target = (TargetValue: number, DisableScaleIn = false) => ({
  PolicyName: "track-cpu",
  TargetTrackingConfiguration: {
    TargetValue,
    DisableScaleIn,
    PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" as const },
  },
});

test.each([
  ["one policy with the target", [target(50)], true],
  ["another target", [target(60)], false],
  ["scale in switched off", [target(50, true)], false],
  ["a second policy beside it", [target(50), { PolicyName: "scale-out" }], false],
  ["no policy", [], false],
])("target tracking: %s", (_, policies, expected) => {
  expect(passes("target tracking", { policies }, tracking)).toBe(expected);
});

test("AWS's own alarms are accepted, and alarms of ours must not exist beside them", () => {
  const facts = factsOf("production", tracking, NOTHING).map(({ thing }) => thing);
  expect(facts.filter((thing) => thing.startsWith("alarm cpu"))).toEqual([]);
  expect(passes("alarms of another kind of scaling", { alarms: [] }, tracking)).toBe(true);
  expect(passes("alarms of another kind of scaling", { alarms: [alarm] }, tracking)).toBe(false);
});

test.each([
  ["the settings' own bounds", 1, 4, true],
  ["those of a schedule", 0, 4, true],
  ["others", 2, 4, false],
])("the group may be found with %s", (_, MinSize, MaxSize, expected) => {
  const group = { MinSize, MaxSize } as NonNullable<Observed["group"]>;
  expect(passes("bounds of the group's size", { group }, step)).toBe(expected);
  expect(passes("bounds of the group's size", { group }, environments.production)).toBe(expected && MinSize === 1);
});

test("a schedule exists as set, and no other", () => {
  const ScheduledActionName = scheduledActionName("night", { recurrence: "0 1 * * *", timeZone: "UTC" });
  const night = { ScheduledActionName, Recurrence: "0 1 * * *", TimeZone: "UTC", MinSize: 0 };
  expect(passes("schedule night", { schedules: [night] }, step)).toBe(true);
  expect(passes("schedule night", { schedules: [{ ...night, MaxSize: 9 }] }, step)).toBe(false);
  expect(passes("schedules", { schedules: [night, { ...night, ScheduledActionName: "day" }] }, step)).toBe(false);
});

test("a warm pool that is not in the settings is reported", () => {
  const group = { WarmPoolConfiguration: { PoolState: "Running", MinSize: 0 } } as NonNullable<Observed["group"]>;
  expect(passes("warm pool", { group }, environments.production)).toBe(false);
});
