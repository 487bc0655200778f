/** `npm run docs`: writes the parts of the README and of docs/ that the program itself prints, and their pictures. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../src/cli";
import { runCommand } from "../src/commands/command";
import { PROJECT } from "../src/machine/project";
import { reviews } from "./docs-reviews";
import { contents, settings } from "./docs-settings";

/** Side by side with production, in the table and in the picture. */
const WHAT_IFS = ["nat=perZone", "nat=none", "fleet.minSize=2,desiredCapacity=2", "bastion=null"];

const BILL = ["cost", "production", "--format", "markdown"];
const VARIANTS = WHAT_IFS.flatMap((change) => ["--what-if", change]);
const TEST = ["simulate", "production"];

/** What a command prints. */
async function printed(name: string, args: readonly string[]): Promise<string> {
  const load = commands[name];
  if (load === undefined) throw new Error(`${name} is not a command`);
  return (await runCommand(name, load().command, args, process.env)).text;
}

const run = ([name = "", ...args]: readonly string[]) => printed(name, args);
/** Its table alone, without the notes below it. */
const table = async (command: readonly string[]) => (await run(command)).split("\n\n")[0] ?? "";
const block = async (command: readonly string[]) => `\`\`\`text\n${await run(command)}\n\`\`\``;

/** By the name in the two comments around a part: `<!-- bill -->` and `<!-- /bill -->`. */
const PARTS: Readonly<Record<string, () => string | Promise<string>>> = {
  contents,
  settings,
  bill: () => run(BILL),
  document: () => table([...BILL, "--compare", "document"]),
  "what-ifs": () => table([...BILL, ...VARIANTS]),
  simulation: () => block(TEST),
  phases: () => block([...TEST, "--phases"]),
  reviews,
};

/** By the file in docs/: the command that draws it with `--svg`. */
const PICTURES: Readonly<Record<string, readonly string[]>> = {
  "cost.svg": [...BILL, ...VARIANTS],
  "simulation.svg": TEST,
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
export async function generated(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  try {
    for (const [name, command] of Object.entries(PICTURES)) {
      const file = join(folder, name);
      await run([...command, "--svg", file]);
      files.set(`docs/${name}`, readFileSync(file, "utf8"));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const parts = new Map<string, string>();
  for (const [name, part] of Object.entries(PARTS)) parts.set(name, await part());
  for (const page of PAGES) files.set(page, withParts(read(page), parts));
  return files;
}

const withParts = (page: string, parts: ReadonlyMap<string, string>) =>
  page.replace(/^<!-- ([\w-]+) -->\n[^]*?^<!-- \/\1 -->$/gm, (whole, name: string) => {
    const part = parts.get(name);
    return part === undefined ? whole : `<!-- ${name} -->\n\n${part}\n\n<!-- /${name} -->`;
  });

export async function writeDocs(): Promise<void> {
  for (const [file, text] of await generated()) writeFileSync(join(PROJECT, file), text);
}

if (require.main === module) void writeDocs();
