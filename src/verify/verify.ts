/** Holds what was observed in an account against the settings. */
import { Problem } from "../machine/problem";
import type { Fact } from "./fact";

/**
 * @returns how many facts were checked
 * @throws Problem with a line for each that is not as expected
 */
export function check(environment: string, facts: readonly Fact[]): number {
  const wrong = facts.filter(({ expected, actual }) => expected !== actual);
  if (wrong.length > 0) {
    throw new Problem(
      wrong
        .map(({ thing, expected, actual }) => `${environment}: ${thing}: should be ${expected}, is ${actual}`)
        .join("\n"),
    );
  }
  return facts.length;
}
