/** The emulated AWS with a playground attached: the real Terraform waits for its servers, and the real AWS CLI sees and moves them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { Testing } from "cdktf";
import { clientsFor } from "../../src/account/clients";
import { nameIn } from "../../src/aws/names";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { run, type Finished } from "../../src/machine/run";
import { readCloud } from "../../src/playground/cloud";
import { synthStack } from "../support";
import { ENVIRONMENT, Servers } from "./servers";
import { StandIn } from "./stand-in";
import { Cloud } from "./support";

const GROUP = nameIn(ENVIRONMENT, environments.local.names.autoScalingGroup);
const ALARM = nameIn(ENVIRONMENT, environments.local.names.highCpuAlarm);
const settings = derive(environments.local, { fleet: { minSize: 1, desiredCapacity: 1, maxSize: 3 } });

let cloud: Cloud;
let standIn: StandIn;
const folder = () => join(cloud.folder, "servers");
const terraform = (...args: string[]) =>
  run("terraform", [...args, "-no-color"], { cwd: folder(), env: cloud.workspace.env });

beforeAll(async () => {
  cloud = await Cloud.start("missing");
  standIn = new StandIn(cloud.config.endpoint ?? "", clientsFor(cloud.config));
  await standIn.attach();
  mkdirSync(folder());
  writeFileSync(join(folder(), "cdk.tf.json"), synthStack(new Servers(Testing.app(), settings)).json);
  expect(await terraform("init", "-input=false")).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await standIn.stop();
  await cloud.stop();
});

/** Requests that the emulator has answered. */
const answered = () => readFileSync(join(cloud.folder, "emulator.log"), "utf8").split("\n").length;

test("a deploy launches nothing by itself, and waits until the playground has launched and found the target healthy", async () => {
  let applied: Finished | undefined;
  const apply = terraform("apply", "-auto-approve", "-input=false").then((finished) => (applied = finished));
  const until = async (happened: () => boolean) => {
    while (!happened()) {
      if (applied !== undefined) throw new Error(`Terraform did not wait: ${applied.output}`);
      await pause(100);
    }
  };
  await until(() => standIn.requests.some(({ action, group }) => action === "group" && group === GROUP));
  const group = await standIn.group(GROUP);
  expect(group).toMatchObject({ desired: 1, members: [] });

  const id = await standIn.launch(GROUP, group?.subnets[1] ?? "");
  expect((await standIn.group(GROUP))?.members).toMatchObject([{ id, lifecycle: "Pending", state: "running" }]);
  await standIn.plane.member(GROUP, id, "InService", "Healthy");
  const [target] = (await readCloud(clientsFor(cloud.config))).targetGroups;
  expect(target?.targets).toEqual([{ id, port: 5000 }]);
  // Now only the group is still being created: it asks for its capacity and for the health of the target.
  const before = answered();
  await until(() => answered() > before + 4);

  await standIn.serve(GROUP, id);
  expect((await apply).output).toContain("Apply complete!");
  const plan = await terraform("plan", "-input=false");
  expect(plan.output).toContain("No changes.");
});

const HAS_CLI = spawnSync("aws", ["--version"]).status === 0;
const about = HAS_CLI ? "the AWS CLI" : "the AWS CLI, skipped since it is not installed (Debian: apt install awscli)";

(HAS_CLI ? describe : describe.skip)(about, () => {
  const aws = (...args: string[]) => {
    const env = {
      ...cloud.workspace.env,
      AWS_PAGER: "",
      AWS_DEFAULT_OUTPUT: "json",
      AWS_DEFAULT_REGION: cloud.config.region,
    };
    return run("aws", args, { env });
  };
  const said = async (...args: string[]) => {
    const { code, output, stdout } = await aws(...args);
    if (code !== 0) throw new Error(output);
    return (stdout === "" ? {} : JSON.parse(stdout)) as Record<string, readonly Record<string, unknown>[]>;
  };
  const members = async () => ((await standIn.group(GROUP))?.members ?? []).map(({ id }) => id);

  beforeAll(() => (standIn.isActive = true));

  test("reads the health of targets, and why one is not healthy", async () => {
    const [id = ""] = await members();
    await standIn.find(GROUP, {
      [id]: {
        state: "unhealthy",
        reason: "Target.ResponseCodeMismatch",
        description: "Health checks failed with these codes: [500]",
      },
      "i-00000000000000000": { state: "draining", reason: "Target.DeregistrationInProgress" },
    });
    const [arn = ""] = (await standIn.group(GROUP))?.targetGroups ?? [];
    const { TargetHealthDescriptions = [] } = await said("elbv2", "describe-target-health", "--target-group-arn", arn);
    expect(TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth)).toEqual([
      {
        State: "unhealthy",
        Reason: "Target.ResponseCodeMismatch",
        Description: "Health checks failed with these codes: [500]",
      },
      { State: "draining", Reason: "Target.DeregistrationInProgress" },
    ]);
    await standIn.find(GROUP, { [id]: { state: "healthy" } });
  });

  test("reads alarms and their history", async () => {
    const state = (value: string, reason: string, date: string) =>
      said(
        ...["cloudwatch", "set-alarm-state", "--alarm-name", ALARM, "--state-value", value, "--state-reason", reason],
        ...["--state-reason-data", JSON.stringify({ version: "1.0", queryDate: date })],
      );
    const born = await said("cloudwatch", "describe-alarms", "--alarm-names", ALARM);
    expect(born["MetricAlarms"]).toMatchObject([{ AlarmName: ALARM, StateValue: "INSUFFICIENT_DATA", Threshold: 80 }]);
    await state("OK", "Threshold Crossed: 2 datapoints", "2030-01-01T00:00:00.000+0000");
    await state("ALARM", "Threshold Crossed: 2 datapoints [90.0, 95.0]", "2030-01-01T00:10:00.000+0000");
    const { AlarmHistoryItems = [] } = await said("cloudwatch", "describe-alarm-history", "--alarm-name", ALARM);
    expect(AlarmHistoryItems.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary])).toEqual([
      ["StateUpdate", "Alarm updated from OK to ALARM"],
      ["StateUpdate", "Alarm updated from INSUFFICIENT_DATA to OK"],
      ["ConfigurationUpdate", `Alarm "${ALARM}" created`],
    ]);
    // The first major version of the CLI writes seconds since 1970 here.
    const date = AlarmHistoryItems[0]?.["Timestamp"];
    expect(typeof date === "number" ? date * 1000 : Date.parse(String(date))).toBe(Date.UTC(2030, 0, 1, 0, 10));
    expect(JSON.parse(String(AlarmHistoryItems[0]?.["HistoryData"]))).toMatchObject({
      oldState: { stateValue: "OK" },
      newState: { stateValue: "ALARM", stateReason: "Threshold Crossed: 2 datapoints [90.0, 95.0]" },
    });
  });

  test("reads metric statistics, percentiles included", async () => {
    const dimension = "Name=AutoScalingGroupName,Value=web";
    const metric = {
      Namespace: "Test",
      MetricName: "Load",
      Dimensions: [{ Name: "AutoScalingGroupName", Value: "web" }],
    };
    const datum = {
      ...{
        MetricName: metric.MetricName,
        Dimensions: metric.Dimensions,
        Timestamp: "2030-01-01T00:01:00Z",
        Unit: "Percent",
      },
      ...{ Values: [10, 20, 500], Counts: [90, 8, 2] },
    };
    await said("cloudwatch", "put-metric-data", "--namespace", "Test", "--metric-data", JSON.stringify([datum]));
    const period = ["--start-time", "2030-01-01T00:00:00Z", "--end-time", "2030-01-01T00:05:00Z"];
    const asked = ["--namespace", "Test", "--metric-name", "Load", "--period", "300", ...period];
    const statistics = [...asked, "--dimensions", dimension];
    const plain = await said(
      "cloudwatch",
      "get-metric-statistics",
      ...statistics,
      "--statistics",
      "Average",
      "Maximum",
    );
    expect(plain["Datapoints"]).toMatchObject([{ Average: 20.6, Maximum: 500, Unit: "Percent" }]);
    const extended = await said(
      "cloudwatch",
      "get-metric-statistics",
      ...statistics,
      "--extended-statistics",
      "p50",
      "p99",
    );
    expect(extended["Datapoints"]).toMatchObject([{ ExtendedStatistics: { p50: 10, p99: 500 } }]);
    // All dimensions of a metric have to be named.
    const none = await said("cloudwatch", "get-metric-statistics", ...asked, "--statistics", "Sum");
    expect(none["Datapoints"]).toEqual([]);
    const queries = [{ Id: "load", MetricStat: { Metric: metric, Period: 60, Stat: "p98" } }];
    const data = await said(
      "cloudwatch",
      "get-metric-data",
      ...period,
      "--metric-data-queries",
      JSON.stringify(queries),
    );
    expect(data["MetricDataResults"]).toMatchObject([{ Id: "load", Values: [20] }]);
  });

  test("sets the desired capacity within its bounds, and servers follow", async () => {
    const set = (size: number) =>
      aws(
        "autoscaling",
        "set-desired-capacity",
        "--auto-scaling-group-name",
        GROUP,
        "--desired-capacity",
        String(size),
      );
    expect((await set(4)).output).toContain(
      "(ValidationError) when calling the SetDesiredCapacity operation: New SetDesiredCapacity value 4 is above max value 3 for the AutoScalingGroup.",
    );
    expect(await set(2)).toMatchObject({ code: 0 });
    while ((await members()).length < 2) await pause(100);
    const { AutoScalingGroups = [] } = await said("autoscaling", "describe-auto-scaling-groups");
    expect(AutoScalingGroups).toMatchObject([{ DesiredCapacity: 2, AutoScalingGroupName: GROUP }]);
    const { AutoScalingInstances = [] } = await said("autoscaling", "describe-auto-scaling-instances");
    expect(AutoScalingInstances).toHaveLength(2);
    expect(new Set(AutoScalingInstances.map(({ AvailabilityZone }) => AvailabilityZone)).size).toBe(2);
  });

  test("terminates an instance of the group, and reads the activities", async () => {
    const [id = ""] = await members();
    const terminate = ["autoscaling", "terminate-instance-in-auto-scaling-group", "--instance-id"];
    const { Activity } = await said(...terminate, id, "--no-should-decrement-desired-capacity");
    expect(Activity).toMatchObject({ Description: `Terminating EC2 instance: ${id}`, AutoScalingGroupName: GROUP });
    while ((await members()).includes(id) || (await members()).length < 2) await pause(100);
    const { Activities = [] } = await said(
      "autoscaling",
      "describe-scaling-activities",
      "--auto-scaling-group-name",
      GROUP,
    );
    expect(Activities.map(({ Description, StatusCode }) => `${String(Description)} ${String(StatusCode)}`)).toEqual([
      expect.stringMatching(/^Launching a new EC2 instance: i-\w+ Successful$/),
      `Terminating EC2 instance: ${id} Successful`,
      expect.stringMatching(/^Launching/),
      expect.stringMatching(/^Launching/),
    ]);
    expect((await aws(...terminate, id, "--no-should-decrement-desired-capacity")).output).toContain(
      `Instance Id not found - No managed instance found for instance ID: ${id}`,
    );
  });

  test("executes a policy, and is refused while its cooldown runs", async () => {
    const execute = ["autoscaling", "execute-policy", "--auto-scaling-group-name", GROUP, "--policy-name", "scale-out"];
    standIn.refusals.set("executePolicy", {
      error: { code: "ScalingActivityInProgress", message: "The cooldown of scale-out lasts for another 120 s" },
    });
    expect((await aws(...execute, "--honor-cooldown")).output).toContain(
      "(ScalingActivityInProgress) when calling the ExecutePolicy operation: The cooldown of scale-out lasts for another 120 s",
    );
    standIn.refusals.clear();
    expect(await aws(...execute)).toMatchObject({ code: 0 });
    expect(standIn.requests.at(-1)).toEqual({
      action: "executePolicy",
      group: GROUP,
      policy: "scale-out",
      honorCooldown: false,
    });
  });
});

test("an instance that EC2 terminates stays a member until the playground has noticed", async () => {
  standIn.isActive = false;
  const { ec2 } = clientsFor(cloud.config);
  const [{ id } = { id: "" }] = (await standIn.group(GROUP))?.members ?? [];
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  expect(standIn.requests.at(-1)).toEqual({ action: "instancesTerminated", group: GROUP, instances: [id] });
  expect((await standIn.group(GROUP))?.members.find((member) => member.id === id)).toMatchObject({
    state: "terminated",
  });
});

test("a destroy waits until the playground has ended the servers", async () => {
  standIn.isActive = true;
  expect((await terraform("destroy", "-auto-approve", "-input=false")).output).toContain("Destroy complete!");
  expect(await standIn.group(GROUP)).toBeUndefined();
  expect(standIn.failures).toEqual([]);
});
