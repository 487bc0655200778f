/** Reads the load, the parameters and the numbers of a simulation from the text of options. */
import { textIn } from "../machine/files";
import { Problem } from "../machine/problem";
import { readCsv } from "./load-file";
import { shape, SHAPES, STRESS_SECONDS, type Load } from "./load";
import type { Model } from "./model";
import { DEFAULTS, type Parameters } from "./parameters";
import type { Service } from "./service";

/** It takes some seconds; a year would take a minute, in silence. */
export const MOST_HOURS = 31 * 24;
/** Of a shape. */
const MOST_VALUES = 1_000_000;

interface Wanted {
  readonly peak: number;
  readonly hours: number | undefined;
  readonly start: number;
  readonly resolution: number;
}

export function loadFrom(
  name: string,
  model: Model,
  service: Service,
  { peak, hours, start, resolution }: Wanted,
): Load {
  if (name.endsWith(".csv")) {
    return readCsv(name, textIn(name, `--load ${name}`), service.cpuSeconds);
  }
  if (!SHAPES.includes(name))
    throw new Problem(`--load ${name} is not a load; there are ${SHAPES.join(", ")}, or FILE.csv`);
  if (hours !== undefined && hours > MOST_HOURS)
    throw new Problem(`--hours ${String(hours)}: a simulation is at most ${String(MOST_HOURS)} hours (31 days) long`);
  const seconds = 3600 * (hours ?? (name === "day" ? 24 : 2));
  const begin = name === "day" ? 0 : start;
  if (seconds <= begin + (name === "document" ? STRESS_SECONDS : 0))
    throw new Problem(`--hours ${String(seconds / 3600)} is over before the load that begins at ${String(begin)} s is`);
  if (seconds / resolution > MOST_VALUES)
    throw new Problem(
      `--resolution ${String(resolution)} makes ${String(Math.ceil(seconds / resolution))} values; there can be ${String(MOST_VALUES)}`,
    );
  return shape(name, { vcpus: model.instance.vcpus, peak, seconds, start: begin, resolution });
}

/** `--parameter bootSeconds=90`, with JSON for a value. */
export function parametersFrom(texts: readonly string[]): Partial<Parameters> {
  const pairs = texts.map((text) => {
    const [, name = "", value = ""] = /^(\w+)=(.*)$/s.exec(text) ?? [];
    const standard = Object.hasOwn(DEFAULTS, name) ? (DEFAULTS as unknown as Record<string, unknown>)[name] : undefined;
    try {
      const parsed = JSON.parse(value) as unknown;
      if (
        standard !== undefined &&
        typeof parsed === typeof standard &&
        Array.isArray(parsed) === Array.isArray(standard)
      )
        return [name, parsed] as const;
    } catch {
      // Reported below.
    }
    throw new Problem(
      `--parameter ${text}: must be NAME=VALUE, such as bootSeconds=90; there are ${Object.entries(DEFAULTS)
        .map(([known, by]) => `${known}=${JSON.stringify(by)}`)
        .join(", ")}`,
    );
  });
  return Object.fromEntries(pairs);
}

export function numberIn(option: string, text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (!(value >= 0 && Number.isFinite(value))) throw new Problem(`${option} ${text}: must be a number, not negative`);
  return value;
}

export function positiveIn(option: string, text: string): number {
  const value = numberIn(option, text);
  if (value === 0) throw new Problem(`${option} ${text}: must be more than 0`);
  return value;
}
