/** A table, as text or as Markdown. */
import { cell } from "../machine/markdown";
import { columns } from "../machine/table";

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of words, which are aligned to the left; numbers are aligned to the right. */
  readonly words: readonly number[];
}

export const textTable = ({ header, rows, words }: Table): string =>
  columns([header, ...rows], { right: header.map((_, column) => column).filter((column) => !words.includes(column)) });

export function markdownTable({ header, rows, words }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((text) => (text === "" ? "" : cell(text))).join(" | ")} |`;
  return [
    line(header),
    line(header.map((_, column) => (words.includes(column) ? "---" : "---:"))),
    ...rows.map(line),
  ].join("\n");
}
