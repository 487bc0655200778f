/** Sweeps: which settings are tried, which of them are allowed, and which are the best. */
import fc from "fast-check";
import { modelOf } from "../../src/commands/simulate";
import { legal } from "../../src/commands/sweep";
import { derive, type Differences } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import type { Load } from "../../src/simulation/load";
import { sweepReport } from "../../src/simulation/render-reports";
import { lowerBound, paretoFront, variants, type Point } from "../../src/simulation/sweep";

const { production } = environments;
const settingsOf = (scaling: Differences<Settings["scaling"]>) =>
  derive(production, { fleet: { detailedMonitoring: true }, scaling });
const TRACKING = settingsOf({ kind: "targetTracking", targetPercent: 60, warmUpSeconds: 120 });
const simple = modelOf("production", production);
const tracking = modelOf("production", TRACKING);

test("a sweep tries all combinations, on the alarms that they concern", () => {
  const tried = variants(simple, ["high=60..90:15", "evaluationPeriods=1..2"]);
  expect(tried.map(({ name }) => name)).toEqual([
    "high=60 evaluationPeriods=1",
    "high=60 evaluationPeriods=2",
    "high=75 evaluationPeriods=1",
    "high=75 evaluationPeriods=2",
    "high=90 evaluationPeriods=1",
    "high=90 evaluationPeriods=2",
  ]);
  const [, , third] = tried;
  expect(third?.values).toEqual({ high: 75, evaluationPeriods: 1 });
  expect(
    third?.model.alarms.map(({ threshold, evaluationPeriods, datapointsToAlarm }) => [
      threshold,
      evaluationPeriods,
      datapointsToAlarm,
    ]),
  ).toEqual([
    [75, 1, 1],
    [20, 1, 1],
  ]);
  expect(variants(simple, ["low=5"])[0]?.model.alarms.map(({ threshold }) => threshold)).toEqual([80, 5]);
  expect(variants(simple, ["high=60..64:3"]).map(({ name }) => name)).toEqual(["high=60", "high=63"]);
});

test.each([["simple"], ["step"]])("what is swept of %s policies is what these settings would deploy", (kind) => {
  const policy = (thresholdPercent: number) => ({ thresholdPercent, steps: [{ beyondPercent: 0, instances: 1 }] });
  const settings =
    kind === "simple"
      ? production
      : settingsOf({
          kind: "step",
          periodSeconds: 60,
          evaluationPeriods: 2,
          out: policy(80),
          in: policy(20),
          warmUpSeconds: 120,
        });
  const [swept] = variants(modelOf("production", settings), ["high=71", "low=13", "evaluationPeriods=3"]);
  const deployed = derive(settings, {
    scaling: { evaluationPeriods: 3, out: { thresholdPercent: 71 }, in: { thresholdPercent: 13 } },
  });
  expect(swept?.model).toEqual(modelOf("production", deployed));
});

test("the target of target tracking is swept, with both of its alarms, as the settings would deploy it", () => {
  const [swept] = variants(tracking, ["target=40"]);
  const deployed = modelOf("production", derive(TRACKING, { scaling: { targetPercent: 40 } }));
  expect(swept?.model.policies).toEqual(deployed.policies);
  expect(swept?.model.alarms.map(({ threshold }) => threshold)).toEqual([40, expect.closeTo(36, 9)]);
});

test("of several policies each alarm follows its own", () => {
  const other = { ...tracking.policies[0], name: "other", targetPercent: 30 } as (typeof tracking.policies)[number];
  const alarm = { ...tracking.alarms[0], name: "other high", threshold: 30, policies: ["other"] };
  const mixed = {
    ...tracking,
    policies: [...tracking.policies, other, ...simple.policies],
    alarms: [...tracking.alarms, alarm as (typeof tracking.alarms)[number], ...simple.alarms],
  };
  const [swept] = variants(mixed, ["target=50", "high=70"]);
  expect(swept?.model.alarms.map(({ threshold }) => Math.round(threshold))).toEqual([50, 45, 50, 70, 20]);
});

test.each([
  [["high=90..60", "colour=1"], /^--sweep high=90\.\.60: must be such .*\n--sweep colour=1: must be such /],
  [["high=60..90:0"], /must be such as high=60\.\.90:5, of high, low, evaluationPeriods, target$/],
  [["target=60"], /^--sweep target=60: this group has none; it has high, low, evaluationPeriods$/],
  [["high=60", "high=70"], /^--sweep high=70: high is swept already$/],
  [["high=1..99", "low=1..99", "evaluationPeriods=1..9"], /^--sweep tries too many settings: .* there can be 10000$/],
])("%j cannot be swept", (ranges, problem) => {
  expect(() => variants(simple, ranges)).toThrow(problem);
});

test("alarms that target tracking keeps for itself cannot be swept", () => {
  expect(() => variants(tracking, ["high=70", "low=10", "evaluationPeriods=1"])).toThrow(
    /^--sweep high=70: this group has none; it has target\n--sweep low=10: .*\n--sweep evaluationPeriods=1: /,
  );
});

test("there may be as many as are allowed", () => {
  expect(variants(simple, ["high=60..69"], 10)).toHaveLength(10);
  expect(() => variants(simple, ["high=60..70"], 10)).toThrow("there can be 10");
});

describe("only settings that could be deployed are tried", () => {
  const names = (settings: Settings | undefined, model: typeof simple, ...ranges: string[]) => {
    const { variants: kept, leftOut } = legal("production", settings, variants(model, ranges));
    return [kept.map(({ name }) => name), leftOut];
  };

  test("by the settings' own rules", () => {
    // From 1 to 2 servers a CPU of 40 % becomes 20 %, at which the group shrinks again.
    expect(names(production, simple, "high=35..45:5")).toEqual([
      ["high=45"],
      expect.stringMatching(
        /^2 more are not allowed, such as high=35: production\.scaling\.in\.thresholdPercent: 20 conflicts /,
      ),
    ]);
    expect(names(production, simple, "high=99..101")).toEqual([
      ["high=99", "high=100"],
      expect.stringContaining("high=101"),
    ]);
    expect(names(production, simple, "evaluationPeriods=0..1")).toEqual([["evaluationPeriods=1"], expect.anything()]);
    expect(names(TRACKING, tracking, "target=80..100:10")).toEqual([["target=80", "target=90"], expect.anything()]);
    expect(names(production, simple, "high=70..80:10", "low=10..20:10")[1]).toBe("");
  });

  test("and for a file by AWS's", () => {
    expect(names(undefined, simple, "high=19..21")).toEqual([
      ["high=21"],
      "2 more are not allowed, such as high=19: the group would shrink at the CPU at which it grows",
    ]);
    expect(names(undefined, simple, "high=100..101")[0]).toEqual(["high=100"]);
    expect(names(undefined, simple, "evaluationPeriods=0..1")[0]).toEqual(["evaluationPeriods=1"]);
    expect(names(undefined, simple, "evaluationPeriods=288..289")[0]).toEqual(["evaluationPeriods=288"]);
    expect(names(undefined, tracking, "target=0..1")[0]).toEqual(["target=1"]);
    expect(names(undefined, tracking, "target=100..101")[0]).toEqual(["target=100"]);
  });

  test("and there has to be one", () => {
    expect(() => names(production, simple, "high=10..20")).toThrow(
      /^--sweep: none of these settings is allowed, such as high=10: production\.scaling/,
    );
  });
});

test("no point of the front is beaten by another, and every other point is", () => {
  const axes = ["slowMinutes", "requestsLost", "instanceHours"] as const;
  const number = fc.nat(6);
  const point = fc.record({ name: fc.constant(""), slowMinutes: number, requestsLost: number, instanceHours: number });
  const equal = (a: Point, b: Point) => axes.every((axis) => a[axis] === b[axis]);
  const beats = (a: Point, b: Point) => axes.every((axis) => a[axis] <= b[axis]) && !equal(a, b);
  fc.assert(
    fc.property(fc.array(point, { minLength: 1 }), (points) => {
      const front = paretoFront(points);
      for (const one of front) expect(points.some((other) => beats(other, one))).toBe(false);
      for (const one of points) expect(front.filter((other) => beats(other, one) || equal(other, one))).not.toEqual([]);
      for (const one of front) expect(front.filter((other) => equal(other, one))).toHaveLength(1);
      const hours = front.map(({ instanceHours }) => instanceHours);
      expect(hours).toEqual([...hours].sort((a, b) => a - b));
    }),
  );
});

test("a setting that refuses requests is not the best because it is cheap and quick", () => {
  const points = [
    { name: "few servers", slowMinutes: 3, requestsLost: 5000, instanceHours: 24, overSloPercent: 2.5, usd: 1 },
    { name: "more", slowMinutes: 3, requestsLost: 0, instanceHours: 30, overSloPercent: 0.5, usd: 2 },
    { name: "worse", slowMinutes: 3, requestsLost: 5000, instanceHours: 30, overSloPercent: 2.5, usd: 3 },
  ];
  expect(paretoFront(points).map(({ name }) => name)).toEqual(["few servers", "more"]);
  const report = sweepReport(points, 20, "1 more is not allowed", false);
  expect(report).toMatch(/few servers +3 min too slow +5000 refused +24\.00 instance hours/);
  expect(report).toContain("\n1 more is not allowed");
  expect(report).toContain("\nThe cheapest of these that keeps the SLO: more (2.00 USD for this load).");
  expect(report).toContain("at least 20.00 instance hours.");
  expect(JSON.parse(sweepReport(points, 20, "", true))).toMatchObject({ front: [{}, {}], lowerBoundInstanceHours: 20 });
});

test("a scaler that knows the load in advance has the fewest servers that carry each part of it, within the group's sizes", () => {
  const segment = (from: number, cpu: number) => ({ from, cpu, pinned: 0 });
  const load: Load = {
    name: "parts",
    seconds: 18_000,
    segments: [segment(0, 0), segment(3600, 2), segment(7200, 2.1), segment(10_800, 99)],
  };
  // Servers of two vCPUs: one at the least, one, two, and four at the most for the last two hours.
  expect(lowerBound({ ...simple, minSize: 1, maxSize: 4 }, load)).toBeCloseTo(1 + 1 + 2 + 2 * 4, 9);
  expect(lowerBound({ ...simple, minSize: 0, maxSize: 4 }, load)).toBeCloseTo(0 + 1 + 2 + 2 * 4, 9);
});
