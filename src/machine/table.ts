/** Text in columns, two spaces apart, without borders. */

interface Layout {
  /** Spaces before each line. */
  readonly indent?: number;
  /** Columns, from 0, whose cells are aligned to the right, as numbers are. */
  readonly right?: readonly number[];
  /** Least width of each column, so that several tables line up with one another. */
  readonly least?: readonly number[];
}

/** A line for each row; a column is as wide as its widest cell, and no line ends with spaces. */
export function columns(rows: readonly (readonly string[])[], layout: Layout = {}): string {
  const { indent = 0, right = [], least = [] } = layout;
  const width = (column: number) => Math.max(least[column] ?? 0, ...rows.map((row) => row[column]?.length ?? 0));
  const widths = rows[0]?.map((_, column) => width(column)) ?? [];
  const line = (row: readonly string[]) =>
    widths.map((to, column) => (right.includes(column) ? row[column]?.padStart(to) : row[column]?.padEnd(to)));
  return rows.map((row) => `${" ".repeat(indent)}${line(row).join("  ")}`.trimEnd()).join("\n");
}

/** Breaks a line that is too long between words; the rest is indented by two more columns. A word alone may be wider. */
export function wrapped(line: string, width: number): string {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const [first = "", ...words] = line.trimStart().split(" ");
  const lines = [`${indent}${first}`];
  for (const word of words) {
    const joined = `${lines.at(-1) ?? ""} ${word}`;
    if (visible(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(`${indent}  ${word}`);
  }
  return lines.join("\n");
}

// eslint-disable-next-line no-control-regex -- colours take no room
const visible = (text: string) => text.replace(/\x1b\[\d+m/g, "").length;
