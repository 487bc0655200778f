/** Promises about a summary, for a pipeline: `timeToCapacity<900`. */
import { Problem } from "../machine/problem";
import type { Summary } from "./summary";

const PATTERN = /^\s*(\w+)\s*(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?)\s*$/;

/**
 * @returns a line for each that is broken
 * @throws Problem with a line for each that cannot be read
 */
export function broken(promises: readonly string[], summary: Summary): string[] {
  const values = summary as unknown as Readonly<Record<string, number | undefined>>;
  const problems: string[] = [];
  const lines = promises.flatMap((promise) => {
    const [, name = "", sign = "", text = ""] = PATTERN.exec(promise) ?? [];
    if (!Object.hasOwn(values, name)) {
      problems.push(`${promise}: must be such as flaps=0, of ${Object.keys(values).join(", ")}`);
      return [];
    }
    // Capacity that is never added takes an infinite time.
    const value = values[name] ?? Infinity;
    const limit = Number(text);
    const holds = {
      "<": value < limit,
      "<=": value <= limit,
      ">": value > limit,
      ">=": value >= limit,
      "=": value === limit,
    }[sign];
    return holds === true ? [] : [`${promise} is broken: ${name} is ${value === Infinity ? "none" : String(value)}`];
  });
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  return lines;
}
