/** Clients that try again: their load comes on top, each request counts once, and none is lost or made up. */
import fc from "fast-check";
import { modelOf } from "../../src/commands/simulate";
import { environments } from "../../src/config/environments";
import type { Load } from "../../src/simulation/load";
import { DEFAULTS, type Parameters } from "../../src/simulation/parameters";
import { Retries } from "../../src/simulation/retries";
import { simulate } from "../../src/simulation/simulate";
import { summarize } from "../../src/simulation/summary";
import { World } from "../../src/simulation/world";

const model = modelOf("production", environments.production);
const service = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };

/** 8 CPU-seconds of requests in the first second, and none after it. @returns the load that comes again, by the second */
function repeated(retries: number, refuse: (second: number, asked: number) => number, seconds = 20) {
  const world = new World();
  let lost = 0;
  const clients = new Retries(world, { retries, retryAfterSeconds: 1 }, () => lost);
  const rates = Array.from({ length: seconds }, (_, second) => {
    const { rate } = clients;
    const fresh = second === 0 ? 8 : 0;
    clients.see(1, fresh);
    lost += refuse(second, fresh + rate);
    world.now++;
    while (world.queue.next <= world.now) world.queue.take()?.();
    return rate;
  });
  return { rates, repeated: clients.repeated };
}

test.each([
  [0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  [1, [0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  [2, [0, 8, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]],
  [3, [0, 8, 0, 8, 0, 0, 0, 8, 0, 0, 0, 0]],
])("with %i retries, what is always refused comes again at %j", (retries, wanted) => {
  expect(repeated(retries, (_, asked) => asked).rates.slice(0, 12)).toEqual(wanted);
});

test("of what is refused in part, only that part comes again", () => {
  expect(repeated(3, (_, asked) => asked / 2).rates.slice(0, 8)).toEqual([0, 4, 0, 2, 0, 0, 0, 1]);
  expect(repeated(3, () => 0).repeated).toBe(0);
});

test("no more comes again than was refused", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
      fc.nat(5),
      (shares, retries) => {
        let lost = 0;
        const { repeated: again } = repeated(retries, (second, asked) => {
          const refused = asked * (shares[second] ?? 0);
          lost += refused;
          return refused;
        });
        expect(again).toBeLessThanOrEqual(lost + 1e-9);
      },
    ),
  );
});

/** One server for 40 requests a second is asked for 100 for a minute, and before and after that for 20. */
const OVERLOAD: Load = {
  name: "overload",
  seconds: 900,
  segments: [
    { from: 0, cpu: 1, pinned: 0 },
    { from: 300, cpu: 5, pinned: 0 },
    { from: 360, cpu: 1, pinned: 0 },
  ],
};
const run = (changes: Partial<Parameters>) => simulate(model, OVERLOAD, service, changes);

test("without retries, which is the default, nothing is different", () => {
  expect(DEFAULTS.retries).toBe(0);
  expect(run({ retries: 0, retryAfterSeconds: 5 })).toEqual(run({}));
});

test("retries keep a server busy for longer, and save requests; each counts once", () => {
  const [without, some, many] = [{}, { retries: 2, retryAfterSeconds: 5 }, { retries: 5, retryAfterSeconds: 5 }].map(
    run,
  );
  if (without === undefined || some === undefined || many === undefined) throw new Error("three runs");
  const results = [without, some, many].map((trace) => summarize(trace));
  for (const { requests } of results) expect(requests).toBeCloseTo(20 * 840 + 100 * 60, 0);
  const lost = results.map(({ requestsLost }) => requestsLost);
  expect(lost[1]).toBeLessThan(lost[0] ?? 0);
  expect(lost[2]).toBeLessThan((lost[1] ?? 0) / 2);
  const cpuAt = (trace: typeof without, minute: number) => trace.samples[minute]?.cpu ?? 0;
  expect(cpuAt(without, 7)).toBeCloseTo(50, 0);
  expect(cpuAt(many, 7)).toBeGreaterThan(90);
  // The picture shows the load that the servers have, with what comes again.
  expect(Math.max(...many.samples.map(({ peakLoad }) => peakLoad))).toBeGreaterThan(5);
});

test("retries can keep a group from recovering that recovers without them", () => {
  // One server can answer 40 requests a second, and there are 38: what is refused in the overload comes back for minutes.
  const steady: Load = {
    ...OVERLOAD,
    seconds: 1800,
    segments: OVERLOAD.segments.map((each) => (each.cpu === 1 ? { ...each, cpu: 1.9 } : each)),
  };
  const fixed = { ...model, maxSize: 1 };
  const refusing = (retries: number) =>
    simulate(fixed, steady, service, { retries }).samples.filter(({ answers }) => answers.refused > 20).length;
  expect(refusing(8)).toBeGreaterThan(refusing(0) + 3);
});
