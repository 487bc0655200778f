/** A table, as text or as Markdown. */
import { cell } from "../machine/markdown";
import { columns, wrapped } from "../machine/table";
import { visible } from "../machine/visible";

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of words, which are aligned to the left; numbers are aligned to the right. */
  readonly words: readonly number[];
}

const WIDTH = 80;

/**
 * In at most 80 columns: where a table is wider, the words at the end of each row are below it, and the numbers are in several
 * tables, one below the other. Names of columns that are long are explained below. A word alone may be wider.
 */
export function textTable({ header: names, rows, words }: Table): string {
  const long = names.filter(({ length }) => length > WIDTH / 2);
  const header = names.map((name) => (long.includes(name) ? `(${String(long.indexOf(name) + 1)})` : name));
  const legend = long.map((name, index) => `\n(${String(index + 1)}) ${name}`).join("");
  const all = [header, ...rows].map((cells) => cells.map(visible));
  const width = (column: number) => Math.max(...all.map((row) => row[column]?.length ?? 0));
  const fits = (some: readonly number[]) => some.reduce((sum, column) => sum + 2 + width(column), -2) <= WIDTH;
  const numbered = [...header.keys()];
  if (fits(numbered)) return `${part(numbered).join("\n")}${legend}`;
  const last = header.length - [...header.keys()].reverse().findIndex((column) => !words.includes(column));
  const groups = numbered.slice(1, last).reduce<number[][]>((made, column) => {
    const group = made.at(-1);
    if (group !== undefined && fits([...group, column])) group.push(column);
    else made.push([0, column]);
    return made;
  }, []);
  const below = all.map((row) => row.slice(last).filter(Boolean).join("; "));
  const tables = groups
    .map(part)
    .map((lines, group) =>
      lines
        .flatMap((line, row) => (group > 0 || !below[row] ? [line] : [line, wrapped(`  ${below[row]}`, WIDTH)]))
        .join("\n"),
    )
    .join("\n\n");
  return `${tables}${legend}`;

  function part(some: readonly number[]): string[] {
    const right = some.flatMap((column, index) => (words.includes(column) ? [] : [index]));
    return columns(
      all.map((row) => some.map((column) => row[column] ?? "")),
      { right },
    ).split("\n");
  }
}

export function markdownTable({ header, rows, words }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const texts = (cells: readonly string[]) => line(cells.map((text) => (text === "" ? "" : cell(text))));
  return [
    texts(header),
    line(header.map((_, column) => (words.includes(column) ? "---" : "---:"))),
    ...rows.map(texts),
  ].join("\n");
}
