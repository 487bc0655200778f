/** A table, as text or as Markdown. */
import { cell } from "../machine/markdown";
import { columns } from "../machine/table";
import { visible } from "../machine/visible";

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of words, which are aligned to the left; numbers are aligned to the right. */
  readonly words: readonly number[];
}

export const textTable = ({ header, rows, words }: Table): string =>
  columns(
    [header, ...rows].map((cells) => cells.map(visible)),
    { right: header.map((_, column) => column).filter((column) => !words.includes(column)) },
  );

export function markdownTable({ header, rows, words }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const texts = (cells: readonly string[]) => line(cells.map((text) => (text === "" ? "" : cell(text))));
  return [
    texts(header),
    line(header.map((_, column) => (words.includes(column) ? "---" : "---:"))),
    ...rows.map(texts),
  ].join("\n");
}
