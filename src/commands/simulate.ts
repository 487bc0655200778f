/** `npm run simulate`: a load on the Auto Scaling group, simulated. */
import { alternatives } from "../config/alternatives";
import { settingsNamed } from "../config/find-environment";
import type { Settings } from "../config/schema";
import { bookOf } from "../cost/prices/price-book";
import { readModel } from "../resources/group-model";
import { synthesized, targetOf } from "../deploy/read-stack";
import { save } from "../machine/files";
import { Problem } from "../machine/problem";
import { broken } from "../simulation/assertions";
import { observedIn } from "../simulation/calibrate/read";
import { calibrationReport } from "../simulation/calibrate/report";
import { SHAPES } from "../simulation/load";
import type { Model } from "../simulation/model";
import { loadFrom, MOST_HOURS, numberIn, parametersFrom, positiveIn } from "../simulation/options";
import type { Parameters } from "../simulation/parameters";
import { phasesReport, sweepReport, warnings } from "../simulation/render-reports";
import { html, svg } from "../simulation/render-svg";
import { table, timeline } from "../simulation/render-text";
import type { Service } from "../simulation/service";
import { BEGINNING, simulate } from "../simulation/simulate";
import { summarize, type Summary } from "../simulation/summary";
import { lowerBound, variants } from "../simulation/sweep";
import type { Trace } from "../simulation/trace";
import type { Stack } from "../terraform/stack";
import { suggestSchedule } from "./suggest-schedule";
import { defineCommand, isGiven, type Options, type Result, type OptionValues } from "./command";

/** Exit code where an assertion is broken. */
const BROKEN = 3;

const OPTIONS = {
  load: { value: "LOAD", default: "document", help: "a shape, or a FILE.csv" },
  peak: { value: "SERVERS", default: "3", help: "height, in fully busy servers" },
  hours: { value: "HOURS", help: "how long to simulate (2; day: 24; at most 744)" },
  start: { value: "SECONDS", default: "1800", help: "when the load begins" },
  resolution: { value: "SECONDS", default: "60", help: "from value to value of a shape" },
  "request-cpu": { value: "SECONDS", default: "0.05", help: "CPU time of a request" },
  queue: { value: "SECONDS", default: "10", help: "longest wait of a request" },
  slo: { value: "SECONDS", default: "1", help: "answers that take longer are too slow" },
  parameter: { value: "NAME=VALUE", multiple: true, help: "an assumption about AWS" },
  seed: { value: "NUMBER", default: "1", help: "of the random numbers" },
  compare: { help: "the same load under other scaling policies" },
  sweep: { value: "NAME=FROM..TO:STEP", multiple: true, help: "many values of the alarms" },
  calibrate: { value: "FILE", multiple: true, help: "what CloudWatch or a log says of requests" },
  "suggest-schedule": { value: "WEEK.csv", help: "a schedule for a load of weeks" },
  phases: { help: "the load begun at each second of a period" },
  assert: { value: "NAME<VALUE", multiple: true, help: "exit code 3 where it is not so" },
  svg: { value: "FILE", help: "draw the load and the servers into FILE" },
  html: { value: "FILE", help: "write the report and the picture to FILE" },
  json: { help: "print JSON" },
} as const satisfies Options;

type SimulateOptions = OptionValues<typeof OPTIONS>;

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
  const service: Service = {
    cpuSeconds: positiveIn("--request-cpu", options["request-cpu"]),
    queueSeconds: numberIn("--queue", options.queue),
    sloSeconds: numberIn("--slo", options.slo),
  };
  const parameters = { ...startOf(stack, settings), ...parametersFrom(options.parameter) };
  const load = loadFrom(options["suggest-schedule"] ?? options.load, model, service, {
    peak: numberIn("--peak", options.peak),
    hours: options.hours === undefined ? undefined : numberIn("--hours", options.hours),
    start: numberIn("--start", options.start),
    resolution: positiveIn("--resolution", options.resolution),
  });
  const seed = numberIn("--seed", options.seed);
  const run = (name: string, of: Model): Run => {
    const trace = simulate(of, load, service, parameters, seed);
    return { name, trace, summary: summarize(trace) };
  };

  const problems = combinationProblems(options, settings !== undefined);
  if (problems.length > 0) throw new Problem(problems.join("\n"));
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
    const points = variants(model, options.sweep, most).map(({ name, model: changed }) => {
      const { slowMinutes, instanceHours } = run(name, changed).summary;
      return { name, slowMinutes, instanceHours };
    });
    return { text: sweepReport(points, lowerBound(model, load), options.json), code: 0 };
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

  const complaints = broken(options.assert, first.summary);
  const code = complaints.length > 0 ? BROKEN : 0;
  if (options.json) return { text: JSON.stringify(runs.map(jsonOf), null, 2), code, complaints };
  return { text: [report, ...complaints].join("\n"), code };
}

/** Ten months of all settings together take a minute. */
const MOST_SWEPT_HOURS = 10 * MOST_HOURS;

/** What is printed in the place of one simulation. */
const KINDS: readonly string[] = ["calibrate", "suggest-schedule", "phases", "sweep", "compare"];

/** What cannot be combined would be ignored: a line each. */
function combinationProblems(options: SimulateOptions, hasSettings: boolean): string[] {
  const given = (
    ["calibrate", "suggest-schedule", "phases", "sweep", "compare", "assert", "svg", "html", "json"] as const
  ).filter((name) => isGiven(options[name]));
  const [kind = "", ...more] = given.filter((name) => KINDS.includes(name));
  const one = ["assert", "svg", "html", ...(kind === "phases" || kind === "suggest-schedule" ? ["json"] : [])];
  const ignored = kind !== "" && kind !== "compare" ? given.filter((name) => one.includes(name)) : [];
  return [
    ...[...more, ...ignored].map((name) => `--${name} cannot be combined with --${kind}`),
    ...(["compare", "suggest-schedule"].includes(kind) && !hasSettings
      ? [`--${kind} needs an environment, whose settings it changes`]
      : []),
    ...(kind === "suggest-schedule" && options.load !== OPTIONS.load.default
      ? ["--load cannot be combined with --suggest-schedule, which names the load itself"]
      : []),
  ];
}

/** The settings know how long a server takes to start, and Terraform does not; a file names its environment. */
function startOf(
  stack: Stack,
  settings = settingsNamed(stack.environment),
): Pick<Partial<Parameters>, "startupSeconds"> {
  return settings === undefined ? {} : { startupSeconds: settings.fleet.startupSeconds };
}

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
