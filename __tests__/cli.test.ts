/** The table of commands: each has a help screen, takes its own options and no other's, and says in one line what is wrong. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commands } from "../src/cli";
import { helpScreen, parse, runCommand, type Command } from "../src/commands/command";

const PROJECT = resolve(__dirname, "..");
const MINUTES = 120_000;
const loaded = Object.entries(commands).map(([name, load]): [string, Command] => [name, load().command]);

/** The real command. */
const cli = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--require", "tsx/cjs", "src/cli.ts", ...args], { cwd: PROJECT, encoding: "utf8" });

/** The options of a command, each with a value where it takes one. */
const everyOption = ({ options }: Command) =>
  Object.entries(options).flatMap(([name, { value }]) => (value === undefined ? [`--${name}`] : [`--${name}`, "x"]));

test("every command has a file, a script of its name, and a line in help", () => {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const help = readFileSync(join(PROJECT, "help"), "utf8");
  const files = readdirSync(join(PROJECT, "src", "commands")).map((file) => file.replace(/\.ts$/, ""));
  const shared = ["command", "priced", "workspace"];
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

test(
  "an option of another command is an error in one line that names the command's own",
  () => {
    const { stderr, status } = cli("cost", "production", "--plan", "x", "--refresh-only");
    expect(status).toBe(1);
    expect(stderr).toBe(
      "cost: Unknown option '--plan'; its options are --what-if, --compare, --svg, --format, --json, --refresh, --write, --help\n",
    );
  },
  MINUTES,
);

test.each([
  [["deplyo"], "deplyo is not a command; there are help, local, simulate, cost, bootstrap"],
  [["toString"], "toString is not a command; there are help"],
  [["cost"], "Which environment? There are production, local (src/config/environments.ts)"],
  [["plan", "nowhere"], "nowhere is not an environment; there are production, local"],
  [["verify", "__proto__"], "__proto__ is not an environment; there are production, local"],
  [["review", "toString"], "toString is not an environment; there are production, local"],
  [["simulate", "production", "--peak"], "simulate: Option '--peak <value>' argument missing; its options are --load"],
  [["unlock", "production"], "Which lock? npm run unlock -- production ID"],
  [["destroy", "production"], "give its name twice: npm run destroy -- production production"],
])(
  "%j is an error in one line, and 1",
  (args, message) => {
    const { stderr, stdout, status } = cli(...args);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
  },
  MINUTES,
);

test.each([[[]], [["help"]], [["--help"]]])(
  "%j prints the help",
  (args) => expect(cli(...args)).toMatchObject({ status: 0, stdout: readFileSync(join(PROJECT, "help"), "utf8") }),
  MINUTES,
);

test(
  "the help loads no AWS SDK, no cdktf and no zod, so that it is there at once",
  () => {
    const script = `process.argv = [process.argv[0], "cli"];
    const { commands } = require("./src/cli.ts");
    commands.help().command.run({}).then(() => console.log(JSON.stringify(Object.keys(require.cache))));`;
    const { stdout } = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
      cwd: PROJECT,
      encoding: "utf8",
    });
    const files = JSON.parse(stdout) as string[];
    expect(files.filter((file) => file.includes("src/commands/help.ts"))).toHaveLength(1);
    expect(files.filter((file) => /node_modules\/(?!tsx|get-tsconfig|resolve-pkg-maps|esbuild)/.test(file))).toEqual(
      [],
    );
  },
  MINUTES,
);
