/** The table of commands: each has a help screen, takes its own options and no other's, and says in one line what is wrong. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commands } from "../src/cli";
import { helpScreen, parse, runCommand, type Command } from "../src/commands/command";

const PROJECT = resolve(__dirname, "..");
const loaded = Object.entries(commands).map(([name, load]): [string, Command] => [name, load().command]);

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
