/** Verdicts: whether the SLO is kept, what binds, what a month costs, and which setting is the cheapest that keeps it. */
import { modelOf } from "../../src/commands/simulate";
import { derive, type Differences } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import { shape, type Load } from "../../src/simulation/load";
import type { Parameters } from "../../src/simulation/parameters";
import { simulate } from "../../src/simulation/simulate";
import { summarize } from "../../src/simulation/summary";
import { cheapest, keepsSlo, verdictOf, type Month } from "../../src/simulation/verdict";

const service = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };
const loadOf = (name: string, peak: number): Load =>
  shape(name, { vcpus: 2, peak, seconds: name === "day" ? 86_400 : 7200, start: 1800, resolution: 60 });

/** 400 requests a second for half a minute. */
const SPIKE: Load = {
  name: "spike",
  seconds: 7200,
  segments: [0.5, 20, 0.5].map((cpu, index) => ({ from: [0, 3615, 3645][index] ?? 0, cpu, pinned: 0 })),
};

function said(
  load: Load,
  differences: Differences<Settings> = {},
  parameters: Partial<Parameters> = {},
  change = {},
): string[] {
  const model = { ...modelOf("production", derive(environments.production, differences)), ...change };
  const trace = simulate(model, load, service, parameters);
  return verdictOf(trace, summarize(trace), service, undefined);
}

const TRACKING = { kind: "targetTracking", targetPercent: 60, warmUpSeconds: 120 } as const;

test.each<[string, string, Said]>([
  ["the greatest size", "the greatest size (fleet.maxSize)", [loadOf("day", 5)]],
  ["credits", "CPU credits, which are used up", [loadOf("step", 1), { fleet: { cpuCredits: "standard" } }]],
  [
    "the start of servers",
    "the time in which a server starts",
    [
      loadOf("step", 1.5),
      { fleet: { detailedMonitoring: true, startupSeconds: 1200 }, scaling: { ...TRACKING, warmUpSeconds: 1200 } },
      { startupSeconds: 1200 },
    ],
  ],
  [
    "the wait after a change",
    "the wait after the last change",
    [loadOf("step", 2.5), { scaling: { out: { cooldownSeconds: 3600 } } }],
  ],
  [
    "the alarm's periods",
    "the alarm, which waits for its periods",
    [loadOf("step", 1.5), { scaling: { evaluationPeriods: 10 } }],
  ],
  ["a diluted metric", "a diluted metric", [SPIKE]],
])("what binds is %s", (_, text, [load, differences, parameters]) => {
  const [slo, binds] = said(load, differences, parameters);
  expect(slo).toMatch(
    /^Misses the SLO: \d+\.\d\d % of the requests were refused or answered later than 1 s; 1 % may be\.$/,
  );
  expect(binds).toMatch(/^What binds in the (minute that was|\d+ minutes that were) too slow: (in \d+ )?/);
  expect(binds?.replace(/^[^:]*: (in \d+ )?/, "")).toContain(text);
  expect(binds?.replace(/^[^:]*: (in \d+ )?/, "").startsWith(text)).toBe(true);
});
type Said = [load: Load, differences?: Differences<Settings>, parameters?: Partial<Parameters>];

test("causes are in the order of their minutes, and those of a few minutes are left out", () => {
  const [, binds = ""] = said(loadOf("flash", 3));
  const minutes = [...binds.matchAll(/ in (\d+) (?=the |a |CPU)/g)].map(([, count]) => Number(count));
  expect(minutes.length).toBeGreaterThan(1);
  expect(minutes).toEqual([...minutes].sort((one, other) => other - one));
  const [, all = ""] = /in the (\d+) minutes/.exec(binds) ?? [];
  expect(Math.min(...minutes)).toBeGreaterThanOrEqual(0.1 * Number(all));
});

test("a group that is large enough keeps the SLO, and nothing binds", () => {
  expect(said(loadOf("step", 0.5))).toEqual([
    expect.stringMatching(/^Keeps the SLO: (Less than 0\.01|0\.\d\d) % of the requests were refused or answered later/),
  ]);
  const quiet: Load = { name: "quiet", seconds: 3600, segments: [{ from: 0, cpu: 0.001, pinned: 0 }] };
  expect(said(quiet)[0]).toMatch(/^Keeps the SLO: /);
});

test.each([
  [0, true],
  [1, true],
  [1.001, false],
])("with %d %% of the requests over the SLO it is kept: %s", (overSloPercent, kept) => {
  expect(keepsSlo({ overSloPercent })).toBe(kept);
});

test("a load on one server has no requests, and its verdict is when it is noticed", () => {
  expect(said(loadOf("document", 1))).toEqual([
    expect.stringMatching(
      /^The first server that was added for the overload was healthy 0:1\d:\d\d after it began\. There were no requests\.$/,
    ),
  ]);
  expect(said(loadOf("document", 1), { scaling: { evaluationPeriods: 12 } })[0]).toMatch(
    /^The overload was not noticed/,
  );
  const none: Load = { name: "none", seconds: 3600, segments: [{ from: 0, cpu: 0, pinned: 0 }] };
  expect(said(none)[0]).toBe("Nothing was overloaded, and there were no requests.");
});

test("a month is that of the whole bill, if it is known", () => {
  const trace = simulate(modelOf("production", environments.production), loadOf("step", 0.5), service);
  const verdict = (month: Month | undefined) => verdictOf(trace, summarize(trace), service, month);
  expect(verdict({ servers: 1.5, usd: 103.456 }).at(-1)).toBe(
    "If every hour were like these, a month would cost 103.46 USD with everything: 1.5 servers on average, and the traffic of the settings' usage.",
  );
  expect(verdict(undefined).at(-1)).not.toContain("month");
});

const tried = (name: string, overSloPercent: number, usd: number | undefined, instanceHours = 1) => ({
  name,
  overSloPercent,
  usd,
  instanceHours,
});
test.each([
  [
    "the cheapest of those that keep it",
    [tried("a", 0, 5), tried("b", 1, 3), tried("c", 1.1, 1)],
    "The cheapest of these that keeps the SLO: b (3.00 USD for this load).",
  ],
  [
    "by hours without prices",
    [tried("a", 0, undefined, 5), tried("b", 0, undefined, 4)],
    "The cheapest of these that keeps the SLO: b (4.00 instance hours).",
  ],
  [
    "the nearest, where none does",
    [tried("a", 9, 1), tried("b", 2, 3)],
    "None of these keeps the SLO; b comes nearest, with 2.00 % of the requests over it (3.00 USD for this load).",
  ],
])("of several settings, it names %s", (_, settings, sentence) => {
  expect(cheapest(settings)).toBe(sentence);
});
