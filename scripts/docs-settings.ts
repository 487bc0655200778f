/** The table of settings, a heading and a table for each section. */
import { settingsTable } from "../src/config/table";

interface Section {
  readonly name: string;
  /** Rows of the Markdown table. */
  readonly rows: readonly string[];
}

/** Settings that are no section of their own. */
const GENERAL = "general";

/** The one place that knows how `src/config/table.ts` delivers its rows. */
function sections(): { readonly head: readonly string[]; readonly sections: readonly Section[] } {
  const [names = "", rule = "", ...rows] = settingsTable().split("\n");
  const sectionOf = (row: string) => /^\| `(\w+)\./.exec(row)?.[1];
  const inner = new Set(rows.map(sectionOf));
  const nameOf = (row: string) => {
    const own = /^\| `(\w+)/.exec(row)?.[1];
    return sectionOf(row) ?? (inner.has(own) ? own : undefined) ?? GENERAL;
  };
  const grouped = new Map<string, string[]>();
  for (const row of rows) grouped.set(nameOf(row), [...(grouped.get(nameOf(row)) ?? []), row]);
  return { head: [names, rule], sections: [...grouped].map(([name, rows]) => ({ name, rows })) };
}

/** A link to each section. */
export const contents = (): string =>
  sections()
    .sections.map(({ name }) => `- [${titleOf(name)}](#${name.toLowerCase()})`)
    .join("\n");

export function settings(): string {
  const { head, sections: all } = sections();
  return all.map(({ name, rows }) => [`### ${titleOf(name)}`, "", ...head, ...rows].join("\n")).join("\n\n");
}

const titleOf = (name: string) => (name === GENERAL ? "General" : `\`${name}\``);
