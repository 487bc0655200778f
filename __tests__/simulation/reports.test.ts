/** What is made of a trace: summaries, promises, sweeps, tables and pictures. */
import fc from "fast-check";
import { modelOf } from "../../src/commands/simulate";
import { environments } from "../../src/config/environments";
import { derive, type Differences } from "../../src/config/derive";
import type { Settings } from "../../src/config/schema";
import { billOf } from "../../src/cost/bill";
import { bookOf } from "../../src/cost/prices/price-book";
import { synthesized } from "../../src/deploy/read-stack";
import { resourceTypes } from "../../src/resources/tables";
import { stackFrom } from "../../src/terraform/stack";
import { broken } from "../../src/simulation/assertions";
import { shape, type Load } from "../../src/simulation/load";
import { clock, table, timeline } from "../../src/simulation/render-text";
import { simulate } from "../../src/simulation/simulate";
import { summarize } from "../../src/simulation/summary";
import { lowerBound, paretoFront, variants } from "../../src/simulation/sweep";

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

test("promises are kept, broken, or not understood", () => {
  expect(broken(["timeToCapacity<900", "flaps=1", "slowMinutes<=0"], summary)).toEqual([]);
  expect(broken(["flaps=0", "instanceHours>100"], summary)).toEqual([
    "flaps=0 is broken: flaps is 1",
    `instanceHours>100 is broken: instanceHours is ${String(summary.instanceHours)}`,
  ]);
  expect(broken(["timeToCapacity<900"], { ...summary, timeToCapacity: undefined })).toEqual([
    "timeToCapacity<900 is broken: timeToCapacity is none",
  ]);
  expect(() => broken(["speed<1", "flaps"], summary)).toThrow(/^speed<1: must be such as .*\nflaps: must be such as /);
});

test("a sweep tries all combinations, on the alarms that they concern", () => {
  const tried = variants(model, ["high=60..90:15", "evaluationPeriods=1..2"]);
  expect(tried.map(({ name }) => name)).toEqual([
    "high=60 evaluationPeriods=1",
    "high=60 evaluationPeriods=2",
    "high=75 evaluationPeriods=1",
    "high=75 evaluationPeriods=2",
    "high=90 evaluationPeriods=1",
    "high=90 evaluationPeriods=2",
  ]);
  expect(tried[2]?.model.alarms.map(({ threshold, evaluationPeriods }) => [threshold, evaluationPeriods])).toEqual([
    [75, 1],
    [20, 1],
  ]);
  expect(() => variants(model, ["high=90..60", "colour=1"])).toThrow(/^high=90\.\.60: .*\ncolour=1: /);
});

test("no point of the front is beaten by another, and every other point is", () => {
  const point = fc.record({ name: fc.constant<string>(""), slowMinutes: fc.nat(20), instanceHours: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1 }), (points) => {
      const front = paretoFront(points);
      const beats = (a: (typeof points)[number], b: (typeof points)[number]) =>
        a.slowMinutes <= b.slowMinutes &&
        a.instanceHours <= b.instanceHours &&
        (a.slowMinutes < b.slowMinutes || a.instanceHours < b.instanceHours);
      for (const one of front) expect(points.some((other) => beats(other, one))).toBe(false);
      for (const one of points) {
        expect(
          front.some(
            (other) =>
              beats(other, one) || (other.slowMinutes === one.slowMinutes && other.instanceHours === one.instanceHours),
          ),
        ).toBe(true);
      }
    }),
  );
});

test("a scaler that knows the load needs no more instance hours than any that is never too slow", () => {
  const day = shape("day", { vcpus: 2, peak: 3, seconds: 86_400, start: 0, resolution: 60 });
  const actual = summarize(simulate({ ...model, minSize: 4, desired: 4 }, day, service));
  expect(actual.slowMinutes).toBe(0);
  expect(lowerBound(model, day)).toBeLessThan(actual.instanceHours);
});
