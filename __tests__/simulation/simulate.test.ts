/** The simulation of the group: the document's narrative, traces that are calculated manually, and what always holds. */
import fc from "fast-check";
import { modelOf } from "../../src/commands/simulate";
import { environments } from "../../src/config/environments";
import { shape, SHAPES, type Load } from "../../src/simulation/load";
import type { ScalingPolicy, Schedule } from "../../src/aws/auto-scaling/policies";
import type { Model, WaitingServers } from "../../src/simulation/model";
import { DEFAULTS, type Parameters } from "../../src/simulation/parameters";
import { Group } from "../../src/simulation/group";
import { World } from "../../src/simulation/world";
import type { Alarm } from "../../src/aws/alarm";
import { phases } from "../../src/simulation/phases";
import { randomFrom } from "../../src/simulation/random";
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
const PLAIN: Partial<Parameters> = { publicationDelaySeconds: 0, startupSeconds: 60 };
/** Since the load began. */
const steps = ({ actions }: Trace) => actions.map(({ at, from, to }) => [at - START, from, to]);
const at = ({ events }: Trace, text: string) => events.find((event) => event.text.startsWith(text))?.at;

/** CPU-seconds of requests that were refused. */
const lost = ({ answers }: Trace) => answers.refused * service.cpuSeconds;

const POOL: WaitingServers = { state: "Stopped", minSize: 0, maxPrepared: undefined, reuseOnScaleIn: false };

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

  test("wait for an instance that boots for longer than a minute", () => {
    // In service 150 s later, at 750 s; the cooldown ends at 1050 s, and the alarm asks at the next minute.
    const trace = simulate(model, constant(10, 1500), service, { ...PLAIN, startupSeconds: 150, bootSeconds: 150 });
    expect(steps(trace).slice(0, 2)).toEqual([
      [600, 1, 2],
      [1080, 2, 3],
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

  test.each([
    ["launched first", true, 961],
    ["terminated first", false, 960],
  ])("wait while a health check replaces an instance, %s", (_, launchFirst) => {
    // The first of two fails at 480 s, is unhealthy at 570 s, replaced at 630 s; the alarm is in ALARM from 900 s (600 s of load).
    const late = { ...PLAIN, startupSeconds: 600, bootSeconds: 400, failures: [START + 330] };
    // A failed instance has no load, so the two are at 50 % on average.
    const alarms = model.alarms.map((alarm, index) => (index === 0 ? { ...alarm, threshold: 30 } : alarm));
    const two = { ...model, alarms, minSize: 2, desired: 2, launchFirst };
    const trace = simulate(two, constant(10, 3600), service, late);
    expect(at(trace, "instance 1 is unhealthy and is replaced")).toBe(START + 480);
    expect(at(trace, "cpu-high ALARM")).toBe(START + 600);
    // In service at 880 s: the alarm asks again at 900 s.
    expect(steps(trace)[0]).toEqual([900, 2, 3]);
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

  test("answer a further rise while instances warm up", () => {
    // One at 85 %: one more at 120 s, warm at 420 s. All is busy from 150 s on, but for the new one's first seconds in service
    // at 180 s: at 300 s three more than the one that is warm.
    const trace = simulate(stepping, constant(0.85, 1200, { at: 150, instances: 6 }), service, PLAIN);
    expect(steps(trace).slice(0, 2)).toEqual([
      [120, 1, 2],
      [300, 2, 4],
    ]);
  });

  test("remove again each minute for as long as the alarm lasts", () => {
    const load = constant(0, 1200);
    const trace = simulate({ ...stepping, desired: 5 }, load, service, PLAIN);
    expect(trace.actions.map(({ at, from, to }) => [at, from, to])).toEqual([
      [60, 5, 4],
      [120, 4, 3],
      [180, 3, 2],
      [240, 2, 1],
    ]);
  });

  test("count an instance that is being replaced and its successor as one", () => {
    // Four at 40 %, then at 65 %; one fails at 330 s, and is replaced from 480 s on. The alarm asks for one more at 600 s.
    const load: Load = {
      name: "rise",
      seconds: 900,
      segments: [
        { from: 0, cpu: 3.2, pinned: 0 },
        { from: 480, cpu: 5.2, pinned: 0 },
      ],
    };
    const replacing = { ...PLAIN, startupSeconds: 300, bootSeconds: 200, failures: [330] };
    const alarms = stepping.alarms.map((alarm, index) => (index === 0 ? { ...alarm, threshold: 60 } : alarm));
    const four = { ...stepping, alarms, desired: 4, minSize: 4 };
    const trace = simulate(four, load, service, replacing);
    expect(at(trace, "instance 1 is unhealthy and is replaced")).toBe(480);
    expect(trace.actions[0]).toMatchObject({ from: 4, to: 5 });
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

  test("shrinks by one at a time, and waits between", () => {
    const load = constant(5, 7200, { at: 3600, instances: 0.25 });
    const trace = simulate(tracking, load, service, PLAIN);
    const removed = trace.actions.filter(({ from, to }) => to < from);
    expect(removed.length).toBeGreaterThan(4);
    expect(removed.every(({ from, to }) => from - to === 1)).toBe(true);
    removed.slice(1).forEach(({ at }, index) => expect(at - (removed[index]?.at ?? 0)).toBe(300));
    // Of 20 it is a tenth: two.
    const large = { ...tracking, desired: 20, maxSize: 20 };
    expect(simulate(large, constant(0, 3600), service, PLAIN).actions[0]).toMatchObject({ from: 20, to: 18 });
    expect(simulate(large, constant(0, 3600), service, { ...PLAIN, scaleInPercent: 50 }).actions[0]).toMatchObject({
      to: 10,
    });
  });

  test("shrinks for the highest value of its quarter of an hour, not for the newest", () => {
    // Three at 53 % once in the quarter of an hour, then at 20 %: 3 × 53 / 60 is more than two.
    const load: Load = {
      name: "noise",
      seconds: 3600,
      segments: Array.from({ length: 60 }, (_, minute) => ({
        from: 60 * minute,
        cpu: minute % 10 === 0 ? 6 * 0.53 : 6 * 0.2,
        pinned: 0,
      })),
    };
    expect(simulate({ ...tracking, desired: 3 }, load, service, PLAIN).actions).toEqual([]);
  });

  test("acts some 27 times a day in a very noisy week, not 90", () => {
    const random = randomFrom(3);
    const load: Load = {
      name: "noise",
      seconds: 7 * 86_400,
      segments: Array.from({ length: 7 * 288 }, (_, index) => ({
        from: 300 * index,
        cpu: 2 * (2 + Math.sin((index * Math.PI) / 144)) * (0.75 + random() / 2),
        pinned: 0,
      })),
    };
    expect(simulate(tracking, load, service).actions.length).toBeLessThan(200);
  });

  test.each([
    ["one of them may not remove", { targetPercent: 60, disableScaleIn: true }, 1],
    ["both may", { targetPercent: 60, disableScaleIn: false }, 1],
    ["both may, and one does not want to", { targetPercent: 10, disableScaleIn: false }, 4],
  ])("of several policies all that may remove have to agree: %s", (_, how, size) => {
    const other: ScalingPolicy = { ...policy, ...how, name: "other" };
    const others = tracking.alarms.map((alarm) => ({
      ...alarm,
      name: `other ${alarm.name}`,
      policies: ["other"],
      threshold: (alarm.threshold * how.targetPercent) / 60,
    }));
    const policies = [policy, other];
    const both: Model = { ...tracking, desired: 4, maxSize: 4, policies, alarms: [...tracking.alarms, ...others] };
    // 8.8 % of four instances is 3.52 instances of 10 %.
    const load: Load = { name: "steady", seconds: 7200, segments: [{ from: 0, cpu: 8 * 0.088, pinned: 0 }] };
    const trace = simulate(both, load, service, PLAIN);
    expect(trace.samples.at(-1)?.desired).toBe(size);
    expect(trace.actions).toHaveLength(4 - size);
  });

  test("that may not remove, does not", () => {
    const load = constant(3, 7200, { at: 3600, instances: 0 });
    const kept = { ...tracking, policies: [{ ...policy, disableScaleIn: true }], alarms: tracking.alarms.slice(0, 1) };
    expect(simulate(kept, load, service, PLAIN).actions.filter(({ from, to }) => to < from)).toEqual([]);
  });

  test("a warm pool serves sooner", () => {
    const cold = simulate(tracking, constant(1.5, 3600), service);
    const warm = simulate({ ...tracking, warmPool: POOL }, constant(1.5, 3600), service);
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

describe("schedules", () => {
  const schedule = (recurrence: string, sizes: Partial<Schedule>): Schedule => ({
    name: "plan",
    recurrence,
    timeZone: "Etc/UTC",
    ...sizes,
  });
  const quiet = (schedules: readonly Schedule[], how: Partial<Model> = {}, parameters: Partial<Parameters> = {}) =>
    simulate({ ...model, ...how, schedules }, constant(0, 5400), service, parameters);

  test.each([
    [{ minSize: 5 }, "plan fails: 5 to 4 instances"],
    [{ maxSize: 0 }, "plan fails: 1 to 0 instances"],
    [{ desired: 5 }, "plan fails: 5 of 1 to 4 instances"],
    [{ minSize: 2, desired: 1 }, "plan fails: 1 of 2 to 4 instances"],
  ])("that contradict the group's sizes, %j, are rejected and change nothing", (sizes, said) => {
    const trace = quiet([schedule("30 0 * * *", sizes)]);
    expect(at(trace, said)).toBe(1800);
    expect([trace.actions, trace.samples.at(-1)?.desired]).toEqual([[], 1]);
  });

  test.each([1, 2, 3, 4, 5])("that shrink the group during a replacement leave it with its size, seed %d", (seed) => {
    // One of three fails at 1500 s, and is replaced from 1650 s on; the new one is in service at 1710 s, or only at 2250 s.
    for (const bootSeconds of [60, 600])
      for (const launchFirst of [true, false])
        for (const desired of [1, 2]) {
          const parameters = { startupSeconds: 600, bootSeconds, failures: [1500] };
          const schedules = [schedule("30 0 * * *", { minSize: 1, desired })];
          const group = { ...model, minSize: 3, desired: 3, graceSeconds: 900, launchFirst, schedules };
          const { samples, events } = simulate(group, constant(0.3 * desired, 5400), service, parameters, seed);
          expect(samples.at(-1)).toMatchObject({ desired, healthy: desired });
          const count = (how: string) => events.filter(({ text }) => text.endsWith(how)).length;
          expect(3 + count("is launched") - count("leaves")).toBe(desired);
        }
  });

  test("may empty the group, which cannot grow again by its CPU", () => {
    const schedules = [schedule("30 0 * * *", { minSize: 0, desired: 0 })];
    const load: Load = {
      ...constant(0, 5400),
      segments: [
        { from: 0, cpu: 0, pinned: 0 },
        { from: 3600, cpu: 6, pinned: 0 },
      ],
    };
    const trace = simulate({ ...model, schedules }, load, service, PLAIN);
    expect(trace.samples.at(-1)).toMatchObject({
      desired: 0,
      healthy: 0,
      capacity: 0,
      cpu: undefined,
      metric: undefined,
    });
    expect(lost(trace)).toBeCloseTo(6 * (5400 + START - 3600), 0);
  });
});

test("the beginning is a Monday, 00:00 UTC", () => {
  const schedules = [{ name: "week", recurrence: "31 5 * * MON", timeZone: "Asia/Kolkata", minSize: 2 }];
  const { actions } = simulate({ ...model, schedules }, constant(0, 86_400), service);
  expect(actions.map((action) => action.at)).toEqual([60]);
});

describe("zones", () => {
  test("differ by at most one soon after two instances of one are lost", () => {
    // Of four, 1 and 3 are in the first zone: both fail before either is replaced.
    for (const launchFirst of [true, false]) {
      const four = { ...model, minSize: 4, desired: 4, launchFirst };
      const trace = simulate(four, constant(0.5, 3600), service, { failures: [600, 601, 602] });
      expect(trace.zoneSpread).toBeLessThanOrEqual(1);
      expect(trace.samples.at(-1)).toMatchObject({ healthy: 4 });
    }
  });

  test("are balanced again by an instance that is launched before another is terminated, unless that is suspended", () => {
    // A schedule removes two of the six in three zones by chance, and two of one zone fail.
    const spread = (rebalances: boolean, seed: number) => {
      const world = new World();
      const group = new Group(world, { ...model, desired: 4, rebalances }, service, DEFAULTS, randomFrom(seed));
      // As after an outage of the second zone.
      for (const instance of group.members.live) Object.assign(instance, { zone: 0 });
      const most: number[] = [];
      for (let minute = 1; minute <= 60; minute++) {
        for (world.now = 60 * minute; world.queue.next <= world.now;) world.queue.take()?.();
        group.scaling.replacements.rebalance();
        most.push(group.members.live.length);
        expect(group.scaling.size).toBe(4);
      }
      expect(Math.max(...most)).toBe(rebalances ? 5 : 4);
      return group.members.perZone();
    };
    expect(spread(true, 1)).toEqual([2, 2]);
    expect(spread(false, 1)).toEqual([4, 0]);
  });
});

describe("the time to capacity", () => {
  const day = (at: number): Load => ({
    name: "day",
    seconds: at + 3600,
    segments: [
      { from: 0, cpu: 0.5, pinned: 0 },
      { from: at, cpu: 6, pinned: 0 },
    ],
  });

  test("is counted from the overload, not from the first load", () => {
    const { timeToCapacity, firstAddedHealthyAt } = simulate(model, day(7200), service, PLAIN);
    expect(timeToCapacity).toBe((firstAddedHealthyAt ?? 0) - 7200);
    expect(timeToCapacity).toBeGreaterThanOrEqual(660);
    expect(timeToCapacity).toBeLessThanOrEqual(690);
  });

  test("is counted from the threshold above which the group grows, whether or not it is saturated there", () => {
    const load: Load = {
      ...day(7200),
      segments: [
        { from: 0, cpu: 1.6, pinned: 0 },
        { from: 7200, cpu: 1.62, pinned: 0 },
      ],
    };
    expect(simulate(model, load, service, PLAIN).timeToCapacity).toBeLessThanOrEqual(690);
    const below = { ...load, segments: load.segments.slice(0, 1) };
    expect(simulate(model, below, service, PLAIN).timeToCapacity).toBe(0);
  });

  test("is not that of a replacement, nor of a schedule before the overload", () => {
    const schedules = [{ name: "early", recurrence: "0 1 * * *", timeZone: "Etc/UTC", minSize: 2 }];
    const trace = simulate({ ...model, schedules }, day(7200), service, { ...PLAIN, failures: [5000] });
    expect(trace.firstAddedHealthyAt).toBeLessThan(3600 + 90);
    expect(trace.timeToCapacity).toBeGreaterThanOrEqual(660);
    expect(trace.timeToCapacity).toBeLessThanOrEqual(690);
  });

  test("is none where nothing is added", () => {
    const trace = simulate({ ...model, maxSize: 1 }, day(7200), service, PLAIN);
    expect(trace.timeToCapacity).toBeUndefined();
  });

  test("forgets an overload that was over long before", () => {
    const load: Load = {
      ...day(7200),
      segments: [
        { from: 0, cpu: 0.5, pinned: 0 },
        { from: 600, cpu: 3, pinned: 0 },
        { from: 660, cpu: 0.5, pinned: 0 },
        { from: 7200, cpu: 6, pinned: 0 },
      ],
    };
    expect(simulate(model, load, service, PLAIN).timeToCapacity).toBeLessThanOrEqual(690);
  });
});

describe("the group's CPU", () => {
  const pulse = (second: number): Load => ({
    name: "pulse",
    seconds: 3600,
    segments: [
      { from: 0, cpu: 0, pinned: 0 },
      ...Array.from({ length: 12 }, (_, period) => [
        { from: 300 * period + second, cpu: 2, pinned: 0 },
        { from: 300 * period + second + 60, cpu: 0, pinned: 0 },
      ]).flat(),
    ].slice(second === 0 ? 1 : 0),
  });

  test.each([0, 30, 60, 120, 240])(
    "of a minute's full load in five is 20 %%, mean and peak, from second %d on",
    (second) => {
      const trace = simulate({ ...model, maxSize: 1 }, pulse(second), service, PLAIN);
      expect(summarize(trace)).toMatchObject({
        meanCpu: expect.closeTo(20, 6) as number,
        peakCpu: expect.closeTo(20, 6) as number,
      });
      const minutes = trace.samples.map(({ cpu = NaN }) => cpu);
      expect(minutes.reduce((sum, cpu) => sum + cpu, 0) / 60).toBeCloseTo(20, 6);
      expect(Math.max(...minutes)).toBeCloseTo(second === 30 ? 50 : 100, 6);
    },
  );

  test("of detailed monitoring is each minute's", () => {
    const detailed = { ...model, instance: { ...model.instance, detailed: true } };
    expect(summarize(simulate(detailed, pulse(60), service))).toMatchObject({
      meanCpu: expect.closeTo(20, 6) as number,
      peakCpu: expect.closeTo(100, 6) as number,
    });
  });

  test("counts an instance from when it is in service, or warmed up if the group waits for that", () => {
    const cpuAt = (warmUpSeconds: number, minute: number) =>
      simulate({ ...model, warmUpSeconds }, constant(10, 1200), service, { ...PLAIN, startupSeconds: 500 }).samples[
        minute - 1
      ]?.cpu;
    // Launched at 900 s, in service at 960 s, started at 1400 s: the idle instance halves the average.
    expect([cpuAt(0, 16), cpuAt(0, 17), cpuAt(300, 17), cpuAt(300, 21), cpuAt(300, 22)]).toEqual(
      [100, 50, 100, 100, 50].map((cpu) => expect.closeTo(cpu, 6) as number),
    );
  });

  test("counts an instance that leaves with what it has used in the period", () => {
    const schedules = [{ name: "less", recurrence: "2 0 * * *", timeZone: "Etc/UTC", minSize: 1, desired: 1 }];
    const load: Load = { name: "half", seconds: 600, segments: [{ from: 0, cpu: 2, pinned: 0 }] };
    const { samples } = simulate({ ...model, desired: 2, schedules }, load, service, PLAIN);
    // Two at 50 % for two minutes, then one at 100 % for three: 80 % and 50 %. Then one at 100 %.
    expect([samples[4]?.metric, samples[9]?.metric]).toEqual([expect.closeTo(65, 6), expect.closeTo(100, 6)]);
    // A leaving instance takes no new requests, and is gone when those that it has are answered.
    const trace = simulate({ ...model, desired: 2, schedules }, load, service, { ...PLAIN, requestSeconds: 30 });
    expect(trace.instanceHours).toBeCloseTo((600 + 150) / 3600, 9);
    const short = { ...model, desired: 2, schedules, deregistrationSeconds: 10 };
    expect(simulate(short, load, service, { ...PLAIN, requestSeconds: 30 }).instanceHours).toBeCloseTo(
      (600 + 130) / 3600,
      9,
    );
  });

  test("of a load on one instance is shared by all, before the beginning, too", () => {
    const load: Load = { name: "pinned", seconds: 900, segments: [{ from: 0, cpu: 0, pinned: 1 }] };
    const trace = simulate({ ...model, minSize: 2, desired: 2 }, load, service, PLAIN);
    expect(at(trace, "cpu-high ALARM")).toBeUndefined();
    expect(trace.samples.map(({ cpu = NaN }) => cpu)).toEqual(trace.samples.map(() => expect.closeTo(50, 6) as number));
  });

  test("before the beginning is what it is at the beginning, for as long as the alarms look back", () => {
    const first = (load: Load, how: Partial<Alarm>) =>
      at(
        simulate({ ...model, alarms: model.alarms.map((alarm) => ({ ...alarm, ...how })) }, load, service),
        "cpu-high ALARM",
      );
    const busy: Load = { name: "busy", seconds: 3600, segments: [{ from: 0, cpu: 2, pinned: 0 }] };
    expect(first(busy, {})).toBe(60);
    expect(first(busy, { evaluationPeriods: 100, datapointsToAlarm: 100 })).toBe(60);
    // A load whose first value comes later is 0 until then.
    expect(first({ ...busy, segments: [{ from: 900, cpu: 2, pinned: 0 }] }, {})).toBe(900 + 660);
  });
});

describe("a warm pool", () => {
  const grown = (pool: Partial<WaitingServers>, load = constant(10, 7200)) =>
    simulate({ ...model, warmPool: { ...POOL, ...pool } }, load, service, PLAIN);
  const idle = constant(0, 3600 - START);

  test.each<[Partial<WaitingServers>, number, number]>([
    // The group has one of four: three wait. Four hours are three stopped and one in service.
    [{}, 1, 3],
    [{ state: "Hibernated" }, 1, 3],
    [{ state: "Running" }, 4, 0],
    [{ maxPrepared: 2 }, 1, 1],
    [{ maxPrepared: 2, minSize: 2 }, 1, 2],
    [{ maxPrepared: 1 }, 1, 0],
  ])("%j: in an hour %d hours of running servers and %d of stopped ones are billed", (pool, running, stopped) => {
    const trace = grown(pool, idle);
    expect([trace.instanceHours, trace.stoppedHours]).toEqual([expect.closeTo(running, 9), expect.closeTo(stopped, 9)]);
    const { server = NaN, stopped: disk = NaN, alarms = NaN } = model.prices;
    expect(summarize(trace).usd).toBeCloseTo(running * server + stopped * disk + alarms, 9);
  });

  test("is not filled beyond the prepared capacity", () => {
    // From 900 s on, one more every 320 s (20 s to start, a cooldown of 300 s, and up to the next minute): four at 1620 s.
    const trace = grown({});
    expect(steps(trace).map(([, , to]) => to)).toEqual([2, 3, 4]);
    expect(trace.events.filter(({ text }) => text.endsWith("from the warm pool"))).toHaveLength(3);
    const [second = 0, third = 0, fourth = 0] = trace.actions.map((action) => action.at);
    expect(trace.stoppedHours).toBeCloseTo((second + third + fourth) / 3600, 9);
    expect(trace.instanceHours).toBeCloseTo((4 * (START + 7200) - second - third - fourth) / 3600, 9);
  });

  test("is filled again with new servers as the group shrinks, or with those that leave it", () => {
    const load = constant(10, 7200, { at: 900, instances: 0 });
    const [terminated, reused] = [false, true].map((reuseOnScaleIn) => grown({ reuseOnScaleIn }, load));
    const shrunk = (trace?: Trace) =>
      trace?.events.filter(({ text }) => text.endsWith("returns to the warm pool")).length;
    expect(terminated?.actions.map(({ to }) => to)).toEqual(reused?.actions.map(({ to }) => to));
    const removed = reused?.actions.filter(({ from, to }) => to < from).length ?? 0;
    expect([shrunk(terminated), shrunk(reused)]).toEqual([0, removed]);
    // Preparing a server takes 60 s, in which it runs.
    const hours = (terminated?.instanceHours ?? 0) - (reused?.instanceHours ?? 0);
    expect(hours).toBeCloseTo((removed * 60) / 3600, 9);
    expect(reused?.samples.at(-1)?.desired).toBe(1);
  });

  test("that waits running serves at once", () => {
    const healthy = (state: "Running" | "Stopped") =>
      grown({ state }).events.find(({ text }) => text.startsWith("instance 2 is healthy"))?.at ?? 0;
    expect(healthy("Stopped") - healthy("Running")).toBe(20);
  });
});

describe("health", () => {
  test("a failed instance is replaced without a gap where new ones are launched first", () => {
    const trace = simulate({ ...model, desired: 2, minSize: 2 }, constant(0.5, 3600), service, { failures: [600] });
    // Three failed checks, 30 s apart, and up to a minute until the group looks.
    expect(at(trace, "instance 1 is unhealthy")).toBe(690);
    expect(at(trace, "instance 1 is unhealthy and is replaced")).toBe(750);
    // In service 60 s later, started 60 s after that, and found healthy within 30 s.
    expect(at(trace, "instance 3 is healthy")).toBeGreaterThanOrEqual(750 + 120);
    expect(at(trace, "instance 3 is healthy")).toBeLessThanOrEqual(750 + 150);
    expect(at(trace, "instance 1 leaves")).toBe(750 + 60);
    expect(trace.samples.at(-1)?.healthy).toBe(2);
    expect([trace.actions, trace.timeToCapacity, trace.firstAddedHealthyAt]).toEqual([[], 0, undefined]);
    // Half of one CPU-second a second is its share, for as long as it is thought to be healthy.
    expect(lost(trace)).toBeCloseTo(90 * 0.5, 0);
    expect(summarize(trace)).toMatchObject({
      slowMinutes: 2,
      overSloPercent: expect.closeTo((100 * 90) / 7200, 0) as number,
    });
  });

  test("an application that fails in its grace period is replaced when that is over", () => {
    const policies = model.policies.filter(({ name }) => name === "scale-out");
    const trace = simulate({ ...model, policies, graceSeconds: 900 }, constant(10, 3600), service, {
      ...PLAIN,
      failures: [960, 960],
    });
    // The second instance is in service at 960 s, and healthy within 30 s.
    expect(steps(trace)[0]).toEqual([600, 1, 2]);
    expect(at(trace, "instance 2 fails")).toBeUndefined();
    const later = simulate({ ...model, policies, graceSeconds: 900 }, constant(10, 3600), service, {
      ...PLAIN,
      failures: [990, 990],
    });
    expect(at(later, "instance 2 is unhealthy and is replaced")).toBe(960 + 900 + 60);
  });

  test("two that fail at once are two, replaced one after the other", () => {
    const trace = simulate({ ...model, desired: 4, minSize: 4 }, constant(0.5, 3600), service, {
      failures: [600, 600],
    });
    const said = trace.events.filter(({ text }) => / (fails|replaced|leaves)$/.test(text));
    expect(said.map(({ at, text }) => `${String(at)} ${text}`)).toEqual([
      "600 instance 1 fails",
      "600 instance 2 fails",
      "750 instance 1 is unhealthy and is replaced",
      "810 instance 1 leaves",
      "870 instance 2 is unhealthy and is replaced",
      "930 instance 2 leaves",
    ]);
    expect(trace.samples.at(-1)).toMatchObject({ healthy: 4, desired: 4 });
    expect(trace.zoneSpread).toBe(0);
  });

  test("of a large group a tenth is replaced at a time", () => {
    const large = { ...model, desired: 20, minSize: 20, maxSize: 20 };
    const trace = simulate(large, constant(0.5, 3600), service, { failures: [600, 600, 600] });
    const replaced = trace.events.filter(({ text }) => text.endsWith("is replaced")).map((event) => event.at);
    expect(replaced).toEqual([750, 750, 870]);
  });

  test("is not looked at where the group does not replace: a failed instance stays, and its requests are the others'", () => {
    const kept = { ...model, desired: 2, minSize: 2, replacesUnhealthy: false };
    const trace = simulate(kept, constant(0.5, 3600), service, { failures: [600] });
    expect(trace.events.filter(({ text }) => text.includes("replaced"))).toEqual([]);
    expect(trace.samples.at(-1)).toMatchObject({ healthy: 1, desired: 2 });
    expect(lost(trace)).toBeCloseTo(90 * 0.5, 0);
    const slow = simulate({ ...kept, graceSeconds: 0 }, constant(10, 3600), service, { startupSeconds: 660 });
    expect(slow.events.filter(({ text }) => text.includes("replaced"))).toEqual([]);
  });

  test("of no target fails open: a started one that has not been checked yet answers, a failed one does not", () => {
    const alone = { ...model, launchFirst: false };
    const trace = simulate(alone, constant(0.5, 3600), service, { failures: [600] });
    expect(at(trace, "instance 2 is healthy, 1 instance serves")).toBeDefined();
    expect([at(trace, "instance 1 leaves"), at(trace, "instance 2 is launched")]).toEqual([750, 750]);
    // Errors alone until the successor, launched at 750 s, has started at 870 s; it is found healthy later.
    expect(at(trace, "instance 2 is healthy")).toBeGreaterThan(870);
    expect(lost(trace)).toBeCloseTo(270 * 1, 0);
    const both = simulate({ ...model, warmUpSeconds: 600 }, constant(0.5, 3600), service, { failures: [600] });
    // The failed one is still there and gets half, until the other is healthy.
    const healthy = at(both, "instance 2 is healthy") ?? 0;
    expect(lost(both)).toBeCloseTo(270 + (healthy - 870) / 2, 0);
  });

  test("an application that starts too slowly for its grace period is replaced for ever", () => {
    const trace = simulate({ ...model, graceSeconds: 30 }, constant(10, 3600), service, { startupSeconds: 660 });
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

  test("are a day's earnings at the most", () => {
    const standard = { ...model, maxSize: 1, instance: { ...model.instance, credits: "standard" as const } };
    // 288 after a minute; 1.8 a minute are spent: gone after 160 minutes more.
    const trace = simulate(standard, full(12_000), service, { initialCredits: 1000 });
    expect(trace.samples.find(({ capacity }) => capacity < 2)?.at).toBe(161 * 60);
  });

  test("that an unlimited one owes beyond a day's earnings are billed", () => {
    // A day at full speed: 24 h × 2 vCPUs − 24 × 12 credits (4.8 vCPU-hours) earned = 43.2 vCPU-hours, at 0.05 USD. Of them
    // 288 credits, a day's earnings, are owed, and may still be earned.
    const trace = simulate({ ...model, maxSize: 1 }, full(86_400), service);
    expect([trace.surplusVcpuHours, trace.owedVcpuHours]).toEqual([expect.closeTo(38.4, 6), expect.closeTo(4.8, 6)]);
    const { prices } = model;
    const { surplusUsd, owedUsd, usd } = summarize(trace);
    expect([surplusUsd, owedUsd]).toEqual([expect.closeTo(1.92, 6), expect.closeTo(0.24, 6)]);
    expect(usd).toBeCloseTo(24 * ((prices.server ?? NaN) + (prices.alarms ?? NaN)) + 1.92, 6);
  });

  test("that an instance owes are billed when it is terminated, and not while it runs", () => {
    // 26 minutes at full speed owe 1.8 credits a minute: 46.8 credits, 0.78 vCPU-hours.
    const load: Load = {
      name: "burst",
      seconds: 7200,
      segments: [
        { from: 0, cpu: 2, pinned: 0 },
        { from: 1560, cpu: 0, pinned: 0 },
      ],
    };
    const running = simulate({ ...model, maxSize: 1 }, load, service);
    // 0.2 credits a minute are earned back in the 94 minutes after that: 28 credits are owed.
    expect([running.surplusVcpuHours, running.owedVcpuHours]).toEqual([0, expect.closeTo(28 / 60, 6)]);
    const schedules = [{ name: "off", recurrence: "26 0 * * *", timeZone: "Etc/UTC", minSize: 0, desired: 0 }];
    const ended = simulate({ ...model, maxSize: 1, schedules }, load, service);
    expect([ended.surplusVcpuHours, ended.owedVcpuHours]).toEqual([expect.closeTo(0.78, 6), 0]);
  });

  test("are spent evenly: instances that are throttled get as many requests as the others", () => {
    const standard = {
      ...model,
      minSize: 2,
      desired: 2,
      maxSize: 2,
      instance: { ...model.instance, credits: "standard" as const },
    };
    const trace = simulate(standard, constant(1, 3600), service, { initialCredits: 288, failures: [1] });
    // The successor of the failed one has what it earns while it starts, a minute's worth; then it does 10 % of 2 vCPUs and
    // refuses 0.8 of 1 CPU-second a second, but for 2 that wait.
    const healthy = at(trace, "instance 3 is healthy") ?? 0;
    expect(healthy).toBeLessThan(START);
    expect(lost(trace)).toBeCloseTo((3600 - 60) * 0.8 - 2, 0);
  });

  test("of a minute are spent whole, whenever in the minute the speed or the load changes", () => {
    const half = (from: number): Load => ({
      name: "half",
      seconds: 600,
      segments: [
        { from: 0, cpu: 0, pinned: 0 },
        { from, cpu: 0, pinned: 1 },
        { from: from + 300, cpu: 0, pinned: 0 },
      ],
    });
    const owed = [60, 90, 95].map((from) => simulate({ ...model, maxSize: 1 }, half(from), service).owedVcpuHours);
    expect(owed).toEqual([8 / 60, 8 / 60, 8 / 60].map((each) => expect.closeTo(each, 6) as number));
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
        const { usd, surplusUsd, instanceHours } = summarize(trace);
        const { server = NaN, alarms = NaN } = model.prices;
        expect(usd).toBeCloseTo(instanceHours * server + 3 * alarms + (surplusUsd ?? NaN), 10);
        expect(trace.answers.refused).toBeLessThanOrEqual(trace.answers.requests);
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
