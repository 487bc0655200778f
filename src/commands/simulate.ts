/** `npm run simulate`: a load on the Auto Scaling group, simulated. */
import { alternatives } from "../config/alternatives";
import type { Settings } from "../config/schema";
import { bookOf } from "../cost/prices/price-book";
import { readModel } from "../resources/group-model";
import { synthesized, targetOf } from "../deploy/read-stack";
import { save } from "../machine/files";
import { broken } from "../simulation/assertions";
import { observedIn } from "../simulation/calibrate/read";
import { calibrationReport } from "../simulation/calibrate/report";
import { SHAPES } from "../simulation/load";
import type { Model } from "../simulation/model";
import { MOST_HOURS } from "../simulation/options";
import { phasesReport, sweepReport, warnings } from "../simulation/render-reports";
import { html, svg } from "../simulation/render-svg";
import { table, timeline } from "../simulation/render-text";
import { BEGINNING, simulate } from "../simulation/simulate";
import { summarize, type Summary } from "../simulation/summary";
import { lowerBound, variants } from "../simulation/sweep";
import type { Trace } from "../simulation/trace";
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
  run: ({ args: [target], options }) => Promise.resolve(simulation(target, options)),
});

interface Run {
  readonly name: string;
  readonly trace: Trace;
  readonly summary: Summary;
}

/** @throws Problem with what is wrong with the arguments */
function simulation(target: string | undefined, options: SimulateOptions): Result {
  const { name, stack, settings } = targetOf(target);
  const model = readModel(stack, bookOf);
  const { service, parameters, load, seed, promises } = readOptions(options, model, settings, stack.environment);
  const run = (name: string, of: Model): Run => {
    const trace = simulate(of, load, service, parameters, seed);
    return { name, trace, summary: summarize(trace) };
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
      const { slowMinutes, requestsLost, instanceHours } = run(name, changed).summary;
      return { name, slowMinutes, requestsLost: Math.round(requestsLost), instanceHours };
    });
    return { text: sweepReport(points, lowerBound(model, load), leftOut, options.json), code: 0 };
  }
  const others = options.compare && settings !== undefined ? Object.entries(alternatives(settings)) : [];
  const first = run(name, model);
  const runs = [first, ...others.map(([other, changed]) => run(other, modelOf(name, changed)))];
  const summaries = table(runs.map(({ name, summary }) => [name, summary] as const));
  const warned = [...new Set(runs.flatMap(({ trace }) => warnings(trace)))];
  const report = [...(runs.length > 1 ? [] : [timeline(first.trace), ""]), summaries, ...warned].join("\n");
  const pictured = runs.map(({ name, trace }) => ({ name: `${name}: ${load.name}`, trace, verdict: [] }));
  const picture = () => svg(pictured, service);
  if (options.svg !== undefined) save("--svg", options.svg, picture());
  if (options.html !== undefined) save("--html", options.html, html(`${name}: ${load.name}`, picture(), report));

  const complaints = broken(promises, first.summary);
  const code = complaints.length > 0 ? BROKEN : 0;
  if (options.json) return { text: JSON.stringify(runs.map(jsonOf), null, 2), code, complaints };
  return { text: [report, ...complaints].join("\n"), code };
}

/** Ten months of all settings together take a minute. */
const MOST_SWEPT_HOURS = 10 * MOST_HOURS;

/** The group, alarms, policies and schedules of an environment with these settings. */
export const modelOf = (environment: string, settings: Settings): Model =>
  readModel(synthesized(environment, settings), bookOf);

const jsonOf = ({ name, trace, summary }: Run) => ({
  name,
  summary,
  warnings: warnings(trace),
  events: trace.events,
  actions: trace.actions,
  samples: trace.samples,
});
