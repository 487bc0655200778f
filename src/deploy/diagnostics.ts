/** Terraform's errors and warnings out of its output, the errors first. */
import { stripVTControlCharacters } from "node:util";

interface Diagnostic {
  readonly isError: boolean;
  readonly lines: string[];
}

/** A line of a box, as Terraform draws it with colours, and cdktf with a stack's name before it. */
const BOXED = /^(?:\S+)?\s*([╷│╵])\s?(.*)$/;
const TITLE = /^(Error|Warning): /;

/**
 * The lines of each, `│ ` before all of them, and of none twice; where there is no error, the last lines of the output come first.
 *
 * Terraform prints warnings on the standard output and errors on the other one, so that they come in any order.
 */
export function diagnosticsIn(output: string): string[] {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.trimEnd());
  const found: Diagnostic[] = [];
  const rest: string[] = [];
  /** Whether what follows belongs to a diagnostic without a box, as with -no-color. */
  let open = false;
  for (const line of lines) {
    const [, edge, inside] = BOXED.exec(line) ?? [];
    const text = inside ?? line;
    const [, kind] = TITLE.exec(text) ?? [];
    if (edge !== undefined && edge !== "│") open = false;
    else if (kind !== undefined) {
      found.push({ isError: kind === "Error", lines: [`│ ${text}`] });
      open = edge === undefined;
    } else if (edge === "│" || open) {
      if (text !== "") found.at(-1)?.lines.push(`│ ${text}`);
    } else if (line !== "") rest.push(line);
  }
  const errors = found.filter(({ isError }) => isError);
  const ordered = [...errors, ...found.filter(({ isError }) => !isError)].map((each) => each.lines.join("\n"));
  return [...(errors.length === 0 ? rest.slice(-LAST) : []), ...new Set(ordered)];
}

const LAST = 15;
