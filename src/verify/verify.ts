/** Compares the observations in an account with the settings. */
import { Problem } from "../machine/problem";
import type { Fact } from "./fact";

/**
 * @returns the number of checks
 * @throws Problem with a line for each check that fails
 */
export function check(environment: string, facts: readonly Fact[]): number {
  const wrong = facts.filter(({ expected, actual, isKept = false }) => expected !== actual && !isKept);
  if (wrong.length > 0) {
    throw new Problem(
      wrong
        .map(({ thing, expected, actual }) => `${environment}: ${thing}: should be ${expected}, is ${actual}`)
        .join("\n"),
    );
  }
  return facts.length;
}
