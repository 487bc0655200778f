/** Pictures of simulations: no trouble is too short to be seen, axes have round marks, and colours suit both backgrounds. */
import { modelOf } from "../../src/commands/simulate";
import { environments } from "../../src/config/environments";
import { shape, type Load } from "../../src/simulation/load";
import { intervals } from "../../src/simulation/picture/minutes";
import { powersTo, ticksTo, timeLabel, timeTicks } from "../../src/simulation/picture/ticks";
import { html, svg } from "../../src/simulation/render-svg";
import { simulate } from "../../src/simulation/simulate";
import { summarize } from "../../src/simulation/summary";

const model = modelOf("production", environments.production);
const service = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };
const document = simulate(
  model,
  shape("document", { vcpus: 2, peak: 1, seconds: 7200, start: 1800, resolution: 60 }),
  service,
);

/** 10 requests a second, and for half a minute, between two ends of a minute, 400. */
const SPIKE: Load = {
  name: "spike",
  seconds: 7200,
  segments: [10, 400, 10].map((requests, index) => ({
    from: [0, 3615, 3645][index] ?? 0,
    cpu: requests * service.cpuSeconds,
    pinned: 0,
  })),
};
const spike = simulate(model, SPIKE, service);
const picture = svg([{ name: "<production>", trace: spike, verdict: ["It is & remains <so>."] }], service);

/** The tops of the areas of a kind, in pixels of the picture. */
const levels = (of: string, style: string) =>
  [...(new RegExp(`<path class="${style}" d="([^"]*)"`).exec(of)?.[1] ?? "").matchAll(/V([\d.]+)H/g)].map(([, y]) =>
    Number(y),
  );

test("a spike of half a minute between the ends of minutes is seen, and so are the requests that it refuses", () => {
  const lost = summarize(spike).requestsLost;
  expect(lost).toBeGreaterThan(10_000);
  // The load at the ends of minutes is always the same.
  expect(new Set(spike.samples.map(({ load }) => load))).toEqual(new Set([0.5]));
  expect(Math.max(...spike.samples.map(({ peakLoad }) => peakLoad))).toBe(20);
  expect(spike.samples.reduce((sum, { answers }) => sum + answers.refused, 0)).toBeCloseTo(lost, 6);
  expect(spike.samples.filter(({ answers: { p95Seconds = 0 } }) => p95Seconds > service.sloSeconds)).toHaveLength(1);
  for (const style of ["load", "refused"]) expect(new Set(levels(picture, style)).size).toBe(2);
});

test("minutes without an answer have no longest one, and minutes after a wait do not keep it", () => {
  expect(new Set(document.samples.map(({ answers }) => answers.p95Seconds))).toEqual(new Set([undefined]));
  expect(spike.samples.at(-1)?.answers.p95Seconds).toBeLessThan(service.sloSeconds);
});

test.each([1, 7, 40])("of minutes drawn as one in %i, the worst is drawn", (most) => {
  const drawn = intervals(spike.samples, most);
  expect(drawn).toHaveLength(most);
  expect(drawn[0]?.from).toBe(0);
  expect(drawn.at(-1)?.to).toBe(7200);
  for (const [index, { from }] of drawn.entries()) if (index > 0) expect(from).toBe(drawn[index - 1]?.to);
  const worst = (pick: (one: { load: number; refused: number; p95Seconds?: number | undefined }) => number) =>
    Math.max(...drawn.map(pick));
  expect(worst(({ load }) => load)).toBe(20);
  expect(worst(({ refused }) => refused)).toBeGreaterThan(500);
  expect(worst(({ p95Seconds = 0 }) => p95Seconds)).toBeGreaterThan(service.sloSeconds);
});

test("servers are drawn from when they are desired, and in service only from when they answer", () => {
  const changes = (pick: "desired" | "healthy") =>
    intervals(document.samples, 200).flatMap((minute, index, all) =>
      index > 0 && minute[pick] !== all[index - 1]?.[pick] ? [[minute.from, minute[pick]]] : [],
    );
  expect(changes("desired")).toEqual([
    [41 * 60, 2],
    [51 * 60, 1],
  ]);
  expect(changes("healthy")).toEqual([
    [44 * 60, 2],
    [51 * 60, 1],
  ]);
});

test("each strip has a legend; requests have strips of their own, with the SLO, where the load has any", () => {
  for (const words of ["load, the most in each minute", "desired", "at most 4", "cpu-high 80 %", "cpu-low 20 %"])
    expect(picture).toContain(words);
  for (const words of ["Refused requests a minute", "beyond the SLO of 1 s"]) {
    expect(picture).toContain(words);
    expect(svg([{ name: "", trace: document, verdict: [] }], service)).not.toContain(words);
  }
});

test("the verdict is above the strips, and nothing in the picture could run", () => {
  expect(picture.indexOf("It is &#38; remains &#60;so&#62;.")).toBeLessThan(picture.indexOf("vCPUs"));
  expect(picture).toContain("&#60;production&#62;");
  expect(picture).toContain("prefers-color-scheme: dark");
  expect(picture).not.toMatch(/<script|NaN|undefined|Infinity/);
  expect(html("a & b", picture, "text")).toContain("<title>a &#38; b</title>");
});

test("every class that is drawn has a colour, in light and in dark", () => {
  const [light = "", dark = ""] = (/<style>([^]*)<\/style>/.exec(picture)?.[1] ?? "").split("@media");
  for (const [, style = ""] of picture.matchAll(/ class="([a-z]+)"/g)) {
    if (style === "name") continue;
    for (const scheme of [light, dark])
      expect(scheme).toMatch(new RegExp(`\\.${style}(, \\.\\w+)? \\{ (fill|stroke): #`));
  }
});

test("extreme simulations have pictures, too: without seconds of SLO, with one server, of a single minute", () => {
  for (const [of, limits] of [
    [simulate(model, { ...SPIKE, seconds: 30 }, service), service],
    [simulate(model, { ...SPIKE, seconds: 60 }, service), { ...service, sloSeconds: 0 }],
    [simulate({ ...model, minSize: 0, desired: 0, alarms: [] }, SPIKE, service), service],
  ] as const)
    expect(svg([{ name: "", trace: of, verdict: [] }], limits)).not.toMatch(/NaN|undefined|Infinity/);
});

test.each([
  [0, 4, false, [0, 0.5]],
  [1, 4, false, [0, 0.5, 1]],
  [10, 4, false, [0, 5, 10]],
  [0.3, 3, false, [0, 0.1, 0.2, 0.3]],
  [20, 4, false, [0, 5, 10, 15, 20]],
  [10_400, 2, false, [0, 10_000, 20_000]],
  [1, 2, true, [0, 1]],
  [4, 2, true, [0, 2, 4]],
  [7, 2, true, [0, 5, 10]],
])("an axis to %d with at most %d steps (whole: %j) has the marks %j", (value, most, whole, marks) => {
  expect(ticksTo(value, most, whole)).toEqual(marks);
});

test("a logarithmic axis has powers of ten, two at least", () => {
  expect(powersTo(0.01, 10.05)).toEqual([0.01, 0.1, 1, 10, 100]);
  expect(powersTo(0.01, 0.001)).toEqual([0.01, 0.1]);
});

test.each([
  [7200, ["0:00", "0:15", "0:30", "0:45", "1:00", "1:15", "1:30", "1:45", "2:00"]],
  [86_400, ["0:00", "3:00", "6:00", "9:00", "12:00", "15:00", "18:00", "21:00", "24:00"]],
  [7 * 86_400, ["day 1", "day 2", "day 3", "day 4", "day 5", "day 6", "day 7", "day 8"]],
  [3 * 86_400, ["day 1", "day 1, 12:00", "day 2", "day 2, 12:00", "day 3", "day 3, 12:00", "day 4"]],
  [90, ["0:00", "0:01"]],
])("an axis of %d s has the times %j", (seconds, labels) => {
  expect(timeTicks(seconds).map((at) => timeLabel(at, seconds))).toEqual(labels);
});
