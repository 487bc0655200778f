/** The tables of docs/settings.md: a heading, what it is about and a table for each section. */
import { markdownOf, settingsTables } from "../src/config/table";

/** A link to each section. */
export const contents = (): string =>
  settingsTables()
    .map(({ section }) => `- [\`${section}\`](#${section.toLowerCase()})`)
    .join("\n");

export const settings = (): string =>
  settingsTables()
    .map(({ section, description, optional, rows }) =>
      [
        `### \`${section}\``,
        ...(description === "" ? [] : [`${description}${optional ? " (optional)" : ""}`]),
        markdownOf(rows),
      ].join("\n\n"),
    )
    .join("\n\n");
