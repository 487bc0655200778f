/** What the documentation shows is what the program prints (`npm run docs` writes it), and what it names exists. */
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { generated, PAGES, read } from "../scripts/docs";
import { commands } from "../src/cli";
import { PROJECT } from "../src/machine/project";

type Options = NonNullable<ParseArgsConfig["options"]>;

const MINUTES = 60_000;
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** The options of a command of `src/cli.ts`, as `parseArgs` takes them. */
function optionsOf(name: string): Options {
  const own = Object.entries(commands[name]?.().command.options ?? {});
  const types = own.map(([option, { value }]) => [option, { type: value === undefined ? "boolean" : "string" }]);
  return { ...(Object.fromEntries(types) as Options), help: { type: "boolean" } };
}

const cliCommands = Object.entries(scripts)
  .filter(([, script]) => script.includes("src/cli.ts"))
  .map(([name]) => name);

const fences = /^ *```.*\n([^]*?)^ *```$/gm;
const spansOf = (page: string) => [...page.replace(fences, "").matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
/** What a page has as code: lines of its blocks, without comments, and spans. */
function codeOf(page: string): string[] {
  const lines = [...page.matchAll(fences)].flatMap(([, block = ""]) => block.split("\n"));
  return [...lines.map((line) => line.replace(/ #.*/, "").trim()), ...spansOf(page)];
}

/** Calls of a program in a line of the shell, with their arguments, quotes taken off. */
const calls = (code: string, program: RegExp) =>
  code
    .split(/&&|\||;/)
    .map((call) => program.exec(call.trim())?.groups)
    .filter((call) => call !== undefined)
    .map(({ name = "", args = "" }) => ({
      name,
      args: [...args.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((word) => word[1] ?? word[2] ?? word[3] ?? ""),
    }));

const npmRun = /^npm (?:run )?(?:--silent )?(?!ci$|run$)(?<name>[a-z:]+)(?: -- (?<args>.*))?$/;

/** Every call of a script of package.json, that of a command with options that it takes. */
function problemsOf(page: string): string[] {
  return codeOf(page).flatMap((code) => [
    ...calls(code, npmRun).flatMap(({ name, args }) => {
      if (scripts[name] === undefined) return `${code}: there is no script ${name}`;
      if (!cliCommands.includes(name)) return [];
      try {
        parseArgs({ args, options: optionsOf(name), allowPositionals: true });
        return [];
      } catch (error) {
        return `${code}: ${(error as Error).message}`;
      }
    }),
    ...calls(code, /^npx cdktf (?<name>\S+)(?<args>.*)$/)
      .filter(({ name }) => !["synth", "deploy", "diff", "destroy"].includes(name))
      .map(() => `${code}: cdktf has no such command`),
  ]);
}

/** GitHub's anchor of a heading; a second heading of the same text gets -1. */
function anchorsOf(page: string): string[] {
  const slugs = [...page.replace(fences, "").matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  return slugs.map((slug, index) => {
    const before = slugs.slice(0, index).filter((other) => other === slug).length;
    return before === 0 ? slug : `${slug}-${String(before)}`;
  });
}

/** Links and pictures that lead nowhere. */
function brokenLinksOf(file: string, page: string): string[] {
  const text = page.replace(fences, "").replace(/`[^`\n]*`/g, "");
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, md, html]) => md ?? html ?? "");
  return targets.filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [path = "", anchor] = target.split("#");
    const to = path === "" ? file : relative(PROJECT, join(PROJECT, dirname(file), path));
    if (to.startsWith("..") || !existsSync(join(PROJECT, to))) return true;
    return anchor !== undefined && !(to.endsWith(".md") && anchorsOf(to === file ? page : read(to)).includes(anchor));
  });
}

test(
  "no generated part and no picture is stale: npm run docs writes them",
  async () => {
    const files = [...(await generated())];
    expect(files.filter(([file, text]) => read(file) !== text).map(([file]) => file)).toEqual([]);
  },
  5 * MINUTES,
);

test.each([
  ["docs/settings.md", "| `fleet.maxSize` |"],
  ["docs/settings.md", "- [`scaling`](#scaling)"],
  ["docs/costs.md", "| NAT gateways | 40.88 |"],
  ["docs/costs.md", "why they differ"],
  ["docs/simulation.md", "cpu-high ALARM"],
  ["docs/simulation.md", "of 100 cases"],
  ["docs/reviews.md", "**Another port**"],
])("%s has its generated part: %s", (file, text) => expect(read(file)).toContain(text));

test("the README is read in three minutes: fewer than 150 lines of at most 100 characters", () => {
  const lines = read("README.md").trimEnd().split("\n");
  expect(lines.length).toBeLessThan(150);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});

test("the README's figures are those of the bill", () => {
  const [, least = "", most = ""] = /^\| total \| ([\d.]+) \| [\d.]+ \| ([\d.]+) \|/m.exec(read("docs/costs.md")) ?? [];
  expect(read("README.md")).toContain(`${least} to ${most} USD`);
});

test("the README leads to every page, and architecture.md to every decision", () => {
  const missing = (from: string, folder: string) =>
    PAGES.filter((page) => dirname(page) === folder && !read(from).includes(`(${relative(dirname(from), page)})`));
  expect(missing("README.md", "docs")).toEqual([]);
  expect(missing("docs/architecture.md", "docs/decisions")).toEqual([]);
});

test.each(PAGES)("%s: every command exists and takes the options that are named", (file) => {
  expect(problemsOf(read(file))).toEqual([]);
});

const guides = PAGES.filter((page) => dirname(page) !== "docs/decisions");
test.each(guides)("%s: every option that is named alone belongs to a command", (file) => {
  const known = new Set(cliCommands.flatMap((name) => Object.keys(optionsOf(name))));
  const alone = spansOf(read(file)).filter((span) => span.startsWith("--"));
  const named = alone.flatMap((code) => [...code.matchAll(/(?<![\w-])--([a-z-]+)/g)].map(([, name = ""]) => name));
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test.each(PAGES)("%s: every link and every anchor resolves", (file) => {
  expect(brokenLinksOf(file, read(file))).toEqual([]);
});

test("a command, an option, a link and an anchor that are wrong are found", () => {
  expect(problemsOf("`npm run nothing`, `npm run cost -- production --whatif x`, `npx cdktf bill`")).toHaveLength(3);
  expect(anchorsOf("# A `code` heading\n\n## What if?\n\n## What if?\n")).toEqual([
    "a-code-heading",
    "what-if",
    "what-if-1",
  ]);
  const links =
    "# A\n[no file](no.md) [no anchor](settings.md#no) [not here](#b) [outside](../../x) [here](#a) [ok](costs.md)";
  expect(brokenLinksOf("docs/settings.md", links)).toEqual(["no.md", "settings.md#no", "#b", "../../x"]);
});
