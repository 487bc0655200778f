/** `npm run docs`: writes the parts of the README and of docs/ that the program itself prints, and their pictures. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cost, COST_DEFAULTS } from "../src/commands/cost";
import { simulateCommand } from "../src/commands/simulate";
import { SIMULATE_OPTIONS } from "../src/commands/simulate-options";
import { PROJECT } from "../src/machine/project";
import { reviews } from "./docs-reviews";
import { contents, settings } from "./docs-settings";

/** Side by side with production, in the table and in the picture. */
const WHAT_IFS = ["nat=perZone", "nat=none", "fleet.minSize=2,desiredCapacity=2", "bastion=null"];

const bill = (more: object) => cost("production", { ...COST_DEFAULTS, format: "markdown", ...more });
/** The table alone, without the notes below it. */
const table = (more: object) => bill(more).split("\n\n")[0] ?? "";

function simulation(...args: string[]): string {
  const printed: string[] = [];
  const { values } = parseArgs({ args, options: SIMULATE_OPTIONS });
  simulateCommand("production", values, (text) => printed.push(text));
  return `\`\`\`text\n${printed.join("\n")}\n\`\`\``;
}

/** By the name in the two comments around a part: `<!-- bill -->` and `<!-- /bill -->`. */
const PARTS: Readonly<Record<string, () => string>> = {
  contents,
  settings,
  bill: () => bill({}),
  document: () => table({ compare: "document" }),
  "what-ifs": () => table({ "what-if": WHAT_IFS }),
  simulation: () => simulation(),
  phases: () => simulation("--phases"),
  reviews,
};

/** By the file in docs/; each is handed the file to write. */
const PICTURES: Readonly<Record<string, (svg: string) => unknown>> = {
  "cost.svg": (svg) => bill({ "what-if": WHAT_IFS, svg }),
  "simulation.svg": (svg) => simulation("--svg", svg),
};

/** Every page of the documentation, its path relative to the project. */
export const PAGES: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...["docs", "docs/decisions"].flatMap((folder) =>
    readdirSync(join(PROJECT, folder))
      .filter((file) => file.endsWith(".md"))
      .map((file) => `${folder}/${file}`),
  ),
];

export const read = (file: string): string => readFileSync(join(PROJECT, file), "utf8");

/** What each page and picture should hold. @returns contents by path relative to the project */
export function generated(): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  try {
    const pictures = Object.entries(PICTURES).map(([name, draw]) => {
      draw(join(folder, name));
      return [`docs/${name}`, readFileSync(join(folder, name), "utf8")] as const;
    });
    return new Map([...PAGES.map((page) => [page, withParts(read(page))] as const), ...pictures]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function withParts(page: string): string {
  return page.replace(/^<!-- ([\w-]+) -->\n[^]*?^<!-- \/\1 -->$/gm, (whole, name: string) => {
    const part = PARTS[name];
    return part === undefined ? whole : `<!-- ${name} -->\n\n${part()}\n\n<!-- /${name} -->`;
  });
}

export function writeDocs(): void {
  for (const [file, text] of generated()) writeFileSync(join(PROJECT, file), text);
}

if (require.main === module) writeDocs();
