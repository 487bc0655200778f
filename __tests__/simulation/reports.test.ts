/** What is made of a trace: summaries, promises, sweeps, tables and pictures. */
import { modelOf } from "../../src/commands/simulate";
import { alternatives } from "../../src/config/alternatives";
import { environments } from "../../src/config/environments";
import { derive, type Differences } from "../../src/config/derive";
import type { Settings } from "../../src/config/schema";
import { billOf } from "../../src/cost/bill";
import { bookOf } from "../../src/cost/prices/price-book";
import { synthesized } from "../../src/deploy/read-stack";
import { resourceTypes } from "../../src/resources/tables";
import { stackFrom } from "../../src/terraform/stack";
import { broken as brokenOf, promisesIn } from "../../src/simulation/assertions";
import { shape, type Load } from "../../src/simulation/load";
import { clock, table, timeline } from "../../src/simulation/render-text";
import { simulate } from "../../src/simulation/simulate";
import { summarize } from "../../src/simulation/summary";
import { lowerBound } from "../../src/simulation/sweep";

const POOL = (state: "Stopped" | "Running") => ({ warmPool: { state, minSize: 0, reuseOnScaleIn: false } });
const TRACKING = { kind: "targetTracking", targetPercent: 60, warmUpSeconds: 120 } as const;
const model = modelOf("production", environments.production);
const service = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };
const load = shape("document", { vcpus: 2, peak: 1, seconds: 7200, start: 1800, resolution: 60 });
const trace = simulate(model, load, service);
const summary = summarize(trace);

test("the timeline reads like the document's", () => {
  const told = timeline(trace);
  for (const line of [
    "0:30:00  load begins on one instance",
    "0:41:00  cpu-high ALARM",
    "0:41:00  scale-out: add 1 instance, 1 → 2",
    "instance 2 is healthy, 2 instances serve",
    "cpu-low ALARM",
    "scale-in: remove 1 instance, 2 → 1",
  ]) {
    expect(told).toContain(line);
  }
  expect(timeline(trace, 2).split("\n")).toHaveLength(3);
});

test("a summary counts from the beginning of the load", () => {
  expect(summary.timeToCapacity).toBe((trace.firstAddedHealthyAt ?? 0) - 1800);
  expect(summary).toMatchObject({ actions: 2, flaps: 1, requests: 0, peakCpu: 100 });
  expect(table([["production", summary]])).toContain(`after ${clock(summary.timeToCapacity ?? 0)}`);
});

test.each<[string, Differences<Settings>]>([
  ["of basic monitoring", {}],
  [
    "of detailed monitoring, with servers that wait stopped",
    { fleet: { ...POOL("Stopped"), detailedMonitoring: true } },
  ],
  ["with servers that wait running", { fleet: POOL("Running"), scaling: TRACKING }],
])("a month of an idle group %s costs what the bill says", (_, differences) => {
  const settings = derive(environments.production, differences);
  const stack = synthesized("production", settings);
  const scaling = stackFrom(
    [
      "aws_autoscaling_group",
      "aws_launch_template",
      "aws_autoscaling_policy",
      "aws_cloudwatch_metric_alarm",
      "aws_subnet",
    ].flatMap(stack.of),
    stack,
  );
  const bill = billOf(scaling, { ...settings.usage, servers: 1, cpuPercent: 0 }, bookOf, resourceTypes);
  const month: Load = { name: "idle", seconds: 730 * 3600, segments: [{ from: 0, cpu: 0, pinned: 0 }] };
  expect(summarize(simulate(modelOf("production", settings), month, service)).usd).toBeCloseTo(bill.total.expected, 6);
  expect(bill.unpriced).toEqual([]);
});

/** Without monitoring, disks and alarms, what is compared would be the instances and their credits alone. */
test("the policies that are compared are in the order of the bill, which is not that of their instances", () => {
  const day = shape("day", { vcpus: 2, peak: 3, seconds: 86_400, start: 0, resolution: 60 });
  const instance = bookOf(environments.production.region)?.prices["ec2.t3.micro"]?.usd ?? NaN;
  const others = alternatives(environments.production);
  const costs = ["with a warm pool", "target tracking", "step"].map((name) => {
    const policies = modelOf("production", others[name] ?? environments.production);
    const { instanceHours, surplusUsd = NaN, usd = NaN } = summarize(simulate(policies, day, service));
    return { usd, ofInstances: instanceHours * instance + surplusUsd };
  });
  const own = summarize(simulate(model, day, service));
  const [pool, tracking] = costs;
  expect(pool?.ofInstances).toBeLessThan(tracking?.ofInstances ?? NaN);
  expect(pool?.usd).toBeGreaterThan(tracking?.usd ?? NaN);
  expect(pool?.ofInstances).toBeLessThan(own.instanceHours * instance + (own.surplusUsd ?? NaN));
  expect(pool?.usd).toBeGreaterThan(own.usd ?? NaN);
});

test("a cost without the price of one of its parts is not known", () => {
  const without = (part: object) =>
    summarize({
      ...trace,
      stoppedHours: 1,
      surplusVcpuHours: 1,
      model: { ...model, prices: { ...model.prices, ...part } },
    });
  for (const part of ["server", "stopped", "alarms", "surplus"])
    expect(without({ [part]: undefined }).usd).toBeUndefined();
  expect(without({ surplus: undefined }).surplusUsd).toBeUndefined();
  expect(
    summarize({ ...trace, model: { ...model, prices: { ...model.prices, stopped: undefined } } }).usd,
  ).toBeGreaterThan(0);
});

test.each([
  [[1, 2], 1800, 0],
  [[1, 2, 1], 1799, 1],
  [[1, 2, 1], 1800, 0],
  [[1, 2, 3, 2, 3], 60, 2],
])("sizes of %j, %d s apart, are %d times back and forth", (sizes, seconds, flaps) => {
  const actions = sizes.slice(1).map((to, index) => ({ at: index * seconds, from: sizes[index] ?? 0, to, by: "x" }));
  expect(summarize({ ...trace, actions }).flaps).toBe(flaps);
});

test.each([
  [undefined, "none"],
  [0, "not needed"],
  [61, "after 0:01:01"],
])("a time to capacity of %j is shown as %s", (timeToCapacity, shown) => {
  expect(table([["x", { ...summary, timeToCapacity }]])).toMatch(new RegExp(`first added capacity +${shown}`));
});

const broken = (texts: readonly string[], of = summary) => brokenOf(promisesIn(texts), of);

test("promises are kept, broken, or not understood", () => {
  expect(broken(["timeToCapacity<900", "flaps=1", "slowMinutes<=0"], summary)).toEqual([]);
  expect(broken(["flaps=0", "instanceHours>100"], summary)).toEqual([
    "flaps=0 is broken: flaps is 1",
    `instanceHours>100 is broken: instanceHours is ${String(summary.instanceHours)}`,
  ]);
  expect(broken(["timeToCapacity<900"], { ...summary, timeToCapacity: undefined })).toEqual([
    "timeToCapacity<900 is broken: timeToCapacity is none",
  ]);
  expect(() => promisesIn(["speed<1", "flaps"])).toThrow(
    /^--assert speed<1: must be such as .*\n--assert flaps: must be such as /,
  );
  const answers = { ...summary, p50Seconds: 0.5, p95Seconds: 2, p99Seconds: 3, overSloPercent: 7.5, requestsLost: 2 };
  const kept = ["p50Seconds<1", "p95Seconds<=2", "p99Seconds>2.9", "overSloPercent<8", "requestsLost>=2"];
  expect(broken(kept, answers)).toEqual([]);
  expect(broken(["p95Seconds<2", "overSloPercent<=7"], answers)).toEqual([
    "p95Seconds<2 is broken: p95Seconds is 2",
    "overSloPercent<=7 is broken: overSloPercent is 7.5",
  ]);
  // What is not known holds no promise, in no direction.
  expect(broken(["usd<1", "usd>1"], { ...summary, usd: undefined })).toHaveLength(2);
});

test("all of a summary can be promised", () => {
  expect(promisesIn(Object.keys(summary).map((name) => `${name}<1`))).toHaveLength(Object.keys(summary).length);
});

test("a scaler that knows the load needs no more instance hours than any that is never too slow", () => {
  const day = shape("day", { vcpus: 2, peak: 3, seconds: 86_400, start: 0, resolution: 60 });
  const actual = summarize(simulate({ ...model, minSize: 4, desired: 4 }, day, service));
  expect(actual.slowMinutes).toBe(0);
  expect(lowerBound(model, day)).toBeLessThan(actual.instanceHours);
});
