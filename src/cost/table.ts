/** A table, as text or as Markdown. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of words, which stand to the left; numbers stand to the right. */
  readonly words: readonly number[];
}

export function textTable({ header, rows, words }: Table): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => (row[column] ?? "").length)));
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) =>
        words.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

export function markdownTable({ header, rows, words }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(header),
    line(header.map((_, column) => (words.includes(column) ? "---" : "---:"))),
    ...rows.map(line),
  ].join("\n");
}
