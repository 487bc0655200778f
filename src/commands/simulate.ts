/** `npm run simulate`: a load on the Auto Scaling group, simulated. */
import { alternatives } from "../config/alternatives";
import type { Settings } from "../config/schema";
import type { Usage } from "../cost/model";
import { bookOf } from "../cost/prices/price-book";
import { readModel } from "../resources/group-model";
import { synthesized, targetOf } from "../deploy/read-stack";
import { save } from "../machine/files";
import type { Progress } from "../machine/progress";
import { wrapped } from "../machine/table";
import { broken } from "../simulation/assertions";
import { observedIn } from "../simulation/calibrate/read";
import { calibrationReport } from "../simulation/calibrate/report";
import { SHAPES } from "../simulation/load";
import type { Model } from "../simulation/model";
import { MOST_HOURS } from "../simulation/options";
import { phasesReport, sweepReport, warnings } from "../simulation/render-reports";
import { html, svg } from "../simulation/render-svg";
import { table, timeline } from "../simulation/render-text";
import { varied } from "../simulation/runs";
import { BEGINNING, simulate } from "../simulation/simulate";
import { summarize, type Summary } from "../simulation/summary";
import { lowerBound, variants } from "../simulation/sweep";
import type { Trace } from "../simulation/trace";
import { cheapest, verdictOf, type Month } from "../simulation/verdict";
import type { Stack } from "../terraform/stack";
import { brokenInAny, manyRuns, runsReport, worstOf } from "./many-runs";
import { monthOf, usageIn } from "./priced";
import { suggestSchedule } from "./suggest-schedule";
import { defineCommand, type Result } from "./command";
import { OPTIONS, readOptions, type SimulateOptions } from "./simulate-options";
import { legal } from "./sweep";

/** Exit code where an assertion is broken. */
const BROKEN = 3;

export const command = defineCommand({
  usage: "ENV|FILE.json",
  about: `Simulates how the Auto Scaling group of an environment (or of a cdk.tf.json, or
of a plan) follows a load: alarms, policies, cooldowns, launches, cost. Needs no
AWS.
Shapes: ${SHAPES.join(", ")}.
For instance: --load day --sweep high=60..90:5 or --assert "timeToCapacity<900"
Exit code: 0, 3 where an assertion is broken, 1 for an error.`,
  options: OPTIONS,
  run: ({ args: [target], options, progress }) => simulation(target, options, progress),
});

interface Run {
  readonly name: string;
  readonly trace: Trace;
  readonly summary: Summary;
  readonly verdict: readonly string[];
}

/** @throws Problem with what is wrong with the arguments */
async function simulation(target: string | undefined, options: SimulateOptions, progress: Progress): Promise<Result> {
  const { name, stack, settings } = targetOf(target);
  const model = readModel(stack, bookOf);
  const given = readOptions(options, model, settings, stack.environment);
  const { service, parameters, load, seed, promises } = given;
  const run = (name: string, of: Model, on = load, number = seed): Omit<Run, "verdict"> => {
    const trace = simulate(of, on, service, parameters, number);
    return { name, trace, summary: summarize(trace) };
  };
  const judged = (one: Omit<Run, "verdict">, of: Stack): Run => {
    const month = monthLike(one.trace, of, settings?.usage ?? usageIn(of));
    return { ...one, verdict: verdictOf(one.trace, one.summary, service, month) };
  };
  const draw = (shown: readonly Run[], report: string): void => {
    const pictured = shown.map((one) => ({ ...one, name: `${one.name}: ${load.name}` }));
    const picture = options.svg === undefined && options.html === undefined ? "" : svg(pictured, service);
    if (options.svg !== undefined) save("--svg", options.svg, picture);
    if (options.html !== undefined) save("--html", options.html, html(`${name}: ${load.name}`, picture, report));
  };

  if (options.calibrate.length > 0)
    return { text: calibrationReport(name, observedIn(options.calibrate), model, options.json), code: 0 };
  if (options["suggest-schedule"] !== undefined && settings !== undefined) {
    const simulated = (of: Settings) => run(name, modelOf(name, of)).summary;
    const begins = (load.beginsAt ?? BEGINNING) / 1000;
    return { text: suggestSchedule({ environment: name, settings, model, load, begins, simulated }), code: 0 };
  }
  if (options.phases) return { text: phasesReport(model, service, parameters), code: 0 };
  if (options.sweep.length > 0) {
    const most = Math.min(10_000, Math.floor((MOST_SWEPT_HOURS * 3600) / load.seconds));
    const { variants: tried, leftOut } = legal(name, settings, variants(model, options.sweep, most));
    const points = tried.map(({ name, model: changed }) => {
      const { slowMinutes, requestsLost, instanceHours, overSloPercent, usd } = run(name, changed).summary;
      return { name, slowMinutes, requestsLost: Math.round(requestsLost), instanceHours, overSloPercent, usd };
    });
    return { text: sweepReport(points, lowerBound(model, load), leftOut, options.json), code: 0 };
  }
  if (given.runs !== undefined) {
    const numbered = (number: number) => run(name, model, varied(load, number, parameters.noisePercent), number);
    const all = await manyRuns(given.runs, seed, progress, (number) => numbered(number).summary);
    const report = runsReport(all, options.json);
    const worst = worstOf(all)?.seed ?? seed;
    if (options.svg !== undefined || options.html !== undefined)
      draw([judged({ ...numbered(worst), name: `${name}, the worst run (--seed ${String(worst)})` }, stack)], report);
    return resultOf(report, brokenInAny(promises, all), options.json);
  }
  const others = options.compare && settings !== undefined ? Object.entries(alternatives(settings)) : [];
  const first = judged(run(name, model), stack);
  const compared = others.map(([other, changed]) => {
    const of = synthesized(name, changed);
    return judged(run(other, readModel(of, bookOf)), of);
  });
  const runs = [first, ...compared];
  const verdict =
    compared.length > 0 ? [cheapest(runs.map((one) => ({ name: one.name, ...one.summary })))] : first.verdict;
  const report = [
    ...(compared.length > 0 ? [] : [timeline(first.trace), ""]),
    table(runs.map(({ name, summary }) => [name, summary] as const)),
    "",
    ...verdict.map((sentence) => wrapped(sentence, 80)),
    ...new Set(runs.flatMap(({ trace }) => warnings(trace))),
  ].join("\n");
  draw(runs, report);
  const text = options.json ? JSON.stringify(runs.map(jsonOf), null, 2) : report;
  return resultOf(text, broken(promises, first.summary), options.json);
}

function resultOf(text: string, complaints: readonly string[], json: boolean): Result {
  const code = complaints.length > 0 ? BROKEN : 0;
  return json ? { text, code, complaints } : { text: [text, ...complaints].join("\n"), code };
}

/** What a month of such hours costs, with as many servers as the group wanted to have and as busy as they were. */
function monthLike({ samples, model }: Trace, stack: Stack, usage: Usage): Month | undefined {
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
  const servers = samples.length === 0 ? model.desired : mean(samples.map(({ desired }) => desired));
  const usd = monthOf(stack, { ...usage, servers, cpuPercent: mean(samples.flatMap(({ cpu }) => cpu ?? [])) });
  return usd === undefined ? undefined : { servers, usd };
}

/** Ten months of all settings together take a minute. */
const MOST_SWEPT_HOURS = 10 * MOST_HOURS;

/** The group, alarms, policies and schedules of an environment with these settings. */
export const modelOf = (environment: string, settings: Settings): Model =>
  readModel(synthesized(environment, settings), bookOf);

const jsonOf = ({ name, trace, summary, verdict }: Run) => ({
  name,
  summary,
  verdict,
  warnings: warnings(trace),
  events: trace.events,
  actions: trace.actions,
  samples: trace.samples,
});
