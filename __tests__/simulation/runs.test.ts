/** Many runs: the same for the same seed, as much load on average, and the median and worst of every figure. */
import fc from "fast-check";
import { brokenInAny, worstOf } from "../../src/commands/many-runs";
import { modelOf } from "../../src/commands/simulate";
import { environments } from "../../src/config/environments";
import { promisesIn } from "../../src/simulation/assertions";
import { shape, type Load } from "../../src/simulation/load";
import { spreadOf, varied } from "../../src/simulation/runs";
import { simulate } from "../../src/simulation/simulate";
import { summarize } from "../../src/simulation/summary";

const service = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };
const step = shape("step", { vcpus: 2, peak: 2, seconds: 7200, start: 1800, resolution: 600 });
const work = ({ segments, seconds }: Load) =>
  segments.reduce((sum, { from, cpu }, index) => sum + cpu * ((segments[index + 1]?.from ?? seconds) - from), 0);

test("a run is the same for the same seed, and another for another", () => {
  expect(varied(step, 3, 10)).toEqual(varied(step, 3, 10));
  expect(varied(step, 4, 10)).not.toEqual(varied(step, 3, 10));
});

test("without noise only the phase differs: the load begins up to five minutes later", () => {
  const begins = Array.from({ length: 200 }, (_, seed) => {
    const load = varied(step, seed, 0);
    expect(load.segments.find(({ cpu }) => cpu > 0)?.from).toBe(1800 + load.seconds - step.seconds);
    expect(work(load)).toBeCloseTo(work(step), 6);
    return load.seconds - step.seconds;
  });
  expect(Math.min(...begins)).toBeLessThan(10);
  expect(Math.max(...begins)).toBeGreaterThan(290);
  expect(Math.max(...begins)).toBeLessThan(300);
});

test("noise varies each minute by so much, and not the load on average", () => {
  const long: Load = { name: "long", seconds: 86_400, segments: [{ from: 0, cpu: 2, pinned: 0 }] };
  const { segments } = varied(long, 1, 20);
  const cpu = segments.map((segment) => segment.cpu);
  const mean = cpu.reduce((sum, value) => sum + value, 0) / cpu.length;
  const deviation = Math.sqrt(cpu.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cpu.length);
  expect(segments.length).toBeGreaterThanOrEqual(1440);
  expect(mean).toBeCloseTo(2, 1);
  expect(deviation / mean).toBeGreaterThan(0.18);
  expect(deviation / mean).toBeLessThan(0.22);
});

test("even with the most noise the mean stays that of the load", () => {
  const long: Load = { name: "long", seconds: 60 * 20_000, segments: [{ from: 0, cpu: 2, pinned: 0 }] };
  const { segments } = varied(long, 5, 60);
  // Without the correction of a log-normal distribution it would be 2.39.
  expect(Math.abs(segments.reduce((sum, { cpu }) => sum + cpu, 0) / segments.length - 2)).toBeLessThan(0.05);
});

test("a varied load is in order, never negative, and quiet where the load is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 100 }), (seed, noise) => {
      const load = varied(step, seed, noise);
      const begin = 1800 + load.seconds - step.seconds;
      load.segments.forEach(({ from, cpu }, index) => {
        if (index > 0) expect(from).toBeGreaterThan(load.segments[index - 1]?.from ?? Infinity);
        if (from < begin) expect(cpu).toBe(0);
        else expect(cpu).toBeGreaterThan(0);
      });
      expect(load.segments[0]?.from).toBe(0);
    }),
    { numRuns: 50 },
  );
});

const model = modelOf("production", environments.production);
const summary = summarize(simulate(model, step, service));
const runs = [
  { slowMinutes: 3, timeToCapacity: 700, usd: 2, flaps: 0 },
  { slowMinutes: 9, timeToCapacity: undefined, usd: 1, flaps: 1 },
  { slowMinutes: 1, timeToCapacity: 800, usd: 3, flaps: 0 },
].map((changes, index) => ({ seed: 10 + index, summary: { ...summary, ...changes } }));

test("median and worst are of each figure by itself; capacity that is never added is the worst", () => {
  const { median, worst } = spreadOf(runs.map((run) => run.summary));
  expect(median).toMatchObject({ slowMinutes: 3, timeToCapacity: 800, usd: 2, flaps: 0 });
  expect(worst).toMatchObject({ slowMinutes: 9, usd: 3, flaps: 1 });
  expect(worst.timeToCapacity).toBeUndefined();
  expect(Object.keys(median)).toEqual(Object.keys(summary));
});

test("of an even number of runs, the median is that of a run, and not worse than most", () => {
  expect(spreadOf(runs.slice(0, 2).map((run) => run.summary)).median.slowMinutes).toBe(3);
  expect(spreadOf(runs.slice(0, 1).map((run) => run.summary)).median).toEqual(runs[0]?.summary);
});

test("a promise is broken if it is in any run, and the worst is named", () => {
  expect(brokenInAny(promisesIn(["slowMinutes<20", "flaps<=1"]), runs)).toEqual([]);
  expect(brokenInAny(promisesIn(["slowMinutes<2", "usd>1", "timeToCapacity<900", "flaps=0"]), runs)).toEqual([
    "slowMinutes<2 is broken: slowMinutes is 9 in the run of --seed 11, the worst of 2 broken in 3",
    "usd>1 is broken: usd is 1 in the run of --seed 11, the worst of 1 broken in 3",
    "timeToCapacity<900 is broken: timeToCapacity is none in the run of --seed 11, the worst of 1 broken in 3",
    "flaps=0 is broken: flaps is 1 in the run of --seed 11, the worst of 1 broken in 3",
  ]);
  expect(brokenInAny(promisesIn(["usd>2.5"]), runs)[0]).toContain("usd is 1 in the run of --seed 11, the worst of 2");
});

test("the worst run has the most requests over the SLO, and then the latest capacity", () => {
  expect(worstOf(runs)?.seed).toBe(11);
  const over = runs.map((run, index) => ({ ...run, summary: { ...run.summary, overSloPercent: index === 2 ? 5 : 4 } }));
  expect(worstOf(over)?.seed).toBe(12);
  expect(worstOf([])).toBeUndefined();
});
