/** Reads the load and the numbers of a simulation from the text of options. */
import { textIn } from "../machine/files";
import { Problem } from "../machine/problem";
import { readCsv } from "./load-file";
import { shape, SHAPES, STRESS_SECONDS, type Load } from "./load";
import type { Model } from "./model";
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
  { cpuSeconds }: Pick<Service, "cpuSeconds">,
  { peak, hours, start, resolution }: Wanted,
): Load {
  if (name.endsWith(".csv")) return readCsv(name, textIn(name, `--load ${name}`), cpuSeconds);
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

/** @param least value, at most `most`, in the option's own unit */
export function numberIn(option: string, text: string, least = 0, most = Infinity): number {
  const value = PLAIN.test(text.trim()) ? Number(text) : NaN;
  if (!(value >= 0 && Number.isFinite(value))) throw new Problem(`${option} ${text}: must be a number, not negative`);
  if (value < least) throw new Problem(`${option} ${text}: must be at least ${String(least)}`);
  if (value > most) throw new Problem(`${option} ${text}: must be at most ${String(most)}`);
  return value;
}

const PLAIN = /^\d*\.?\d+(e[+-]?\d+)?$/i;

export function positiveIn(option: string, text: string): number {
  const value = numberIn(option, text);
  if (value === 0) throw new Problem(`${option} ${text}: must be more than 0`);
  return value;
}

export function wholeIn(option: string, text: string, least: number, most: number): number {
  const value = numberIn(option, text, least, most);
  if (!Number.isInteger(value)) throw new Problem(`${option} ${text}: must be a whole number`);
  return value;
}
