/** What a command is: its arguments, its own options, the help screen made from both, and what it does. */
import { parseArgs } from "node:util";
import { explained } from "../account/aws-error";
import { Problem } from "../machine/problem";
import { progressOn, SILENT, type Progress } from "../machine/progress";
import { columns } from "../machine/table";
import { takenByNpm } from "./npm-options";

/** With a `value` it takes one; without it is a switch, off unless it is given. */
interface Option {
  /** What stands for the value on the help screen, such as `FILE`. */
  readonly value?: string;
  /** May be given several times. */
  readonly multiple?: true;
  readonly default?: string;
  /** What it does, for the help screen: one line. */
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

type Value<O extends Option> = O extends { value: string }
  ? O extends { multiple: true }
    ? readonly string[]
    : O extends { default: string }
      ? string
      : string | undefined
  : boolean;

export type OptionValues<O extends Options> = { readonly [Name in keyof O]: Value<O[Name]> };

/** What a command has to say on the standard output, and its exit code. */
export interface Result {
  readonly text: string;
  readonly code: number;
  /** For the standard error output, a line each, where `text` is for a program to read. */
  readonly complaints?: readonly string[];
}

export interface Call<O extends Options> {
  /** The arguments after the command's name, no more than its usage names. */
  readonly args: readonly string[];
  readonly options: OptionValues<O>;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
}

export interface Command<O extends Options = Options> {
  /** The arguments, a word each, such as `ENV ID`; those that may be left out in brackets. */
  readonly usage: string;
  /** What it does, for the help screen, in lines of at most 80 columns. */
  readonly about: string;
  readonly options: O;
  /** @throws Problem with all that is wrong with the arguments, or that keeps it from being done */
  run(call: Call<O>): Promise<Result>;
}

/** Gives a command's `run` the types of its own options. */
export const defineCommand = <const O extends Options>(command: Command<O>): Command<O> => command;

/** Parses what follows a command's name, and runs it, or answers `--help`. @throws Problem in a line each for what is wrong */
export async function runCommand(
  name: string,
  command: Command,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Result> {
  refuseTaken(name, command, env);
  const { help, args, options } = parse(name, command, argv);
  if (help) return { text: helpScreen(name, command), code: 0 };
  // A program reads JSON, often with both outputs in one; errors are printed all the same.
  const { json, format, verbose } = options as Readonly<Record<string, unknown>>;
  const silent = json === true || format === "json";
  const progress = silent ? SILENT : progressOn(process.stderr, verbose === true);
  return command.run({ args, options, env, progress }).catch((error: unknown) => {
    throw explained(error);
  });
}

/** @throws Problem naming the options that have not come through npm, since the command would do something else without them */
function refuseTaken(name: string, { usage, options }: Command, env: NodeJS.ProcessEnv): void {
  const taken = takenByNpm(name, env);
  if (taken.length === 0) return;
  const own = taken.filter((option) => Object.hasOwn(options, option));
  const example = own.map((option) => ` --${option}${valueOf(options[option])}`).join("") || " [options]";
  throw new Problem(
    `npm has taken ${taken.map((option) => `--${option}`).join(", ")} for itself; options of a command come after a double dash: ${call(name, usage)}${example}`,
  );
}

/** @throws Problem with a line for each that is wrong: an option that is not this command's, an empty value, an argument too many */
export function parse<O extends Options>(name: string, { usage, options }: Command<O>, argv: readonly string[]) {
  const { positionals: args, values, tokens } = parsed(name, options, argv);
  const given: readonly Token[] = tokens.flatMap((token) => (token.kind === "option" ? token : []));
  const extra = args.slice(words(usage).length);
  const problems = [
    ...(extra.length > 0 ? [`${name} does not take ${extra.join(" ")}; its usage is: ${synopsis(name, usage)}`] : []),
    // A variable of the shell that is not set leaves an empty text.
    ...given.filter(({ value }) => value?.trim() === "").map(({ rawName }) => `${name}: ${rawName} has an empty value`),
    ...given
      .filter((token, index) => !repeatable(options[token.name]) && given.findIndex(sameAs(token)) !== index)
      .map(({ rawName }) => `${name}: ${rawName} is given more than once`),
  ];
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  const { help = false, ...own } = values;
  return { help, args, options: own as OptionValues<O> };
}

/** An option as it was written: `rawName` with its hyphens. */
interface Token {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

/** A switch means the same twice. */
const repeatable = (option: Option | undefined) => option?.value === undefined || option.multiple === true;
const sameAs = (one: { readonly name: string }) => (other: { readonly name: string }) => one.name === other.name;

function parsed(name: string, options: Options, argv: readonly string[]) {
  const table = Object.entries(options).map(([option, { value, multiple = false, default: standard }]) => [
    option,
    value === undefined
      ? { type: "boolean" as const, default: false }
      : { type: "string" as const, multiple, default: multiple ? [] : standard },
  ]);
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      tokens: true,
      options: { ...(Object.fromEntries(table) as object), help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    // Node.js adds advice that is about programs in general.
    const [what = ""] = (error as Error).message.split(/\.\s/);
    const known = Object.keys({ ...options, help: {} }).map((option) => `--${option}`);
    throw new Problem(`${name}: ${what}; its options are ${known.join(", ")}`);
  }
}

export function helpScreen(name: string, { usage, about, options }: Command): string {
  const rows = Object.entries({ ...options, help: { help: "print this screen" } } as Options).map(
    ([option, { value, help, multiple, default: standard }]) => [
      `--${option}${valueOf({ value })}`,
      `${help}${multiple ? ", repeatable" : ""}${standard === undefined ? "" : ` (default: ${standard})`}`,
    ],
  );
  return `${synopsis(name, usage)}\n\n${about}\n\n${columns(rows, { indent: 2 })}`;
}

/**
 * @param option that names one of the choices, for the message
 * @throws Problem listing the choices
 */
export function choose<Choice>(option: string, name: string, choices: Readonly<Record<string, Choice>>): Choice {
  if (Object.hasOwn(choices, name)) return choices[name] as Choice;
  throw new Problem(`${option} ${name}: must be one of ${Object.keys(choices).join(", ")}`);
}

/** Whether an option is given: a switch that is on, a value, or one or more of those that may be repeated. */
export const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

const words = (usage: string) => usage.split(" ").filter(Boolean);
const call = (name: string, usage: string) => `npm run ${name} --${usage === "" ? "" : ` ${usage}`}`;
const synopsis = (name: string, usage: string) => `${call(name, usage)} [options]`;
const valueOf = (option: { readonly value?: string | undefined } | undefined) =>
  option?.value === undefined ? "" : ` ${option.value}`;
