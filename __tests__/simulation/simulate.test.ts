/** The simulation of the group: the document's narrative, traces that are calculated manually, and what always holds. */
import fc from "fast-check";
import { modelOf } from "../../src/commands/simulate";
import { environments } from "../../src/config/environments";
import { shape, SHAPES, type Load } from "../../src/simulation/load";
import type { Model, ScalingPolicy } from "../../src/simulation/model";
import type { Parameters } from "../../src/simulation/parameters";
import { phases } from "../../src/simulation/phases";
import { simulate } from "../../src/simulation/simulate";
import { summarize } from "../../src/simulation/summary";
import type { Trace } from "../../src/simulation/trace";

const model = modelOf("production", environments.production);
const service = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };
const scale = { vcpus: 2, peak: 3, seconds: 7200, start: 1800, resolution: 60 };

/** Quiet for five minutes, then so much, in full instances, and later perhaps so much. */
const START = 300;
const constant = (instances: number, seconds: number, later?: { at: number; instances: number }): Load => ({
  name: "constant",
  seconds: START + seconds,
  segments: [
    { from: 0, cpu: 0, pinned: 0 },
    { from: START, cpu: 2 * instances, pinned: 0 },
    ...(later ? [{ from: START + later.at, cpu: 2 * later.instances, pinned: 0 }] : []),
  ],
});
/** Health checks at once, no delay in publication: the rest can be calculated manually. */
const PLAIN: Partial<Parameters> = { publicationDelaySeconds: 0, appStartSeconds: 0 };
/** Since the load began. */
const steps = ({ actions }: Trace) => actions.map(({ at, from, to }) => [at - START, from, to]);
const at = ({ events }: Trace, text: string) => events.find((event) => event.text.startsWith(text))?.at;

describe("the document's test: 600 s of full load on one instance", () => {
  const trace = simulate(model, shape("document", scale), service);

  test("from the beginning of a five-minute period: alarm after 11 minutes, a second healthy instance after 12 to 14, one again later", () => {
    expect(at(trace, "cpu-high ALARM")).toBe(1800 + 11 * 60);
    expect(steps(trace)[0]).toEqual([1800 + 11 * 60 - START, 1, 2]);
    const healthy = (at(trace, "instance 2 is healthy") ?? 0) - 1800;
    expect(healthy).toBeGreaterThanOrEqual(12 * 60);
    expect(healthy).toBeLessThanOrEqual(14 * 60);
    expect(steps(trace).at(-1)?.slice(1)).toEqual([2, 1]);
    expect(trace.samples.at(-1)?.desired).toBe(1);
  });

  test("begun at any second of the grid, it adds an instance in about 40 of 100 cases", () => {
    // Two periods have to be above 80 %: begun less than 60 s after the grid the first is, more than 240 s after it the third.
    const { share, fastest, slowest } = phases(model, service);
    expect(share).toBeCloseTo(119 / 300, 10);
    expect(fastest).toBeGreaterThanOrEqual(600);
    expect(slowest).toBeLessThanOrEqual(720);
  });

  test("if alarms used five-minute values that are incomplete, it always would", () => {
    expect(phases(model, service, { partialDatapoints: true }).share).toBe(1);
  });
});

describe("simple policies", () => {
  test("wait for the instance and then for the cooldown; the alarm asks again each minute", () => {
    // 10 instances' worth on one: both whole periods are there at 600 s. In service 60 s later, cooldown 300 s: the next at 960 s.
    const trace = simulate({ ...model, maxSize: 4 }, constant(10, 3600), service, PLAIN);
    expect(steps(trace)).toEqual([
      [600, 1, 2],
      [960, 2, 3],
      [1320, 3, 4],
    ]);
  });

  test("block one another, whichever began the activity", () => {
    // The load ends as soon as the second is launched. cpu-low is in ALARM at 1200 s, but a cooldown of 1200 s ends at 1860 s.
    const [out, back] = model.policies as [ScalingPolicy & { kind: "simple" }, ScalingPolicy];
    const load = constant(10, 3600, { at: 600, instances: 0 });
    const trace = simulate({ ...model, policies: [{ ...out, cooldownSeconds: 1200 }, back] }, load, service, PLAIN);
    expect(trace.events.filter(({ text }) => text === "cpu-low ALARM").at(-1)?.at).toBe(START + 1200);
    expect(steps(trace)).toEqual([
      [600, 1, 2],
      [1860, 2, 1],
    ]);
  });

  test("that change nothing begin no cooldown", () => {
    const trace = simulate({ ...model, minSize: 4, desired: 4 }, constant(10, 3600), service, PLAIN);
    expect(trace.actions).toEqual([]);
  });
});

describe("step policies", () => {
  const stepping: Model = {
    ...model,
    instance: { ...model.instance, detailed: true },
    maxSize: 10,
    alarms: model.alarms.map((alarm) => ({ ...alarm, periodSeconds: 60 })),
    policies: [
      {
        name: "scale-out",
        kind: "step",
        adjustmentType: "ChangeInCapacity",
        minimumMagnitude: 1,
        warmUpSeconds: 240,
        steps: [
          { lower: 0, upper: 15, adjustment: 1 },
          { lower: 15, adjustment: 3 },
        ],
      },
      {
        name: "scale-in",
        kind: "step",
        adjustmentType: "ChangeInCapacity",
        minimumMagnitude: 1,
        warmUpSeconds: 240,
        steps: [{ upper: 0, adjustment: -1 }],
      },
    ],
  };

  test("answer one rise of the load once: instances that warm up count as added", () => {
    // 100 % is 20 above the threshold: three more. In service at 180 s and warm at 420 s; only then do the four that are
    // there, still at 100 %, ask for three more, and those seven at 86 % for one.
    const trace = simulate(stepping, constant(6, 1200), service, PLAIN);
    expect(steps(trace)).toEqual([
      [120, 1, 4],
      [420, 4, 7],
      [720, 7, 8],
    ]);
  });

  test("remove nothing while an instance warms up", () => {
    const load = constant(6, 1500, { at: 150, instances: 0 });
    const trace = simulate(stepping, load, service, PLAIN);
    expect(steps(trace)[0]).toEqual([120, 1, 4]);
    expect(steps(trace)[1]).toEqual([420, 4, 3]);
  });
});

describe("target tracking", () => {
  const policy: ScalingPolicy = {
    name: "track",
    kind: "targetTracking",
    targetPercent: 60,
    disableScaleIn: false,
    warmUpSeconds: 120,
  };
  const tracking: Model = {
    ...model,
    instance: { ...model.instance, detailed: true },
    maxSize: 10,
    policies: [policy],
    alarms: [
      {
        name: "high",
        comparison: ">",
        threshold: 60,
        periodSeconds: 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        treatMissingData: "missing",
        policies: ["track"],
      },
      {
        name: "low",
        comparison: "<",
        threshold: 54,
        periodSeconds: 60,
        evaluationPeriods: 15,
        datapointsToAlarm: 15,
        treatMissingData: "missing",
        policies: ["track"],
      },
    ],
  };

  test("scales in proportion, rounded up, and settles", () => {
    // 1.5 instances' worth. One at 100 %: 100/60 → 2 at 180 s. Two at 75 %: 2 × 75/60 = 2.5 → 3. Three at 50 %: in the band? below
    // 54, but two would be at 75.
    const trace = simulate(tracking, constant(1.5, 7200), service, PLAIN);
    expect(steps(trace)[0]).toEqual([180, 1, 2]);
    expect(steps(trace)[1]?.slice(1)).toEqual([2, 3]);
    expect(trace.actions).toHaveLength(2);
  });

  test("shrinks after a quarter of an hour below", () => {
    const load = constant(3, 7200, { at: 3600, instances: 0.25 });
    const trace = simulate(tracking, load, service, PLAIN);
    const first = trace.actions.find(({ from, to }) => to < from);
    expect(first?.at).toBe(START + 3600 + 15 * 60);
    expect(trace.samples.at(-1)?.desired).toBe(1);
  });

  test("that may not remove, does not", () => {
    const load = constant(3, 7200, { at: 3600, instances: 0 });
    const kept = { ...tracking, policies: [{ ...policy, disableScaleIn: true }], alarms: tracking.alarms.slice(0, 1) };
    expect(simulate(kept, load, service, PLAIN).actions.filter(({ from, to }) => to < from)).toEqual([]);
  });

  test("a warm pool serves sooner", () => {
    const cold = simulate(tracking, constant(1.5, 3600), service);
    const warm = simulate({ ...tracking, warmPool: 3 }, constant(1.5, 3600), service);
    expect(warm.firstAddedHealthyAt).toBeLessThan(cold.firstAddedHealthyAt ?? 0);
  });
});

test("of several policies the one with the largest capacity wins", () => {
  const [out, back] = model.policies as [ScalingPolicy & { kind: "simple" }, ScalingPolicy];
  const both: Model = {
    ...model,
    policies: [out, { ...out, name: "more", adjustment: 2 }, back],
    alarms: model.alarms.map((alarm, index) => (index === 0 ? { ...alarm, policies: ["scale-out", "more"] } : alarm)),
  };
  expect(steps(simulate(both, constant(10, 700), service, PLAIN))).toEqual([[600, 1, 3]]);
});

test("schedules change size and bounds, cooldown or not", () => {
  const schedules = [
    { name: "morning", recurrence: "30 0 * * *", timeZone: "Etc/UTC", minSize: 3 },
    { name: "night", recurrence: "0 1 * * *", timeZone: "Etc/UTC", minSize: 1, desired: 1 },
  ];
  expect(steps(simulate({ ...model, schedules }, constant(0, 5400), service))).toEqual([
    [1800 - START, 1, 3],
    [3600 - START, 3, 1],
  ]);
});

describe("health", () => {
  test("a failed instance is replaced without a gap where new ones are launched first", () => {
    const trace = simulate({ ...model, desired: 2, minSize: 2 }, constant(0.5, 3600), service, { failures: [600] });
    // Three failed checks, 30 s apart, and up to a minute until the group looks.
    expect(at(trace, "instance 1 is unhealthy")).toBe(690);
    expect(at(trace, "instance 1 is unhealthy and is replaced")).toBe(750);
    expect(at(trace, "instance 3 is healthy")).toBeLessThanOrEqual(750 + 110);
    expect(trace.samples.at(-1)?.healthy).toBe(2);
    expect(trace.actions).toEqual([]);
    expect(trace.lost).toBe(0);
  });

  test("an application that starts too slowly for its grace period is replaced for ever", () => {
    const trace = simulate({ ...model, graceSeconds: 30 }, constant(10, 3600), service, { appStartSeconds: 600 });
    expect(trace.events.filter(({ text }) => text.includes("is not healthy in time")).length).toBeGreaterThan(3);
  });
});

describe("CPU credits", () => {
  /** One instance's worth from the first second. */
  const full = (seconds: number): Load => ({ name: "full", seconds, segments: [{ from: 0, cpu: 2, pinned: 0 }] });

  test("without any, a saturated group looks idle and is made smaller; unlimited cures that", () => {
    const group: Model = { ...model, minSize: 1, desired: 2 };
    const standard = { ...group, instance: { ...model.instance, credits: "standard" as const } };
    const poor = simulate(standard, constant(2, 7200), service);
    expect(poor.samples.at(-1)?.cpu).toBeCloseTo(10, 0);
    expect(steps(poor).map(([, from, to]) => [from, to])).toEqual([[2, 1]]);
    const rich = simulate(group, constant(2, 7200), service);
    expect(rich.samples.at(-1)?.healthy).toBeGreaterThan(2);
  });

  test("are spent before the speed drops", () => {
    const standard = { ...model, maxSize: 1, instance: { ...model.instance, credits: "standard" as const } };
    // 144 credits, 2 vCPUs at full speed use 2 a minute and earn 0.2: gone after 80 minutes.
    const trace = simulate(standard, full(7200), service, { initialCredits: 144 });
    const slow = trace.samples.find(({ capacity }) => capacity < 2);
    expect(slow?.at).toBe(80 * 60);
  });

  test("that an unlimited one owes beyond a day's earnings are billed", () => {
    // A day at full speed: 24 h × 2 vCPUs − 24 × 12 credits (4.8 vCPU-hours) earned = 43.2 vCPU-hours, at 0.05 USD.
    const trace = simulate({ ...model, maxSize: 1 }, full(86_400), service);
    expect(trace.surplusVcpuHours).toBeCloseTo(43.2, 6);
    expect(summarize(trace, service)).toMatchObject({ surplusUsd: expect.closeTo(2.16, 6) as number });
    expect(summarize(trace, service).usd).toBeCloseTo(24 * 0.0112 + 2.16, 6);
  });
});

describe("always", () => {
  const loads = fc.record({
    name: fc.constantFrom(...SHAPES.filter((name) => name !== "document")),
    peak: fc.double({ min: 0.1, max: 6, noNaN: true }),
  });
  const sizes = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .map((all) => all.sort((a, b) => a - b));
  const run = (
    load: { name: string; peak: number },
    [minSize, desired, maxSize]: [number, number, number],
    seed: number,
  ) =>
    simulate(
      { ...model, minSize, desired, maxSize },
      shape(load.name, { ...scale, ...load, seconds: 10_800 }),
      service,
      {},
      seed,
    );

  test("the group stays within its bounds and its zones, waits out its cooldowns, and is billed for its hours", () => {
    fc.assert(
      fc.property(loads, sizes, fc.nat(), (load, bounds, seed) => {
        const trace = run(load, bounds, seed);
        const [least, , most] = bounds;
        for (const { desired } of trace.samples) {
          expect(desired).toBeGreaterThanOrEqual(least);
          expect(desired).toBeLessThanOrEqual(most);
        }
        expect(trace.zoneSpread).toBeLessThanOrEqual(1);
        trace.actions.slice(1).forEach((action, index) => {
          expect(action.at - (trace.actions[index]?.at ?? 0)).toBeGreaterThanOrEqual(300);
        });
        const { usd, surplusUsd, instanceHours } = summarize(trace, service);
        expect(usd).toBeCloseTo(instanceHours * 0.0112 + (surplusUsd ?? NaN), 10);
        expect(trace.lost).toBeLessThanOrEqual(trace.asked);
      }),
      { numRuns: 60 },
    );
  });

  test("the same seed gives the same trace", () => {
    fc.assert(
      fc.property(loads, sizes, fc.nat(), (load, bounds, seed) => {
        expect(run(load, bounds, seed)).toEqual(run(load, bounds, seed));
      }),
      { numRuns: 10 },
    );
  });

  test("nothing happens while the load stays inside the band", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.double({ min: 0.21, max: 0.79, noNaN: true }), { minLength: 5, maxLength: 60 }),
        (size, levels) => {
          const segments = levels.map((level, index) => ({ from: index * 120, cpu: 2 * size * level, pinned: 0 }));
          const load: Load = { name: "band", seconds: levels.length * 120, segments };
          expect(simulate({ ...model, desired: size }, load, service).actions).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
