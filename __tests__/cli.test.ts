/** The table of commands: each has a help screen, takes its own options and no other's, and says in one line what is wrong. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commands } from "../src/cli";
import { takenByNpm } from "../src/commands/npm-options";
import { helpScreen, parse, runCommand, type Command } from "../src/commands/command";

const PROJECT = resolve(__dirname, "..");
const loaded = Object.entries(commands).map(([name, load]): [string, Command] => [name, load().command]);

function commandNamed(name: string): Command {
  const found = loaded.find(([each]) => each === name);
  if (found === undefined) throw new Error(name);
  return found[1];
}

/** The options of a command, each with a value where it takes one. */
const everyOption = ({ options }: Command) =>
  Object.entries(options).flatMap(([name, { value }]) => (value === undefined ? [`--${name}`] : [`--${name}`, "x"]));

test("every command has a file, a script of its name, and a line in help", () => {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const help = readFileSync(join(PROJECT, "help"), "utf8");
  const files = readdirSync(join(PROJECT, "src", "commands")).map((file) => file.replace(/\.ts$/, ""));
  const shared = [
    ...["command", "kept", "local-drill", "many-runs", "npm-options", "outputs", "priced"],
    ...["simulate-options", "suggest-schedule", "sweep", "workspace"],
  ];
  expect(Object.keys(commands).sort()).toEqual(files.filter((file) => !shared.includes(file)).sort());
  for (const name of Object.keys(commands)) {
    expect(scripts[name]).toBe(`node --require tsx/cjs src/cli.ts ${name}`);
    expect(help).toMatch(new RegExp(`^  npm run ${name}\\b`, "m"));
  }
});

describe.each(loaded)("%s", (name, command) => {
  test("--help prints a screen of its own: usage, what it does, each option in a line", async () => {
    const { text, code } = await runCommand(name, command, ["--help"], {});
    expect(code).toBe(0);
    expect(text).toBe(helpScreen(name, command));
    expect(text).toMatch(new RegExp(`^npm run ${name} -- .*\\n\\n[A-Z]`));
    for (const option of Object.keys(command.options))
      expect(text).toMatch(new RegExp(`^  --${option}\\b.*  \\S`, "m"));
    expect(text.split("\n").filter(({ length }) => length > 80)).toEqual([]);
  });

  test("takes every option that it has", () => {
    const { options } = parse(name, command, everyOption(command));
    for (const [option, { value, multiple }] of Object.entries(command.options))
      expect(options[option]).toEqual(value === undefined ? true : multiple ? ["x"] : "x");
  });

  test("refuses the options of every other command, and one argument more than it takes", () => {
    const others = loaded.flatMap(([, other]) => Object.keys(other.options));
    for (const option of others.filter((each) => !Object.hasOwn(command.options, each)))
      expect(() => parse(name, command, [`--${option}`])).toThrow(
        new RegExp(`^${name}: Unknown option '--${option}'; its options are --`),
      );
    const args = command.usage.split(" ").filter(Boolean);
    expect(parse(name, command, args).args).toEqual(args);
    expect(() => parse(name, command, [...args, "more"])).toThrow(`${name} does not take more; its usage is: npm run`);
  });
});

describe("options that npm has taken, because the double dash was forgotten", () => {
  /** What npm hands on, as `npm run deploy local --plan x.tfplan --refresh-only` shows with npm 10 and 11. */
  const started = (command: string, ...options: readonly string[]) => ({
    npm_lifecycle_event: command,
    ...Object.fromEntries(options.map((option) => [`npm_config_${option.replaceAll("-", "_")}`, "true"])),
  });
  const called = (name: string, argv: readonly string[], ...options: readonly string[]) =>
    runCommand(name, commandNamed(name), argv, started(name, ...options));

  test("all options of all commands are known, whichever command they are given to", () => {
    const all = new Set(loaded.flatMap(([, { options }]) => Object.keys(options)));
    expect(takenByNpm("cost", started("cost", ...all)).sort()).toEqual([...all].sort());
  });

  test.each<[string, string[], string[], string]>([
    [
      "deploy",
      ["local", "x.tfplan"],
      ["plan"],
      "npm has taken --plan for itself; .*: npm run deploy -- ENV --plan FILE$",
    ],
    ["cost", ["production", "nat=none"], ["what-if"], "-- ENV\\|FILE.json --what-if SETTING=VALUE$"],
    ["cost", ["production"], ["json", "svg"], "npm has taken --svg, --json for itself; .* --svg FILE --json$"],
    [
      "deploy",
      ["local"],
      ["refresh-only"],
      "npm has taken --refresh-only for itself; .*: npm run deploy -- ENV \\[options\\]$",
    ],
  ])("%s %j with %j is refused before anything", async (name, argv, options, message) => {
    await expect(called(name, argv, ...options)).rejects.toThrow(new RegExp(message));
  });

  test("what npm hands on for other reasons is not noticed: its own settings, and those of a script around the command", () => {
    const own = {
      npm_lifecycle_event: "cost",
      npm_config_json: "",
      npm_config_loglevel: "verbose",
      npm_config_all: "true",
    };
    expect(takenByNpm("cost", own)).toEqual([]);
    expect(takenByNpm("cost", started("test", "json", "plan"))).toEqual([]);
  });
});

test.each([
  ["deploy", ["local", "--refresh-only", "--out", "foo"], "deploy: Unknown option '--refresh-only'"],
  ["deploy", ["local", "x.tfplan"], "deploy does not take x.tfplan; its usage is: npm run deploy -- ENV [options]"],
  ["deploy", ["local", "--plan", ""], "deploy: --plan has an empty value"],
  ["local", ["--folder="], "local: --folder has an empty value"],
  ["cost", ["production", "--what-if", "nat=none", "--what-if", " "], "cost: --what-if has an empty value"],
  ["deploy", ["local", "--plan", "a", "--plan", "b"], "deploy: --plan is given more than once"],
  [
    "local",
    ["drill", "document", "now", "--folder", ""],
    "local does not take now; its usage is: npm run local -- [ACTION] [DRILL] [options]\nlocal: --folder has an empty value",
  ],
])("%s %j: what is wrong, in a line each", (name, argv, message) => {
  expect(() => parse(name, commandNamed(name), argv)).toThrow(message);
});

test("an option that may be repeated and a switch may be given twice", () => {
  const twice = ["production", "--what-if", "nat=none", "--what-if", "nat=perZone", "--json", "--json"];
  expect(parse("cost", commandNamed("cost"), twice).options).toMatchObject({ json: true });
});
