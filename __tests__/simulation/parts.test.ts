/** The simulation's smaller parts, each alone. */
import fc from "fast-check";
import { adjustment, stepFor, trackedCapacity } from "../../src/aws/capacity";
import { Cpu } from "../../src/simulation/cpu";
import { instanceOf } from "../../src/resources/group-model";
import { shape, SHAPES } from "../../src/simulation/load";
import { GroupMetric } from "../../src/aws/metric";
import type { Model, WaitingServers } from "../../src/simulation/model";
import { checked } from "../../src/simulation/health-checks";
import { Overload } from "../../src/simulation/overload";
import { DEFAULTS } from "../../src/simulation/parameters";
import { WarmPool } from "../../src/simulation/warm-pool";
import { World } from "../../src/simulation/world";
import { Queue } from "../../src/simulation/queue";
import { randomFrom } from "../../src/simulation/random";

describe("adjustments", () => {
  /** AWS: above 1 down, 0 to 1 up to 1, 0 to -1 to -1, below -1 towards zero. */
  test.each([
    [127, 10, 12],
    [6, 10, 1],
    [5, -10, -1],
    [66, -10, -6],
    [10, 0, 0],
  ])("of %d instances %d %% are %d", (capacity, percent, expected) => {
    expect(adjustment("PercentChangeInCapacity", percent, capacity, 1)).toBe(expected);
  });

  test("are at least the minimum magnitude", () => {
    expect(adjustment("PercentChangeInCapacity", 25, 4, 2)).toBe(2);
    expect(adjustment("PercentChangeInCapacity", -25, 4, 2)).toBe(-2);
  });

  test("may be absolute", () => {
    expect(adjustment("ExactCapacity", 3, 5, 1)).toBe(-2);
    expect(adjustment("ChangeInCapacity", 3, 5, 1)).toBe(3);
  });
});

describe("steps", () => {
  const out = [
    { lower: 0, upper: 10, adjustment: 1 },
    { lower: 10, adjustment: 3 },
  ];
  const back = [
    { lower: -10, upper: 0, adjustment: -1 },
    { upper: -10, adjustment: -2 },
  ];
  test.each([
    [out, 0, 1],
    [out, 9.9, 1],
    [out, 10, 3],
    [back, 0, undefined],
    [back, -0.1, -1],
    [back, -10, -2],
    [back, -9.9, -1],
  ])("%j at %d: %s", (steps, distance, expected) => {
    expect(stepFor(steps, distance)?.adjustment).toBe(expected);
  });
});

test.each([
  [2, 90, 60, 3],
  [2, 60, 60, 2],
  [4, 30, 60, 2],
  [3, 61, 60, 4],
  [3, 60.00000000001, 60, 3],
])("%d instances at %d %% of a target of %d %% should be %d", (capacity, percent, target, expected) => {
  expect(trackedCapacity(capacity, percent, target)).toBe(expected);
});

describe("the metric", () => {
  const record = (metric: GroupMetric, values: readonly number[]) =>
    values.forEach((value, index) => metric.record(60 * (index + 1), value));

  test("of basic monitoring has a value each five minutes, seen when it is whole and published", () => {
    const metric = new GroupMetric({ resolutionSeconds: 300, delaySeconds: 60, partial: false });
    record(metric, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(metric.window(300, 300, 2)).toEqual([undefined, undefined]);
    expect(metric.window(360, 300, 2)).toEqual([undefined, 50]);
    expect(metric.window(660, 300, 3)).toEqual([undefined, 100, 50]);
  });

  test("may be seen before it is whole, and is then updated", () => {
    const metric = new GroupMetric({ resolutionSeconds: 300, delaySeconds: 0, partial: true });
    record(metric, [10, 20, 30]);
    expect(metric.window(60, 300, 1)).toEqual([10]);
    expect(metric.window(120, 300, 1)).toEqual([20]);
    expect(metric.window(180, 300, 1)).toEqual([30]);
  });

  test("of detailed monitoring has a value each minute; a longer period averages them", () => {
    const metric = new GroupMetric({ resolutionSeconds: 60, delaySeconds: 0, partial: false });
    record(metric, [10, 20, 30, 40, 50, 60]);
    expect(metric.window(360, 60, 3)).toEqual([60, 50, 40]);
    expect(metric.window(300, 300, 1)).toEqual([30]);
    expect(metric.window(360, 300, 1)).toEqual([40]);
  });
});

describe("CPU", () => {
  const service = { cpuSeconds: 0.1, queueSeconds: 10, sloSeconds: 1 };
  const serving = { vcpus: 2, full: 2, throttled: 0, failing: 0, baseline: 0.1, pinnedThrottled: false };
  const load = (cpu: number, pinned = 0) => ({ from: 0, cpu, pinned });
  const after = (seconds: number, asked: number, how: Partial<typeof serving>, pinned = 0) => {
    const cpu = new Cpu(service, serving);
    cpu.advance(seconds, load(asked, pinned), { ...serving, ...how });
    return cpu;
  };
  const refused = (cpu: Cpu) => cpu.total().refused;

  test("is shared evenly", () => {
    expect(after(60, 2, {}).fullIntegral).toBeCloseTo(30);
  });

  test("is asked of a throttled instance as of any other, which refuses what it cannot do", () => {
    // 1.1 CPU-seconds each: the full one is at 55 %, and the throttled one does 0.2, has room for 2, and refuses the rest.
    const cpu = after(100, 2.2, { full: 1, throttled: 1 });
    expect([cpu.fullIntegral, cpu.throttledIntegral]).toEqual([expect.closeTo(55), expect.closeTo(10)]);
    expect(refused(cpu)).toBeCloseTo(880, -1);
    const idle = after(100, 0.2, { full: 1, throttled: 1 });
    expect([idle.fullIntegral, idle.throttledIntegral]).toEqual([expect.closeTo(5), expect.closeTo(5)]);
    expect(refused(idle)).toBeLessThan(0.1);
  });

  test("a failing instance answers its share with errors", () => {
    const cpu = after(100, 2, { full: 1, failing: 1 });
    expect([refused(cpu), cpu.fullIntegral]).toEqual([expect.closeTo(1000), expect.closeTo(50)]);
    expect(cpu.total().requests).toBeCloseTo(2000);
  });

  test("requests that wait stay with an instance that is throttled, and are answered by one that leaves", () => {
    const cpu = new Cpu(service, serving);
    cpu.advance(10, load(5), serving); // 10 CPU-seconds, 100 requests, wait at two instances
    expect(cpu.waiting).toBeGreaterThan(100);
    expect(cpu.waiting).toBeLessThan(115); // and a few more, since they come at random
    const each = cpu.waiting / 2;
    cpu.advance(1e-9, load(0), { ...serving, full: 1, throttled: 1 });
    expect(cpu.waiting).toBeCloseTo(each + 22, 0); // a throttled instance works on 2, and 20 wait
    expect(refused(cpu)).toBeCloseTo(each - 22, 0);
    cpu.advance(1e-9, load(0), { ...serving, full: 1 });
    expect(cpu.waiting).toBeCloseTo(each, 5);
    cpu.advance(1e-9, load(0), { ...serving, full: 0, throttled: 0 });
    expect([cpu.waiting, refused(cpu)]).toEqual([0, expect.closeTo(each - 22, 0)]);
  });

  test("requests that wait at an instance that fails are lost, and a new one has none", () => {
    const cpu = new Cpu(service, serving);
    cpu.advance(10, load(5), serving);
    const { waiting } = cpu;
    cpu.advance(1e-9, load(0), { ...serving, full: 3 });
    expect([cpu.waiting, refused(cpu)]).toEqual([expect.closeTo(waiting, 5), expect.closeTo(0, 1)]);
    cpu.advance(1e-9, load(0), { ...serving, full: 2, failing: 1 });
    expect([cpu.waiting, refused(cpu)]).toEqual([expect.closeTo((2 / 3) * waiting), expect.closeTo(waiting / 3, 1)]);
  });

  test("a throttled instance that has credits again takes its requests with it", () => {
    const cpu = new Cpu(service, serving);
    cpu.advance(600, load(2), { ...serving, full: 0, throttled: 2 });
    const { waiting } = cpu;
    cpu.advance(1e-9, load(0), { ...serving, full: 1, throttled: 1 });
    expect(cpu.waiting).toBeCloseTo(waiting, 5);
    // In a quarter of a second the full one does five, and the throttled one half of one.
    cpu.advance(0.25, load(0), { ...serving, full: 1, throttled: 1 });
    expect(waiting - cpu.waiting).toBeCloseTo(5.5, 0);
  });

  test.each([
    // An instance that is half busy has room for half of an instance more, and a throttled one up to its baseline.
    [2, { full: 2 }, 1, 30],
    [2, { full: 2 }, 0.2, 12],
    [0.1, { full: 0, throttled: 1, pinnedThrottled: true }, 1, 3],
  ])("of %d with %j a load of %d on one instance uses %d seconds more of it", (asked, how, pinned, seconds) => {
    expect(after(60, asked, how, pinned).pinnedIntegral).toBeCloseTo(seconds);
  });

  test("that is asked for in vain waits, is refused when there is no room, and is done later", () => {
    const cpu = new Cpu(service, serving);
    cpu.advance(60, load(5), serving); // 1 CPU-second a second too many: 40 and the 4 in work fit (10 s × 4), the rest does not
    expect(cpu.waiting).toBeCloseTo(404 - 10, -1); // near the end some of the last places are free
    expect(refused(cpu)).toBeGreaterThan(600 - 404);
    cpu.advance(40, load(2), serving); // works it off at 2 a second: 20 s
    expect(cpu.waiting).toBeLessThan(4);
    expect(refused(cpu)).toBeLessThan(225);
    expect(cpu.fullIntegral).toBeCloseTo(60 + 20 + 20 * 0.5);
  });

  test("without an instance nothing is answered", () => {
    const cpu = after(10, 1, { full: 0 });
    expect(cpu.total()).toEqual({ requests: 100, refused: 100, late: 0 });
    expect([cpu.fullIntegral, cpu.waiting]).toEqual([0, 0]);
  });

  test("is never done twice nor lost twice", () => {
    const segment = fc.record({ seconds: fc.integer({ min: 1, max: 300 }), cpu: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 20 }), (segments) => {
        const cpu = new Cpu(service, serving);
        for (const { seconds, cpu: asked } of segments) cpu.advance(seconds, load(asked), serving);
        const asked = segments.reduce((sum, each) => sum + (each.cpu * each.seconds) / 0.1, 0);
        expect(cpu.total().requests).toBeCloseTo(asked, 5);
        // Requests that come at random are refused a little earlier than those that come evenly.
        const { refused, requests } = cpu.total();
        const done = cpu.fullIntegral * 40 + refused + cpu.waiting;
        expect(Math.abs(done - requests)).toBeLessThan(20 + 2 * Math.sqrt(requests) + 0.01 * requests);
      }),
    );
  });

  test("minutes add up to the whole", () => {
    const cpu = new Cpu(service, serving);
    const minutes = [1, 5, 3, 6, 0].map((asked) => {
      cpu.advance(60, load(asked), { ...serving, failing: asked === 3 ? 1 : 0 });
      return cpu.minute();
    });
    const sum = (name: "requests" | "refused" | "late") => minutes.reduce((all, each) => all + each[name], 0);
    const total = cpu.total();
    expect([sum("requests"), sum("refused"), sum("late")]).toEqual([
      expect.closeTo(total.requests, 6),
      expect.closeTo(total.refused, 6),
      expect.closeTo(total.late, 6),
    ]);
    expect(minutes[4]).toEqual({ requests: 0, refused: 0, late: 0 });
    expect(minutes[0]?.p95Seconds).toBeCloseTo(0.31, 1);
    expect(minutes[1]?.p95Seconds).toBeGreaterThan(9);
  });
});

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
describe("health checks, one each 30 s", () => {
  const check = { intervalSeconds: 30, healthyThreshold: 5, unhealthyThreshold: 2 };
  test.each([
    ["one that passes is enough", 0, 10, { healthyAfter: 10 }],
    ["at the very second of the start, too", 40, 10, { healthyAfter: 40 }],
    ["after one that fails, too", 35, 10, { healthyAfter: 40 }],
    ["after two that fail, five have to pass", 41, 10, { unhealthyAfter: 40, healthyAfter: 70 + 4 * 30 }],
    ["however long it takes", 600, 0, { unhealthyAfter: 30, healthyAfter: 600 + 4 * 30 }],
  ])("%s", (_, appStart, first, expected) => {
    expect(checked(check, appStart, first)).toEqual(expected);
  });
});

describe("an overload", () => {
  const alarm = { comparison: ">", threshold: 80, evaluationPeriods: 2, periodSeconds: 300 };
  const overload = (...alarms: object[]) =>
    new Overload({ alarms } as unknown as Model, { ...DEFAULTS, publicationDelaySeconds: 60 });

  test("is of what is above the lowest threshold that adds, and saturation where none is", () => {
    const seen = (use: number, ...alarms: object[]) => {
      const one = overload(...alarms);
      one.see(100, 200, use);
      return one.at(200);
    };
    expect([seen(0.8, alarm), seen(0.81, alarm)]).toEqual([undefined, 100]);
    expect(seen(0.75, alarm, { ...alarm, threshold: 70 })).toBe(100);
    expect(seen(0.75, alarm, { ...alarm, comparison: "<", threshold: 20 })).toBeUndefined();
    expect([seen(1), seen(1.01), seen(Infinity)]).toEqual([undefined, 100, 100]);
    // A group of no more than 100 % has no more to wait for.
    expect(seen(1.1, { ...alarm, threshold: 150 })).toBe(100);
  });

  test("lasts for as long as the alarms look back, and begins once", () => {
    const one = overload(alarm);
    one.see(100, 200, 1);
    one.see(850, 900, 1);
    expect([one.at(900), one.at(900 + 720), one.at(900 + 721)]).toEqual([100, 100, undefined]);
    one.see(1621, 1700, 1);
    expect(one.at(1700)).toBe(1621);
  });

  test("is answered by the first instance, from when the overload began in which it was launched", () => {
    const one = overload(alarm);
    one.answered(50);
    expect([one.timeToCapacity, one.firstAddedHealthyAt]).toEqual([0, 50]);
    one.see(100, 200, 1);
    expect(one.timeToCapacity).toBeUndefined();
    one.answered(5000);
    expect(one.timeToCapacity).toBeUndefined();
    one.answered(5000, 100);
    one.answered(6000, 100);
    expect([one.timeToCapacity, one.firstAddedHealthyAt]).toEqual([4900, 50]);
  });
});

describe("the warm pool", () => {
  const pool = (settings: Partial<WaitingServers> = {}) => {
    const world = new World();
    const made = new WarmPool(
      world,
      { state: "Stopped", minSize: 0, maxPrepared: undefined, reuseOnScaleIn: true, ...settings },
      600,
    );
    made.begin(1, 4);
    const pass = (seconds: number) => {
      const until = world.now + seconds;
      for (; world.queue.next <= until;) {
        world.now = world.queue.next;
        world.queue.take()?.();
      }
      world.now = until;
    };
    const hours = () => {
      made.look();
      return [made.runningHours * 3600, made.stoppedHours * 3600].map(Math.round);
    };
    const size = () => {
      let count = 0;
      while (made.take()) count++;
      return count;
    };
    return { made, pass, hours, size };
  };

  test("has servers for all that the group may grow by", () => {
    expect([
      pool().size(),
      pool({ maxPrepared: 3 }).size(),
      pool({ minSize: 5 }).size(),
      pool({ maxPrepared: 1 }).size(),
    ]).toEqual([3, 2, 5, 0]);
  });

  test("terminates what waits in vain, and prepares what is missing", () => {
    const { made, pass, hours, size } = pool();
    made.want(3, 4);
    made.fill();
    pass(1000);
    expect(hours()).toEqual([0, 1000]);
    made.want(1, 4);
    made.fill();
    pass(1000);
    expect(hours()).toEqual([2 * 600, 1000 + 1000 + 2 * 400]);
    expect(size()).toBe(3);
  });

  test("does not keep a server that is prepared too late", () => {
    const { made, pass, size } = pool({ maxPrepared: 2 });
    made.want(0, 4);
    made.fill();
    pass(300);
    made.want(2, 4);
    pass(900);
    expect(size()).toBe(0);
  });

  test("takes back a server if it has room for it, and is meant to", () => {
    const { made } = pool();
    expect(made.give()).toBe(false);
    made.take();
    expect([made.give(), made.give()]).toEqual([true, false]);
    const other = pool({ reuseOnScaleIn: false });
    other.made.take();
    expect(other.made.give()).toBe(false);
  });
});

describe("loads", () => {
  const scale = { vcpus: 2, peak: 3, seconds: 7200, start: 600, resolution: 60 };

  test.each(SHAPES)("%s is quiet before its start, in order, and never above its peak", (name) => {
    const { segments } = shape(name, scale);
    expect(segments[0]).toEqual({ from: 0, cpu: 0, pinned: 0 });
    expect(segments[1]?.from).toBe(600);
    expect(segments.map(({ from }) => from)).toEqual([...segments].map(({ from }) => from).sort((a, b) => a - b));
    expect(Math.max(...segments.map(({ cpu }) => cpu))).toBeLessThanOrEqual(6);
    expect(segments.some(({ cpu, pinned }) => cpu + pinned > 0)).toBe(true);
  });

  test("there is no other", () => {
    expect(() => shape("flood", scale)).toThrow("flood is not a load; there are document, step");
  });
});

test("the queue returns the earliest item, and of items at the same time the one that was added first", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const queue = new Queue<number>();
      times.forEach((time, index) => queue.add(time, index));
      const taken = times.map(() => queue.take() ?? -1);
      const sorted = times.map((time, index) => ({ time, index })).sort((a, b) => a.time - b.time || a.index - b.index);
      expect(taken).toEqual(sorted.map(({ index }) => index));
      expect(queue.take()).toBeUndefined();
      expect(queue.next).toBe(Infinity);
    }),
  );
});

test("chance is the same for the same seed, and spread between 0 and 1", () => {
  const [one, same, other] = [7, 7, 8].map((seed) => Array.from({ length: 1000 }, randomFrom(seed)));
  expect(one).toEqual(same);
  expect(one).not.toEqual(other);
  const mean = (one ?? []).reduce((sum, value) => sum + value, 0) / 1000;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
});

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html */
test.each([
  ["t3.micro", 2, { baseline: 0.1, creditsPerHour: 12, maxCredits: 288 }],
  ["t3.small", 2, { baseline: 0.2, creditsPerHour: 24, maxCredits: 576 }],
  ["t4g.xlarge", 4, { baseline: 0.4, creditsPerHour: 96, maxCredits: 2304 }],
  ["m7i.large", 2, undefined],
  ["c7g.2xlarge", 8, undefined],
])("a %s has %d vCPUs", (type, vcpus, burst) => {
  const instance = instanceOf(type);
  expect(instance.vcpus).toBe(vcpus);
  expect(instance.burst).toEqual(burst);
});

test("a type whose vCPUs are not known is refused", () => {
  expect(() => instanceOf("m7i.metal-48xl")).toThrow("does not know how many vCPUs a m7i.metal-48xl has");
});
