/** `npm run readme`: writes what the README has from the program itself: the table of settings, the bills, the reviews. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cost } from "../src/commands/cost";
import { settingsTable } from "../src/config/table";
import { reviews } from "./readme-reviews";

const PROJECT = join(__dirname, "..");
/** The picture shows these beside production. */
const WHAT_IFS = ["nat=perZone", "nat=none", "fleet.minSize=2,desiredCapacity=2", "bastion=null"];

const bill = (more: object) => cost("production", { format: "markdown", ...more });
/** Without what stands below it once already. */
const table = (more: object) => bill(more).split("\n\n")[0] ?? "";
const PARTS: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  bill: () => bill({}),
  document: () => table({ compare: "document" }),
  "what-ifs": () => table({ "what-if": WHAT_IFS, svg: join(PROJECT, "docs", "cost.svg") }),
  reviews,
};

/** The README with every part made anew; each stands between two comments that name it. */
export function generated(readme: string): string {
  return Object.entries(PARTS).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[^]*(<!-- /${name} -->)`),
        (_, begin: string, end: string) => `${begin}\n${part()}\n\n${end}`,
      ),
    readme,
  );
}

export const README = join(PROJECT, "README.md");

if (require.main === module) writeFileSync(README, generated(readFileSync(README, "utf8")));
