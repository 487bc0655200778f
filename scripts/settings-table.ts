/** Writes the README's table of settings from the schema and production's values; `--check` only says whether it is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsTable } from "../src/config/table";

const README = join(__dirname, "..", "README.md");
const BETWEEN = /(<!-- settings -->\n)[\s\S]*(\n<!-- \/settings -->)/;

const before = readFileSync(README, "utf8");
const after = before.replace(BETWEEN, (_, begin: string, end: string) => `${begin}\n${settingsTable()}\n${end}`);
if (process.argv.includes("--check")) {
  if (after !== before) {
    process.stderr.write("README.md: the table of settings is stale; write it anew with: npm run settings\n");
    process.exitCode = 1;
  }
} else {
  writeFileSync(README, after);
}
