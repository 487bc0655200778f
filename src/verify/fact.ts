export interface Fact {
  readonly thing: string;
  readonly expected: string;
  readonly actual: string;
  /** Path of the construct that it is about, where a takeover may keep what no setting expresses. */
  readonly construct?: string;
  /** Something of it is kept, so it may differ from the settings. */
  readonly isKept?: boolean;
}

/** A fact with its values as readable text. @param construct path below the stack */
export function fact(thing: string, expected: unknown, actual: unknown, construct?: string): Fact {
  return { thing, expected: show(expected), actual: show(actual), ...(construct !== undefined && { construct }) };
}

const show = (value: unknown) => (Array.isArray(value) ? value.map(String).join(", ") : String(value));
