/** What keeps a deploy from making a second system beside one that exists. */
import { keptFile, keptIn } from "../config/kept";
import { Problem } from "../machine/problem";
import { sought } from "./adopt";
import { terraform } from "./cdktf";
import type { Workspace } from "./workspace";

/** AWS takes any number of these under one tag `Name`. Of the others it would refuse a second one, or write over the first. */
const MANY = /^aws_(vpc|subnet|internet_gateway|route_table|eip|nat_gateway|vpc_endpoint|instance)\./;

/**
 * For a deploy to an environment whose state is empty.
 *
 * @throws Problem, before anything is created, naming the command that fits: `adopt` for what has the environment's tag, `takeover` for
 * what has not
 */
export async function refuseExisting(workspace: Workspace): Promise<void> {
  const { environment, emulated } = workspace;
  const kept = keptIn(environment, emulated);
  if (kept.kept.length + kept.later.length > 0)
    throw new Problem(
      `Nothing was changed: ${keptFile(environment)} keeps what a takeover has found, and the state of ${environment} is empty. Apply the takeover first (npm run takeover -- ${environment} --apply), or delete that file if the system does not exist any more`,
    );
  const found = await sought(workspace, new Map()).catch((error: unknown) => {
    // A role that may deploy need not be allowed to look for everything: then AWS itself refuses what exists.
    if (error instanceof Error && /AccessDenied|UnauthorizedOperation/.test(error.name)) return undefined;
    throw error;
  });
  const problem = found && existingProblem(environment, found.findings, found.stack.resources.length);
  if (problem === undefined) return;
  // While another deploy runs, or its lock is left, that is what is to be said: whoever plans acquires the lock.
  await terraform(workspace, environment, ["plan", "-refresh-only", "-input=false", "-no-color"]);
  throw new Problem(problem);
}

/** @param all how many resources the environment has */
export function existingProblem(
  environment: string,
  { found, foreign }: { readonly found: readonly object[]; readonly foreign: readonly string[] },
  all: number,
): string | undefined {
  const empty = `Nothing was changed: the state of ${environment} is empty, and`;
  if (found.length > 0)
    return `${empty} ${String(found.length)} of its ${String(all)} resources exist, with its tag: a killed deploy has left them. Import them with npm run adopt -- ${environment}, and deploy then`;
  const taken = foreign.filter((line) => !MANY.test(line));
  if (taken.length === 0) return undefined;
  return [
    `${empty} these names are taken by what is not this environment's:`,
    ...taken.map((line) => `  ${line}`),
    `If that is the system itself, made by other means, take it over: npm run takeover -- ${environment}`,
    "If it is something else, choose other names in src/config/environments.ts",
  ].join("\n");
}
