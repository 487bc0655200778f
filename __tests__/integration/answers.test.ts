/** What the emulated AWS answers where moto would answer differently from AWS, without a playground. */
import {
  CreateAutoScalingGroupCommand,
  DeletePolicyCommand,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
  ExecutePolicyCommand,
  PutScalingPolicyCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateTargetGroupCommand, DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { clientsFor, type Clients } from "../../src/account/clients";
import { environments } from "../../src/config/environments";
import { Cloud } from "./support";

const IMAGE = environments.local.fleet.amiId;

let cloud: Cloud;
let clients: Clients;
let LaunchTemplateId: string | undefined;
let securityGroup: string | undefined;
let targetGroup: string | undefined;
let subnets: (string | undefined)[];

beforeAll(async () => {
  cloud = await Cloud.start("missing");
  clients = clientsFor(cloud.config);
  const { ec2, iam, balancing } = clients;
  const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId;
  const subnetIn = async (letter: string, CidrBlock: string) => {
    const AvailabilityZone = `${cloud.config.region}${letter}`;
    return (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }))).Subnet?.SubnetId;
  };
  subnets = [await subnetIn("a", "10.0.0.0/24"), await subnetIn("b", "10.0.1.0/24")];
  const group = { VpcId, GroupName: "servers", Description: "servers" };
  securityGroup = (await ec2.send(new CreateSecurityGroupCommand(group))).GroupId;
  const profile = { InstanceProfileName: "servers", RoleName: "servers" };
  await iam.send(new CreateRoleCommand({ RoleName: "servers", AssumeRolePolicyDocument: "{}" }));
  await iam.send(new CreateInstanceProfileCommand(profile));
  await iam.send(new AddRoleToInstanceProfileCommand(profile));
  const first = { ImageId: "ami-00000000000000000", InstanceType: "t3.micro" } as const;
  const template = { LaunchTemplateName: "servers", LaunchTemplateData: first };
  ({ LaunchTemplateId } = (await ec2.send(new CreateLaunchTemplateCommand(template))).LaunchTemplate ?? {});
  const LaunchTemplateData = {
    ...{ ImageId: IMAGE, InstanceType: "t3.micro" as const, SecurityGroupIds: [securityGroup ?? ""] },
    IamInstanceProfile: { Name: "servers" },
  };
  await ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData }));
  const targets = { Name: "servers", Protocol: "HTTP", Port: 5000, VpcId } as const;
  targetGroup = (await balancing.send(new CreateTargetGroupCommand(targets))).TargetGroups?.[0]?.TargetGroupArn;
  for (const name of ["web", "other"]) await createGroup(name, name === "web" ? 2 : 0);
});
afterAll(() => cloud.stop());

const createGroup = (AutoScalingGroupName: string, DesiredCapacity: number) =>
  clients.scaling.send(
    new CreateAutoScalingGroupCommand({
      ...{ AutoScalingGroupName, DesiredCapacity, MinSize: Math.min(1, DesiredCapacity), MaxSize: 3 },
      ...{ LaunchTemplate: { LaunchTemplateId, Version: "2" }, VPCZoneIdentifier: subnets.join(",") },
      TargetGroupARNs: [targetGroup ?? ""],
    }),
  );
const web = async () => {
  const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["web"] });
  return (await clients.scaling.send(asked)).AutoScalingGroups?.[0];
};
const idsOf = async () => ((await web())?.Instances ?? []).map(({ InstanceId = "" }) => InstanceId).sort();
const targets = async () => {
  const asked = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup });
  const { TargetHealthDescriptions = [] } = await clients.balancing.send(asked);
  return TargetHealthDescriptions.map(({ Target }) => Target?.Id ?? "").sort();
};
const setDesired = (DesiredCapacity: number) =>
  clients.scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: "web", DesiredCapacity }));

describe("an Auto Scaling group", () => {
  test("launches in all its zones, by its version of the template", async () => {
    const members = (await web())?.Instances ?? [];
    expect(members.map(({ AvailabilityZone }) => AvailabilityZone?.at(-1)).sort()).toEqual(["a", "b"]);
    expect(members.map(({ LaunchTemplate }) => LaunchTemplate?.Version)).toEqual(["2", "2"]);
    const asked = new DescribeInstancesCommand({ InstanceIds: await idsOf() });
    const { Reservations = [] } = await clients.ec2.send(asked);
    const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
    expect(instances).toHaveLength(2);
    for (const { ImageId, SecurityGroups, IamInstanceProfile } of instances)
      expect([ImageId, SecurityGroups?.[0]?.GroupId, IamInstanceProfile?.Arn]).toEqual([
        IMAGE,
        securityGroup,
        expect.stringContaining("instance-profile/servers"),
      ]);
  });

  test("refuses sizes beyond its bounds, and moves its size with them", async () => {
    await expect(setDesired(4)).rejects.toThrow(
      "New SetDesiredCapacity value 4 is above max value 3 for the AutoScalingGroup.",
    );
    await expect(setDesired(0)).rejects.toThrow(
      "New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup.",
    );
    const update = (sizes: object) =>
      clients.scaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "web", ...sizes }));
    await expect(update({ DesiredCapacity: 5 })).rejects.toThrow(
      "must be between the specified min size:1 and max size:3",
    );
    await expect(createGroup("too-large", 9)).rejects.toThrow(
      "must be between the specified min size:1 and max size:3",
    );
    await update({ MinSize: 3, DefaultCooldown: 0 });
    expect(await web()).toMatchObject({ DesiredCapacity: 3, DefaultCooldown: 0 });
    await update({ MinSize: 1, MaxSize: 2 });
    expect((await web())?.DesiredCapacity).toBe(2);
    await update({ MaxSize: 3 });
  });

  test("has targets that are its instances, through terminations of all kinds", async () => {
    const [first = "", second = ""] = await idsOf();
    await clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: [first] }));
    expect(await targets()).toEqual(await idsOf());
    const InstanceId = second;
    const terminate = (ShouldDecrementDesiredCapacity: boolean) =>
      clients.scaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity }),
      );
    await terminate(true);
    expect(await targets()).toEqual(await idsOf());
    await expect(terminate(false)).rejects.toThrow(`No managed instance found for instance ID: ${second}`);
    const [last = ""] = await idsOf();
    await expect(
      clients.scaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: last, ShouldDecrementDesiredCapacity: true }),
      ),
    ).rejects.toThrow("Currently, desiredSize equals minSize (1).");
    // One that is stopped is no reason to fail.
    await clients.ec2.send(new StopInstancesCommand({ InstanceIds: [last] }));
    await setDesired(2);
    expect(await targets()).toEqual(await idsOf());
  });

  test("has policies of its own, which stay within its bounds", async () => {
    const { scaling } = clients;
    const put = async (AutoScalingGroupName: string) => {
      const policy = {
        AutoScalingGroupName,
        PolicyName: "up",
        AdjustmentType: "ChangeInCapacity",
        ScalingAdjustment: 5,
      };
      return (await scaling.send(new PutScalingPolicyCommand(policy))).PolicyARN;
    };
    const arns = [await put("web"), await put("other")];
    expect(arns[0]).toMatch(/^arn:aws:autoscaling:.*autoScalingGroupName\/web:policyName\/up$/);
    const listed = async () =>
      ((await scaling.send(new DescribePoliciesCommand({}))).ScalingPolicies ?? []).map(({ PolicyARN }) => PolicyARN);
    expect(await listed()).toEqual(arns);
    await scaling.send(new ExecutePolicyCommand({ AutoScalingGroupName: "web", PolicyName: "up" }));
    expect((await web())?.DesiredCapacity).toBe(3);
    await scaling.send(new DeletePolicyCommand({ AutoScalingGroupName: "web", PolicyName: "up" }));
    expect(await listed()).toEqual(arns.slice(1));
    await scaling.send(new DeletePolicyCommand({ PolicyName: arns[1] }));
    await expect(scaling.send(new ExecutePolicyCommand({ PolicyName: arns[1] }))).rejects.toThrow(
      "No scaling policy found",
    );
  });
});

describe("CloudWatch", () => {
  const Dimensions = [{ Name: "LoadBalancer", Value: "app/web/1" }];
  const metric = { Namespace: "AWS/ApplicationELB", MetricName: "TargetResponseTime", Dimensions };
  const at = (minutes: number) => new Date(Date.UTC(2030, 0, 1, 0, minutes));
  const put = (minutes: number, Values: number[], Counts: number[]) => {
    const MetricData = [
      { MetricName: metric.MetricName, Dimensions, Timestamp: at(minutes), Values, Counts, Unit: "Seconds" as const },
    ];
    return clients.alarms.send(new PutMetricDataCommand({ Namespace: metric.Namespace, MetricData }));
  };
  const get = async (period: object) => {
    const asked = { ...metric, StartTime: at(0), EndTime: at(600), Period: 300, ...period };
    return (await clients.alarms.send(new GetMetricStatisticsCommand(asked))).Datapoints;
  };

  test("calculates percentiles, and keeps three hours", async () => {
    await put(1, [0.1, 0.2], [90, 8]);
    await put(2, [5], [2]);
    expect(await get({ Statistics: ["Average", "SampleCount"], ExtendedStatistics: ["p50", "p98", "p99"] })).toEqual([
      {
        ...{ Timestamp: at(0), Unit: "Seconds", SampleCount: 100, Average: expect.closeTo(0.206) as number },
        ExtendedStatistics: { p50: 0.1, p98: 0.2, p99: 5 },
      },
    ]);
    const MetricStat = { Metric: metric, Period: 60, Stat: "p99" };
    const query = (queries: object[]) =>
      clients.alarms.send(
        new GetMetricDataCommand({
          StartTime: at(0),
          EndTime: at(600),
          MetricDataQueries: queries as { Id: string }[],
        }),
      );
    const { MetricDataResults = [] } = await query([{ Id: "slowest", MetricStat }]);
    expect(MetricDataResults[0]).toMatchObject({ Values: [5, 0.2], Timestamps: [at(2), at(1)] });
    await expect(query([{ Id: "sum", Expression: "1 + 1" }])).rejects.toThrow("calculates no expressions: sum");
    await put(182, [1], [1]);
    expect((await get({ Statistics: ["Sum"] }))?.map(({ Sum }) => Sum)).toEqual([10, 1]);
  });

  test("has alarms that are born without data, keep their state when they are changed, and have a history", async () => {
    const { alarms } = clients;
    const set = (Threshold: number) =>
      alarms.send(
        new PutMetricAlarmCommand({
          ...{ AlarmName: "slow", ...metric, Statistic: "Average", Period: 60, EvaluationPeriods: 1, Threshold },
          ComparisonOperator: "GreaterThanThreshold",
        }),
      );
    const state = async () => (await alarms.send(new DescribeAlarmsCommand({}))).MetricAlarms?.[0]?.StateValue;
    await set(1);
    expect(await state()).toBe("INSUFFICIENT_DATA");
    const reason = {
      StateReason: "Threshold Crossed",
      StateReasonData: JSON.stringify({ queryDate: at(0).toISOString() }),
    };
    for (const StateValue of ["ALARM", "ALARM"] as const)
      await alarms.send(new SetAlarmStateCommand({ AlarmName: "slow", StateValue, ...reason }));
    await set(2);
    expect(await state()).toBe("ALARM");
    await alarms.send(new DeleteAlarmsCommand({ AlarmNames: ["slow"] }));
    const history = async (filter: object) =>
      (
        (await alarms.send(new DescribeAlarmHistoryCommand({ AlarmName: "slow", ...filter }))).AlarmHistoryItems ?? []
      ).map(({ HistorySummary }) => HistorySummary);
    expect(await history({ HistoryItemType: "ConfigurationUpdate", ScanBy: "TimestampAscending" })).toEqual([
      'Alarm "slow" created',
      'Alarm "slow" updated',
      'Alarm "slow" deleted',
    ]);
    expect(await history({ StartDate: at(0), EndDate: at(1) })).toEqual([
      "Alarm updated from INSUFFICIENT_DATA to ALARM",
    ]);
  });
});
