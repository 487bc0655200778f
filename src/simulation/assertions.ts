/** Promises about a summary, for a pipeline: `timeToCapacity<900`. */
import { Problem } from "../machine/problem";
import type { Summary } from "./summary";

/** A promise that is understood. */
export interface Promised {
  readonly text: string;
  readonly name: keyof Summary;
  readonly sign: keyof typeof HOLDS;
  readonly limit: number;
}

const PATTERN = /^\s*(\w+)\s*(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?)\s*$/;

const HOLDS = {
  "<": (value: number, limit: number) => value < limit,
  "<=": (value: number, limit: number) => value <= limit,
  ">": (value: number, limit: number) => value > limit,
  ">=": (value: number, limit: number) => value >= limit,
  "=": (value: number, limit: number) => value === limit,
};

/** What can be promised: all of a summary. */
const NAMES: Readonly<Record<keyof Summary, true>> = {
  slowMinutes: true,
  timeToCapacity: true,
  peakCpu: true,
  meanCpu: true,
  p50Seconds: true,
  p95Seconds: true,
  p99Seconds: true,
  overSloPercent: true,
  requestsLost: true,
  requests: true,
  actions: true,
  flaps: true,
  instanceHours: true,
  usd: true,
  surplusUsd: true,
  owedUsd: true,
};

/** @throws Problem with a line for each that cannot be read */
export function promisesIn(texts: readonly string[]): Promised[] {
  const problems: string[] = [];
  const promises = texts.flatMap((text) => {
    const [, name = "", sign = "", limit = ""] = PATTERN.exec(text) ?? [];
    if (Object.hasOwn(NAMES, name))
      return [{ text, name: name as keyof Summary, sign: sign as keyof typeof HOLDS, limit: Number(limit) }];
    problems.push(`--assert ${text}: must be such as flaps=0, of ${Object.keys(NAMES).join(", ")}`);
    return [];
  });
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  return promises;
}

/** @returns a line for each that is broken; what is not known, or never was, holds no promise */
export const broken = (promises: readonly Promised[], summary: Summary): string[] =>
  promises.flatMap(({ text, name, sign, limit }) => {
    const value = summary[name];
    if (value !== undefined && HOLDS[sign](value, limit)) return [];
    return [`${text} is broken: ${name} is ${value === undefined ? "none" : String(value)}`];
  });
