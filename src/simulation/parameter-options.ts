/** Reads `--parameter bootSeconds=90`, with JSON for a value. */
import { Problem } from "../machine/problem";
import type { Model } from "./model";
import { DEFAULTS, LIMITS, type Parameters } from "./parameters";

type Name = keyof Parameters;

const isName = (name: string): name is Name => Object.hasOwn(DEFAULTS, name);

/**
 * @param startupSeconds of the settings; what the parameters leave out is theirs, or the default
 * @throws Problem with a line for each that is wrong
 */
export function parametersFrom(texts: readonly string[], startupSeconds = DEFAULTS.startupSeconds): Parameters {
  const problems: string[] = [];
  const given = new Map<Name, unknown>();
  for (const text of texts) {
    const [, name = "", json = ""] = /^(\w+)=(.*)$/s.exec(text) ?? [];
    const problem = isName(name)
      ? given.has(name)
        ? `${name} is given more than once`
        : problemWith(name, valueOf(json))
      : `must be NAME=VALUE, such as bootSeconds=90; there are ${known()}`;
    if (problem !== undefined) problems.push(`--parameter ${text}: ${problem}`);
    else if (isName(name)) given.set(name, valueOf(json));
  }
  const parameters: Parameters = { ...DEFAULTS, startupSeconds, ...Object.fromEntries(given) };
  const { bootSeconds } = parameters;
  if (given.has("bootSeconds") && bootSeconds > parameters.startupSeconds)
    problems.push(
      `--parameter bootSeconds=${String(bootSeconds)}: is part of startupSeconds, which is ${String(parameters.startupSeconds)}`,
    );
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  return parameters;
}

/** What is simulated. */
interface Simulated {
  readonly parameters: Parameters;
  readonly model: Model;
  /** How long the load lasts. */
  readonly seconds: number;
  readonly runs: number | undefined;
}

/** Parameters that would change nothing, a line each. */
export function idleParameters(texts: readonly string[], { parameters, model, seconds, runs }: Simulated): string[] {
  const { policies, warmPool, instance } = model;
  const tracks = policies.some(({ kind }) => kind === "targetTracking");
  const needs: Readonly<Partial<Record<Name, readonly [met: boolean, what: string]>>> = {
    warmStartSeconds: [warmPool !== undefined && warmPool.state !== "Running", "a warm pool of stopped servers"],
    scaleInPauseSeconds: [tracks, "target tracking"],
    scaleInPercent: [tracks, "target tracking"],
    retryAfterSeconds: [parameters.retries > 0, "retries"],
    noisePercent: [runs !== undefined, "--runs"],
    initialCredits: [instance.burst !== undefined, "servers with CPU credits"],
    failures: [
      parameters.failures.every((at) => at < seconds),
      `a load that is still there: it ends at ${String(seconds)} s`,
    ],
  };
  return texts.flatMap((text) => {
    const [met, what] = needs[text.split("=")[0] as Name] ?? [true, ""];
    return met ? [] : [`--parameter ${text}: does nothing without ${what}`];
  });
}

function valueOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function problemWith(name: Name, value: unknown): string | undefined {
  const standard = DEFAULTS[name];
  if (typeof standard === "boolean") return typeof value === "boolean" ? undefined : "must be true or false";
  const [least, most] = LIMITS[name] ?? [0, Infinity];
  const isIn = (one: unknown) => typeof one === "number" && one >= least && one <= most;
  const range = `from ${String(least)} to ${String(most)}`;
  if (typeof standard === "number") {
    if (name === "retries" && !Number.isInteger(value)) return `must be a whole number ${range}`;
    return isIn(value) ? undefined : `must be a number ${range}`;
  }
  return Array.isArray(value) && value.length <= 1000 && value.every(isIn)
    ? undefined
    : `must be a list such as [600, 900], of at most 1000 numbers ${range}`;
}

const known = () =>
  Object.entries(DEFAULTS)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ");
