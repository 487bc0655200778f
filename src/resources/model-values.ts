/** Values of the simulation's model, as the provider writes them. */
import { Problem } from "../machine/problem";
import { numberIn, type Values } from "../terraform/values";

/** @throws Problem if it is not set, or known only after the apply */
export function needed(values: Values, key: string): number {
  const value = numberIn(values, key);
  if (value === undefined)
    throw new Problem(`The simulation needs ${key} as a number, and it is ${JSON.stringify(values[key])}`);
  return value;
}

/** Null and an empty text are what the provider writes where nothing is set. */
const isUnset = (value: unknown) => value === undefined || value === null || value === "";

export const orElse = (values: Values, key: string, otherwise: number) =>
  isUnset(values[key]) ? otherwise : needed(values, key);

export const textOr = (values: Values, key: string, otherwise: string): string => {
  const value = values[key];
  return typeof value === "string" && value !== "" ? value : otherwise;
};

/** Of attributes for which the provider also writes 0 where nothing is set. */
export const positiveOr = (values: Values, key: string, otherwise: number) => orElse(values, key, 0) || otherwise;
