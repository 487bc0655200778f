/** What `npm run simulate` may be asked for, and what that comes to. */
import { readFileSync } from "node:fs";
import { Problem } from "../machine/problem";
import { readCsv, shape, SHAPES, STRESS_SECONDS, type Load } from "../simulation/load";
import type { Model } from "../simulation/model";
import { DEFAULTS, type Parameters } from "../simulation/parameters";
import type { Service } from "../simulation/service";

export const SIMULATE_OPTIONS = {
  load: { type: "string", default: "document" },
  peak: { type: "string", default: "3" },
  hours: { type: "string" },
  start: { type: "string", default: "1800" },
  resolution: { type: "string", default: "60" },
  seed: { type: "string", default: "1" },
  "request-cpu": { type: "string", default: "0.05" },
  queue: { type: "string", default: "10" },
  slo: { type: "string", default: "1" },
  parameter: { type: "string", multiple: true, default: [] as string[] },
  compare: { type: "boolean", default: false },
  sweep: { type: "string", multiple: true, default: [] as string[] },
  phases: { type: "boolean", default: false },
  assert: { type: "string", multiple: true, default: [] as string[] },
  svg: { type: "string" },
  html: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

export type SimulateOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

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
  if (name.endsWith(".csv")) return readCsv(name, textIn(name), service.cpuSeconds);
  if (!SHAPES.includes(name))
    throw new Problem(`--load ${name} is not a load; there are ${SHAPES.join(", ")}, or FILE.csv`);
  const seconds = 3600 * (hours ?? (name === "day" ? 24 : 2));
  const begin = name === "day" ? 0 : start;
  if (seconds <= begin + (name === "document" ? STRESS_SECONDS : 0))
    throw new Problem(`--hours ${String(seconds / 3600)} is over before the load that begins at ${String(begin)} s is`);
  return shape(name, { vcpus: model.instance.vcpus, peak, seconds, start: begin, resolution });
}

/** `--parameter bootSeconds=90`, with JSON for a value. */
export function parametersFrom(texts: readonly string[]): Partial<Parameters> {
  const pairs = texts.map((text) => {
    const [, name = "", value = ""] = /^(\w+)=(.*)$/s.exec(text) ?? [];
    const standard = (DEFAULTS as unknown as Record<string, unknown>)[name];
    try {
      const parsed = JSON.parse(value) as unknown;
      if (
        standard !== undefined &&
        typeof parsed === typeof standard &&
        Array.isArray(parsed) === Array.isArray(standard)
      )
        return [name, parsed] as const;
    } catch {
      // said below
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
  if (!(value >= 0)) throw new Problem(`${option} ${text}: must be a number, not negative`);
  return value;
}

export function positiveIn(option: string, text: string): number {
  const value = numberIn(option, text);
  if (value === 0) throw new Problem(`${option} ${text}: must be more than 0`);
  return value;
}

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Problem(`--load ${file}: cannot be read: ${(error as Error).message}`);
  }
}
