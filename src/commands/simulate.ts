/** `npm run simulate`: reads what is asked for, and puts the simulation's parts together. */
import type { Settings } from "../config/schema";
import { Problem } from "../machine/problem";
import { broken } from "../simulation/assertions";
import { STRESS_SECONDS } from "../simulation/load";
import type { Model } from "../simulation/model";
import { readModel } from "../simulation/read-model";
import type { Parameters } from "../simulation/parameters";
import { phases } from "../simulation/phases";
import { html, svg } from "../simulation/render-svg";
import { clock, table, timeline } from "../simulation/render-text";
import type { Service } from "../simulation/service";
import { simulate } from "../simulation/simulate";
import { summarize, type Summary } from "../simulation/summary";
import { lowerBound, paretoFront, variants } from "../simulation/sweep";
import type { Trace } from "../simulation/trace";
import { loadFrom, numberIn, positiveIn, parametersFrom, type SimulateOptions } from "./simulate-options";
import { save } from "../machine/files";
import { settingsOf, stackIn, synthesized } from "./stack-of";

/** Exit code where a promise is broken. */
const BROKEN = 3;

interface Run {
  readonly name: string;
  readonly trace: Trace;
  readonly summary: Summary;
}

/**
 * @returns the exit code: 3 where a promise is broken
 * @throws Problem with what is wrong with the arguments
 */
export function simulateCommand(environment: string, options: SimulateOptions, print: (text: string) => void): number {
  const settings = environment.endsWith(".json") ? undefined : settingsOf(environment);
  const text = (name: string) => options[name] as string;
  const list = (name: string) => options[name] as readonly string[];
  const number = (name: string) => numberIn(`--${name}`, text(name));

  const model = settings === undefined ? readModel(stackIn(environment)) : modelOf(environment, settings);
  const service: Service = {
    cpuSeconds: positiveIn("--request-cpu", text("request-cpu")),
    queueSeconds: number("queue"),
    sloSeconds: number("slo"),
  };
  const parameters = parametersFrom(list("parameter"));
  const load = loadFrom(text("load"), model, service, {
    peak: number("peak"),
    hours: options["hours"] === undefined ? undefined : number("hours"),
    start: number("start"),
    resolution: positiveIn("--resolution", text("resolution")),
  });
  const run = (name: string, of: Model): Run => {
    const trace = simulate(of, load, service, parameters, number("seed"));
    return { name, trace, summary: summarize(trace, service) };
  };

  if (options["compare"] === true && settings === undefined)
    throw new Problem("--compare needs an environment, whose settings it changes");
  if (list("assert").length > 0 && (options["phases"] === true || list("sweep").length > 0))
    throw new Problem("--assert is about one simulation, and goes with neither --sweep nor --phases");
  if (options["phases"] === true) {
    print(phasesReport(model, service, parameters));
    return 0;
  }
  if (list("sweep").length > 0) {
    const tried = variants(model, list("sweep")).map(({ name, model: changed }) => run(name, changed));
    print(sweepReport(tried, lowerBound(model, load), options["json"] === true));
    return 0;
  }
  const runs = [
    run(environment, model),
    ...(options["compare"] === true && settings !== undefined
      ? Object.entries(alternatives(settings)).map(([name, other]) => run(name, modelOf(environment, other)))
      : []),
  ];
  const columns = runs.map(({ name, summary }) => [name, summary] as const);
  const [first] = runs as [Run];
  const report =
    runs.length > 1
      ? table(columns)
      : `${timeline(first.trace)}\n\n${table(columns)}\n${warnings(first.trace)}`.trimEnd();
  const picture = () => svg(runs.map(({ name, trace }) => [`${name}: ${load.name}`, trace] as const));
  if (options["svg"] !== undefined) save("--svg", text("svg"), picture());
  if (options["html"] !== undefined)
    save("--html", text("html"), html(`${environment}: ${load.name}`, picture(), report));
  print(options["json"] === true ? JSON.stringify(runs.map(jsonOf), null, 2) : report);

  const complaints = broken(list("assert"), first.summary);
  // Not into the JSON.
  const complain = options["json"] === true ? (line: string) => process.stderr.write(`${line}\n`) : print;
  for (const complaint of complaints) complain(complaint);
  return complaints.length > 0 ? BROKEN : 0;
}

export const modelOf = (environment: string, settings: Settings): Model =>
  readModel(synthesized(environment, settings));

/** The same environment under other policies, with a value each minute. */
function alternatives({ fleet, scaling, ...rest }: Settings): Record<string, Settings> {
  const [high, low] =
    scaling.kind === "targetTracking" ? [80, 20] : [scaling.out.thresholdPercent, scaling.in.thresholdPercent];
  const common = { warmUpSeconds: fleet.startupSeconds, ...(scaling.schedules && { schedules: scaling.schedules }) };
  const step: Settings["scaling"] = {
    ...common,
    kind: "step",
    periodSeconds: 60,
    evaluationPeriods: 2,
    out: {
      thresholdPercent: high,
      steps: [
        { beyondPercent: 0, instances: 1 },
        { beyondPercent: (100 - high) / 2, instances: 2 },
      ],
    },
    in: { thresholdPercent: low, steps: [{ beyondPercent: 0, instances: 1 }] },
  };
  const tracking: Settings["scaling"] = { ...common, kind: "targetTracking", targetPercent: 60 };
  const detailed = { ...fleet, detailedMonitoring: true };
  const pool = { ...detailed, warmPool: { state: "Stopped" as const, minSize: 0, reuseOnScaleIn: false } };
  return {
    step: { ...rest, fleet: detailed, scaling: step },
    "target tracking": { ...rest, fleet: detailed, scaling: tracking },
    "with a warm pool": { ...rest, fleet: pool, scaling: tracking },
  };
}

function phasesReport(model: Model, service: Service, parameters: Partial<Parameters>): string {
  return [false, true]
    .map((partialDatapoints) => {
      const { share, fastest, slowest } = phases(model, service, { ...parameters, partialDatapoints });
      const when =
        fastest === undefined || slowest === undefined ? "" : `, after ${clock(fastest)} to ${clock(slowest)}`;
      const kind = partialDatapoints
        ? "if alarms use values that are not whole yet"
        : "if alarms use whole values only";
      return `${String(STRESS_SECONDS)} s of full load add an instance in ${(100 * share).toFixed(0)} of 100 cases${when} (${kind})`;
    })
    .join("\n");
}

function sweepReport(tried: readonly Run[], bound: number, json: boolean): string {
  const points = tried.map(({ name, summary: { slowMinutes, instanceHours } }) => ({
    name,
    slowMinutes,
    instanceHours,
  }));
  const front = paretoFront(points);
  if (json) return JSON.stringify({ points, front, lowerBoundInstanceHours: bound }, null, 2);
  const width = Math.max(...front.map(({ name }) => name.length));
  return [
    `Of ${String(points.length)} settings, those that no other beats:`,
    ...front.map(
      ({ name, slowMinutes, instanceHours }) =>
        `  ${name.padEnd(width)}  ${slowMinutes.toFixed(1).padStart(7)} min too slow  ${instanceHours.toFixed(2).padStart(8)} instance hours`,
    ),
    `Whoever knew what comes would need ${bound.toFixed(2)} instance hours at least.`,
  ].join("\n");
}

/** A group that has run out of credits looks idle, and is made smaller. */
function warnings({ model, samples }: Trace): string {
  const starved = samples.some(({ load, capacity, cpu }) => load > capacity && cpu !== undefined && cpu < 50);
  return starved && model.instance.credits === "standard"
    ? 'Warning: out of CPU credits the group is saturated and looks idle, so it is not made larger, or even made smaller. fleet.cpuCredits: "unlimited" cures that.\n'
    : "";
}

const jsonOf = ({ name, trace, summary }: Run) => ({
  name,
  summary,
  events: trace.events,
  actions: trace.actions,
  samples: trace.samples,
});
