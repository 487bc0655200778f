/** The site for real: servers, load balancer and scaling behind the emulated AWS, beside what the simulation says. */
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import {
  DescribeScalingActivitiesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, DescribeAlarmHistoryCommand } from "@aws-sdk/client-cloudwatch";
import { nameIn } from "../../src/aws/names";
import { environments } from "../../src/config/environments";
import { bookOf } from "../../src/cost/prices/price-book";
import { synthesized } from "../../src/deploy/read-stack";
import { isAlive } from "../../src/machine/alone";
import { play, type DrillReport } from "../../src/playground/drills/drill";
import { DRILLS } from "../../src/playground/drills/drills";
import { healthy, stageOf, until, type Stage } from "../../src/playground/drills/stage";
import { findPlayground } from "../../src/playground/running";
import type { Snapshot } from "../../src/playground/snapshot";
import { readModel } from "../../src/resources/group-model";
import { shape } from "../../src/simulation/load";
import { simulate } from "../../src/simulation/simulate";
import { Cloud } from "./support";

const SPEED = 20;
const PERIOD = 300;
const HOUR = 3600;
const { names, fleet } = environments.local;
const named = (own: string) => nameIn("local", own);
const GROUP = named(names.autoScalingGroup);

let cloud: Cloud;
let stage: Stage;

beforeAll(async () => {
  cloud = await Cloud.deployed();
  const { code, output } = await cloud.command(["local", "--speed", String(SPEED)]);
  if (code !== 0) throw new Error(output);
  stage = stageOf((await findPlayground(cloud.folder))?.address ?? "");
});
afterAll(() => cloud.stop());

const never = () => Promise.reject(new Error("this drill asks for nothing"));
const props = {
  highAlarm: named(names.highCpuAlarm),
  lowAlarm: named(names.lowCpuAlarm),
  keep: never,
  setHealthCheckPath: never,
};
/** Which instance it is does not matter: AWS chooses by chance which one leaves. */
const nameless = (text: string) => text.replace(/instance \d+/, "instance");

test("the load balancer's address answers with the application", async () => {
  const { application } = await stage.snapshot();
  const answer = await fetch(application);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("Log in");
});

describe("the reference deployment's own test", () => {
  let report: DrillReport;
  let after: Snapshot;
  let begun: number;

  beforeAll(async () => {
    const drill = DRILLS["document"];
    if (drill === undefined) throw new Error("there is no such drill");
    report = await play("document", drill, stage, props, () => undefined);
    after = await stage.snapshot();
    begun = after.events.findLast(({ text }) => text.startsWith("load begins"))?.at ?? NaN;
  });

  test("happens as it promises, without a failed request", () => {
    expect(report.broken).toBeUndefined();
    expect(report.requests).toBeGreaterThan(0);
    expect(report.failed).toBe(0);
  });

  test("is what the simulation says, event by event, each within one evaluation period", () => {
    const model = readModel(synthesized("local", environments.local), bookOf);
    const scale = { vcpus: model.instance.vcpus, peak: 1, seconds: 2 * HOUR, start: HOUR, resolution: 60 };
    const service = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };
    const trace = simulate(model, shape("document", scale), service, { startupSeconds: fleet.startupSeconds });
    const simulated = trace.events.filter(({ at, kind }) => at > HOUR && kind !== "load");
    const played = after.events.filter(({ at, kind }) => at > begun && kind !== "load");
    const texts = (events: readonly { readonly text: string }[]) => events.map(({ text }) => nameless(text));
    expect(texts(played)).toEqual(texts(simulated));
    for (const [index, { at, text }] of simulated.entries())
      expect([text, Math.abs((played[index]?.at ?? NaN) - begun - (at - HOUR)) <= PERIOD]).toEqual([text, true]);
  });

  test("is in the account's own records", async () => {
    const { Activities = [] } = await cloud.scaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: GROUP }),
    );
    const described = Activities.map(({ Description = "", Cause = "" }) => `${Description} ${Cause}`).join("\n");
    expect(described).toMatch(/Launching a new EC2 instance: i-\w+ .*cpu-high in state ALARM/);
    expect(described).toMatch(/Terminating EC2 instance: i-\w+ .*cpu-low in state ALARM/);
    const history = await new CloudWatchClient(cloud.config).send(
      new DescribeAlarmHistoryCommand({ AlarmName: props.highAlarm, HistoryItemType: "StateUpdate" }),
    );
    const summaries = (history.AlarmHistoryItems ?? []).map(({ HistorySummary }) => HistorySummary);
    expect(summaries).toContain("Alarm updated from OK to ALARM");
  });
});

test("a server that is terminated by a request is replaced, and traffic goes on", async () => {
  const [server] = (await stage.snapshot()).servers;
  await cloud.scaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({
      InstanceId: server?.id,
      ShouldDecrementDesiredCapacity: false,
    }),
  );
  const replaced = await until(
    stage,
    (now) => healthy(now) === 1 && now.servers.length === 1 && now.servers[0]?.id !== server?.id,
    2 * HOUR,
  );
  expect(replaced).toBeDefined();
  expect((await fetch((await stage.snapshot()).application)).status).toBe(200);
});

test("a killed playground takes its servers with it, and is started again with the instances that there are", async () => {
  const before = await stage.snapshot();
  const killed = await findPlayground(cloud.folder);
  process.kill(killed?.pid ?? 0, "SIGKILL");
  while (isAlive(killed?.pid ?? 0)) await pause(50);
  const again = await cloud.command(["local", "--speed", String(SPEED)]);
  expect(again.output).toContain("Nothing left to change");
  const found = await findPlayground(cloud.folder);
  expect(found?.pid).not.toBe(killed?.pid);
  const now = await stageOf(found?.address ?? "").snapshot();
  expect(now.servers.map(({ id }) => id)).toEqual(before.servers.map(({ id }) => id));
  expect(Date.parse(now.time)).toBeGreaterThanOrEqual(Date.parse(before.time));

  // Nothing is left when it is taken down: no process, no port, no file.
  const address = now.servers[0]?.address ?? "";
  expect((await cloud.command(["local", "destroy"])).output).toContain("Everything is destroyed");
  for (const gone of [address, now.application, found?.address ?? ""]) await expect(fetch(gone)).rejects.toThrow();
  expect(isAlive(found?.pid ?? 0)).toBe(false);
  expect(existsSync(cloud.folder)).toBe(false);
});
