export interface Fact {
  readonly thing: string;
  readonly expected: string;
  readonly actual: string;
}

/** A fact with its values as readable text. */
export function fact(thing: string, expected: unknown, actual: unknown): Fact {
  return { thing, expected: show(expected), actual: show(actual) };
}

const show = (value: unknown) => (Array.isArray(value) ? value.map(String).join(", ") : String(value));
