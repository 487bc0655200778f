/** Reads the attributes of a resource, from the synthesized JSON or from a plan; the only place that knows their formats. */

/** Attributes by name. */
export type Values = Readonly<Record<string, unknown>>;

/** The blocks of a kind: CDKTF writes an object or a list, a plan always a list, and both may leave it out. */
export function blocks(values: Values | null | undefined, key: string): readonly Values[] {
  const found = values?.[key];
  return found === undefined || found === null ? [] : ((Array.isArray(found) ? found : [found]) as Values[]);
}

/** The only block of a kind; an empty one where there is none. */
export const section = (values: Values | null | undefined, key: string): Values => blocks(values, key)[0] ?? {};

/** A number, which may be written as text; undefined where it is left out, or known only after the apply. */
export function numberIn(values: Values | undefined, key: string): number | undefined {
  const value = values?.[key];
  if (typeof value !== "number" && (typeof value !== "string" || value === "")) return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/**
 * How many entries a list has; undefined where that is not known: a reference to the id of one resource is one entry, any other
 * reference (a variable, an output of a module, all instances of a resource) may be a list of any length.
 */
export function count(values: Values, key: string): number | undefined {
  const list = values[key];
  if (list === undefined || list === null) return 0;
  return Array.isArray(list) && list.every(isOne) ? list.length : undefined;
}

const isOne = (entry: unknown) => typeof entry !== "string" || !entry.includes("${") || ONE_ID.test(entry);
const ONE_ID =
  /^\$\{(module\.[^.]+\.)*(data\.)?(?!(module|var|local|each|path|self|terraform)\.)\w+\.[\w-]+(\[[^\]*]+\])?\.id\}$/;

/** Whether a value is known only to Terraform: a reference, alone or in a list. */
export const isReference = (value: unknown): boolean => [value].flat().some((each) => String(each).includes("${"));

/** The provider writes some booleans as text. */
export const isTrue = (value: unknown) => String(value) === "true";
