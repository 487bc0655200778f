/** The options of `npm run simulate`, and what they say; all that is wrong with them is reported before anything is simulated. */
import { settingsNamed } from "../config/find-environment";
import type { Settings } from "../config/schema";
import { checkSavable } from "../machine/files";
import { Problem, together } from "../machine/problem";
import { promisesIn, type Promised } from "../simulation/assertions";
import type { Load } from "../simulation/load";
import type { Model } from "../simulation/model";
import { loadFrom, numberIn, positiveIn, wholeIn } from "../simulation/options";
import { idleParameters, parametersFrom } from "../simulation/parameter-options";
import type { Parameters } from "../simulation/parameters";
import type { Service } from "../simulation/service";
import { isGiven, type Options, type OptionValues } from "./command";

export const OPTIONS = {
  load: { value: "LOAD", default: "document", help: "a shape, or a FILE.csv" },
  peak: { value: "SERVERS", default: "3", help: "height, in fully busy servers" },
  hours: { value: "HOURS", help: "how long to simulate (2; day: 24; at most 744)" },
  start: { value: "SECONDS", default: "1800", help: "when the load begins" },
  resolution: { value: "SECONDS", default: "60", help: "from value to value of a shape" },
  "request-cpu": { value: "SECONDS", default: "0.05", help: "CPU time of a request" },
  queue: { value: "SECONDS", default: "10", help: "longest wait of a request" },
  slo: { value: "SECONDS", default: "1", help: "slower answers are too slow" },
  parameter: { value: "NAME=VALUE", multiple: true, help: "an assumption about AWS" },
  runs: { value: "NUMBER", help: "runs with other phases and noise" },
  seed: { value: "NUMBER", default: "1", help: "of the random numbers" },
  compare: { help: "the same load under other scaling policies" },
  sweep: { value: "NAME=FROM..TO:STEP", multiple: true, help: "many values of the alarms" },
  calibrate: { value: "FILE", multiple: true, help: "what CloudWatch or a log says" },
  "suggest-schedule": { value: "WEEK.csv", help: "a schedule for a load of weeks" },
  phases: { help: "the load begun at each second of a period" },
  assert: { value: "NAME<VALUE", multiple: true, help: "exit code 3 where it is not so" },
  svg: { value: "FILE", help: "draw the load and the servers into FILE" },
  html: { value: "FILE", help: "write the report and the picture to FILE" },
  json: { help: "print JSON" },
} as const satisfies Options;

export type SimulateOptions = OptionValues<typeof OPTIONS>;

/** What the options say of a simulation. */
export interface Given {
  readonly service: Service;
  readonly parameters: Parameters;
  readonly load: Load;
  readonly seed: number;
  readonly runs: number | undefined;
  readonly promises: readonly Promised[];
}

/** Greatest values, in seconds and in servers: beyond them nothing is meant, and numbers lose their digits. */
const [MOST_SECONDS, MOST_SERVERS, MOST_SEED, MOST_RUNS] = [86_400, 1_000_000, 2 ** 32 - 1, 1000];

/**
 * @param environment that a file names, whose settings know how long a server takes to start
 * @throws Problem with a line for each that is wrong
 */
export function readOptions(
  options: SimulateOptions,
  model: Model,
  settings: Settings | undefined,
  environment: string | undefined,
): Given {
  const { startupSeconds } = (settings ?? settingsNamed(environment))?.fleet ?? {};
  // Of a request time that is wrong, the load is read all the same, for its own problems.
  const cpuSeconds = Number(options["request-cpu"]) || 1;
  const { service, parameters, load, seed, runs, promises } = together({
    combination: () => refuse(combinationProblems(options, settings !== undefined)),
    service: () =>
      together<Service>({
        cpuSeconds: () => numberIn("--request-cpu", options["request-cpu"], 1e-6, MOST_SECONDS),
        queueSeconds: () => numberIn("--queue", options.queue, 0, MOST_SECONDS),
        sloSeconds: () => numberIn("--slo", options.slo, 0, MOST_SECONDS),
      }),
    parameters: () => parametersFrom(options.parameter, startupSeconds),
    load: () =>
      loadFrom(
        options["suggest-schedule"] ?? options.load,
        model,
        { cpuSeconds },
        together({
          peak: () => numberIn("--peak", options.peak, 0, MOST_SERVERS),
          hours: () => (options.hours === undefined ? undefined : numberIn("--hours", options.hours)),
          start: () => numberIn("--start", options.start),
          resolution: () => positiveIn("--resolution", options.resolution),
        }),
      ),
    seed: () => wholeIn("--seed", options.seed, 0, MOST_SEED),
    runs: () => (options.runs === undefined ? undefined : wholeIn("--runs", options.runs, 1, MOST_RUNS)),
    promises: () => promisesIn(options.assert),
    svg: () => options.svg !== undefined && checkSavable("--svg", options.svg),
    html: () => options.html !== undefined && checkSavable("--html", options.html),
  });
  // The policies that are compared have what a parameter may be about.
  if (!options.compare) refuse(idleParameters(options.parameter, { parameters, model, seconds: load.seconds, runs }));
  return { service, parameters, load, seed, runs, promises };
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Problem(problems.join("\n"));
}

/** What is printed in the place of one simulation, and what may be combined with it. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  calibrate: ["json"],
  "suggest-schedule": [],
  phases: [],
  sweep: ["json"],
  compare: ["assert", "svg", "html", "json"],
  runs: ["assert", "svg", "html", "json"],
};

/** What cannot be combined would be ignored: a line each. */
function combinationProblems(options: SimulateOptions, hasSettings: boolean): string[] {
  const given = Object.keys(KINDS).filter((name) => isGiven(options[name as keyof SimulateOptions]));
  const outputs = (["assert", "svg", "html", "json"] as const).filter((name) => isGiven(options[name]));
  const [kind = "", ...more] = given;
  const ignored = kind === "" ? [] : outputs.filter((name) => KINDS[kind]?.includes(name) !== true);
  return [
    ...[...more, ...ignored].map((name) => `--${name} cannot be combined with --${kind}`),
    ...(["compare", "suggest-schedule"].includes(kind) && !hasSettings
      ? [`--${kind} needs an environment, whose settings it changes`]
      : []),
    ...(kind === "suggest-schedule" && options.load !== OPTIONS.load.default
      ? ["--load cannot be combined with --suggest-schedule, which names the load itself"]
      : []),
    ...idleOptions(options, kind),
  ];
}

/** Options that would change nothing, by what is simulated, or by its load: a line each. */
function idleOptions(options: SimulateOptions, kind: string): string[] {
  const shape = ["peak", "hours", "start", "resolution"] as const;
  const file = "a load from a file, which has them itself";
  const service = ["request-cpu", "queue", "slo"] as const;
  const [names, what]: readonly [readonly (keyof SimulateOptions)[], string] =
    kind === "phases"
      ? [["load", ...shape, "seed"], "--phases, whose load is the reference test"]
      : kind === "calibrate"
        ? [["load", ...shape, ...service, "seed", "parameter"], "--calibrate, which simulates nothing"]
        : kind === "suggest-schedule" || options.load.endsWith(".csv")
          ? [shape, file]
          : options.load === "document"
            ? [["peak", "resolution"], "--load document, one busy server"]
            : options.load === "day"
              ? [["start"], "--load day, which begins at once"]
              : [[], ""];
  return names
    .filter((name) => isGiven(options[name]) && options[name] !== (OPTIONS[name] as Options[string]).default)
    .map((name) => `--${name} does nothing with ${what}`);
}
