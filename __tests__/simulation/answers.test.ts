/** The times of answers, compared with requests that are simulated one by one, and with what is known of such queues. */
import { Cpu } from "../../src/simulation/cpu";
import { randomFrom } from "../../src/simulation/random";
import type { Service } from "../../src/simulation/service";

const service: Service = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };
const one = { vcpus: 2, full: 1, throttled: 0, failing: 0, baseline: 0.1, pinnedThrottled: false };

/** A load, in CPU-seconds a second, and how long it lasts. */
type Phase = readonly [seconds: number, cpu: number];

/** In minutes, as the simulation does it. */
function modelled(phases: readonly Phase[], of = service, serving = one) {
  const cpu = new Cpu(of, serving);
  for (const [seconds, asked] of phases)
    for (let at = 0; at < seconds; at += 60)
      cpu.advance(Math.min(60, seconds - at), { from: 0, cpu: asked, pinned: 0 }, serving);
  return cpu.total();
}

/** Each request alone: random times between them, random CPU times, one queue before the cores. */
function oneByOne(phases: readonly Phase[], of: Service, cores: number, times: number) {
  const random = randomFrom(5);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const most = cores + Math.floor((of.queueSeconds * cores) / of.cpuSeconds + 1e-9);
  const answers: number[] = [];
  let [requests, refused] = [0, 0];
  for (let time = 0; time < times; time++) {
    const free = new Array<number>(cores).fill(0);
    // The ends of those that are there, in the order of their beginnings.
    let present: number[] = [];
    let begin = 0;
    for (const [seconds, asked] of phases) {
      const end = begin + seconds;
      for (let now = begin; ; requests++) {
        now += exponential(of.cpuSeconds / asked);
        if (now >= end) break;
        if (present.length >= most || present.length > 50) present = present.filter((until) => until > now);
        if (present.length >= most) {
          refused++;
          continue;
        }
        const core = free.indexOf(Math.min(...free));
        const until = Math.max(now, free[core] ?? 0) + exponential(of.cpuSeconds);
        free[core] = until;
        present.push(until);
        answers.push(until - now);
      }
      begin = end;
    }
  }
  answers.sort((a, b) => a - b);
  const percentile = (percent: number) => answers[Math.floor((percent / 100) * answers.length)] ?? NaN;
  return {
    requests,
    refused: refused / requests,
    late: answers.filter((seconds) => seconds > of.sloSeconds).length / requests,
    percentiles: [50, 95, 99].map(percentile),
  };
}

test.each<[string, readonly Phase[], Service, number, number]>([
  ["half a load", [[3000, 1]], service, 2, 1],
  ["most of the load that is possible", [[6000, 1.8]], service, 2, 1],
  ["as much as is possible, for a minute", [[60, 2]], service, 2, 120],
  ["too much, for long", [[600, 2.4]], service, 2, 4],
  [
    "too much, and then less",
    [
      [60, 2.5],
      [60, 1],
    ],
    service,
    2,
    20,
  ],
  [
    "a flash",
    [
      [120, 0.2],
      [30, 8],
      [450, 0.2],
    ],
    service,
    2,
    10,
  ],
  ["more and less, minute by minute", [0.6, 1.2, 1.8, 2, 1.6, 1.2].map((cpu): Phase => [60, cpu]), service, 2, 60],
  ["four cores and a short queue", [[1000, 4]], { ...service, queueSeconds: 1 }, 4, 1],
  ["one core", [[9000, 0.8]], service, 1, 1],
  ["no queue", [[3000, 1.6]], { ...service, queueSeconds: 0 }, 2, 1],
  ["long requests", [[60_000, 1.4]], { ...service, cpuSeconds: 1, sloSeconds: 3 }, 2, 1],
])("of %s are those of requests one by one", (_, phases, of, cores, times) => {
  const [real, model] = [oneByOne(phases, of, cores, times), modelled(phases, of, { ...one, vcpus: cores })];
  expect(model.requests).toBeCloseTo(
    phases.reduce((sum, [seconds, cpu]) => sum + (seconds * cpu) / of.cpuSeconds, 0),
    4,
  );
  expect(Math.abs(model.refused / model.requests - real.refused)).toBeLessThan(0.015);
  expect(Math.abs(model.late / model.requests - real.late)).toBeLessThan(0.02);
  [model.p50Seconds, model.p95Seconds, model.p99Seconds].forEach((seconds = NaN, index) => {
    const expected = real.percentiles[index] ?? NaN;
    expect(Math.abs(seconds / expected - 1)).toBeLessThan(0.08);
  });
});

test("of an idle instance are those of one request alone: an exponential time", () => {
  const { p50Seconds, p95Seconds, p99Seconds } = modelled([[600, 0.001]]);
  expect(p50Seconds).toBeCloseTo(0.05 * Math.log(2), 3);
  expect(p95Seconds).toBeCloseTo(0.05 * Math.log(20), 3);
  expect(p99Seconds).toBeCloseTo(0.05 * Math.log(100), 3);
});

test("of an idle throttled instance take as much longer as it is slower", () => {
  expect(modelled([[600, 0.001]], service, { ...one, full: 0, throttled: 1 }).p50Seconds).toBeCloseTo(
    0.5 * Math.log(2),
    2,
  );
});

test("without a queue the refused are Erlang's B", () => {
  // Two cores and 1.6 busy: 1.28 / (1 + 1.6 + 1.28).
  const { refused, requests } = modelled([[60_000, 1.6]], { ...service, queueSeconds: 0 });
  expect(refused / requests).toBeCloseTo(1.28 / 3.88, 4);
});

test("of one core are those of M/M/1: exponential, with the mean of CPU time over what is free", () => {
  const { p50Seconds, p99Seconds } = modelled([[600_000, 0.8]], service, { ...one, vcpus: 1 });
  expect((p50Seconds ?? NaN) / (0.25 * Math.log(2))).toBeCloseTo(1, 1);
  expect((p99Seconds ?? NaN) / (0.25 * Math.log(100))).toBeCloseTo(1, 1);
});

test.each([60, 600, 36_000])("of 1.9998, 2 and 2.0002 CPUs on two are nearly the same, after %d s", (seconds) => {
  const [under, at, above] = [1.9998, 2, 2.0002].map((cpu) => modelled([[seconds, cpu]]));
  for (const near of [under, above])
    for (const name of ["p50Seconds", "p95Seconds", "p99Seconds", "late"] as const)
      expect((near?.[name] ?? NaN) / (at?.[name] ?? NaN)).toBeCloseTo(1, 1);
  const share = [under, at, above].map((each) => (each?.refused ?? NaN) / (each?.requests ?? NaN));
  expect(Math.max(...share) - Math.min(...share)).toBeLessThan(0.001);
});

test("a little less than the greatest load has answers far above the mean", () => {
  // At 95 % the mean of M/M/2 is 0.51 s.
  const { p50Seconds, p95Seconds, p99Seconds } = modelled([[36_000, 1.9]]);
  expect([p50Seconds, p95Seconds, p99Seconds]).toEqual([
    expect.closeTo(0.36, 1),
    expect.closeTo(1.53, 1),
    expect.closeTo(2.34, 1),
  ]);
});

test("of two kinds of instances are put together before the percentiles are taken", () => {
  // Half of the requests are answered at once, and the other half takes ten times as long: the mean of both medians is not theirs.
  const { p50Seconds, p95Seconds } = modelled([[600, 0.002]], service, { ...one, throttled: 1 });
  const share = (seconds: number) => (Math.exp(-seconds / 0.05) + Math.exp(-seconds / 0.5)) / 2;
  expect(share(p50Seconds ?? NaN)).toBeCloseTo(0.5, 2);
  expect(share(p95Seconds ?? NaN)).toBeCloseTo(0.05, 2);
});

test("of a busy hour count as much as its requests", () => {
  // 1 in 20 is late only if a twentieth of the requests comes in the overload, whatever share of the time it takes.
  const calm = modelled([
    [86_400, 0.01],
    [60, 8],
  ]);
  expect(calm.p50Seconds).toBeGreaterThan(0.03);
  expect(calm.p95Seconds).toBeGreaterThan(9);
});
