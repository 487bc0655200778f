/** The programs that have to be installed: which, how new, and where they come from. */
import coerce from "semver/functions/coerce";
import lt from "semver/functions/lt";
import { Problem } from "./problem";
import { run } from "./run";

export interface Requirement {
  readonly name: string;
  readonly programs: readonly string[];
  readonly args: readonly string[];
  readonly version: RegExp;
  readonly least: string;
  readonly cure: string;
}

export const NODE: Requirement = {
  name: "Node.js",
  programs: [process.execPath],
  args: ["--version"],
  version: /v(\d+\.\d+)/,
  least: "20.19",
  cure: "https://nodejs.org/en/download",
};
export const TERRAFORM: Requirement = {
  name: "Terraform",
  programs: ["terraform"],
  args: ["version"],
  version: /Terraform v(\d+\.\d+)/,
  least: "1.10",
  cure: "https://developer.hashicorp.com/terraform/install",
};
/** As on the servers: the application is tried and run with it. moto 5.2.1, the emulated AWS, asks for 3.10. */
export const PYTHON: Requirement = {
  name: "Python",
  programs: ["python3", "python"],
  args: ["--version"],
  version: /Python (\d+\.\d+)/,
  least: "3.11",
  cure: "https://www.python.org/downloads",
};

/**
 * Finds the programs, in the order of the requirements.
 *
 * @throws Problem with a line for each that is missing, too old, or fails: which, what it said, and how to get it
 */
export async function requirePrograms(requirements: readonly Requirement[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const found = await Promise.all(requirements.map((requirement) => find(requirement, env)));
  const problems = found.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  return found.flatMap(({ program }) => program ?? []);
}

async function find(requirement: Requirement, env: NodeJS.ProcessEnv): Promise<{ program?: string; problem?: string }> {
  const { name, programs, args, version, least, cure } = requirement;
  const states: string[] = [];
  for (const program of programs) {
    const { code, output } = await run(program, args, { env: ownArguments(env) });
    const found = version.exec(output)?.[1];
    if (found !== undefined && !isOlder(found, least)) return { program };
    if (found !== undefined) states.push(`${name} ${found} is too old`);
    else if (!(code === 127 && output.endsWith("ENOENT"))) states.push(unexpected(requirement, program, output));
  }
  return { problem: `${states[0] ?? `${name} is not installed`}; ${least} or later is needed: ${cure}` };
}

/** `TF_CLI_ARGS=-x` would make `terraform version` fail; where it matters, the command that runs Terraform refuses it. */
const ownArguments = (env: NodeJS.ProcessEnv) => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("TF_CLI_ARGS"))),
  CHECKPOINT_DISABLE: "1",
});

/** A program that is there and is not what it should be: it says itself what is wrong, as asdf does where no version is set. */
function unexpected({ name, args }: Requirement, program: string, output: string): string {
  const tofu = /OpenTofu v\S+/.exec(output)?.[0];
  if (tofu !== undefined) return `${program} is ${tofu}, not ${name}`;
  const said = output
    .trim()
    .split(/\s*\n\s*/)
    .slice(0, LINES)
    .join(" ");
  return `${name} cannot be used: ${program} ${args.join(" ")} printed "${said}"`;
}

/** Of what a program says, for an error in one line. */
const LINES = 4;

/** @throws Problem if the Node.js that runs this, such as `v20.19.0`, is too old; asks no other process */
export function requireNode(version: string): void {
  const { name, least, cure } = NODE;
  if (isOlder(version, least)) throw new Problem(`${name} ${version} is too old; ${least} or later is needed: ${cure}`);
}

const isOlder = (version: string, least: string) => lt(coerce(version) ?? version, coerce(least) ?? least);
