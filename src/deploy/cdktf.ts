/** Runs `cdktf` and `terraform` for an environment, so that Ctrl-C ends them in order and a lock is explained. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { REMOTE_STATE } from "../aws/names";
import { Problem } from "../machine/problem";
import { descendants } from "../machine/processes";
import { run, type Finished, type Listener, type RunOptions } from "../machine/run";
import { diagnosticsIn } from "./diagnostics";
import { explainLock, findLock } from "./lock";
import { stackFolder, type Workspace } from "./workspace";
import { PROJECT } from "../machine/project";

const CDKTF = join(PROJECT, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");

/** The user has ended it. */
export class Interrupted extends Problem {}

/** Terraform's exit code of any failure. */
export const FAILED = 1;

/** Arguments of a `terraform plan` that asks no questions, and whose exit code is `CHANGES` if there are changes. */
export const PLAN = ["plan", "-input=false", "-no-color", "-detailed-exitcode"];

/** Terraform's exit code of a plan with `-detailed-exitcode` that has changes. */
export const CHANGES = 2;

/**
 * `cdktf deploy` of one stack that has been synthesized, without questions.
 *
 * When `cdktf deploy` itself is interrupted, it ends without waiting for Terraform: the lock stays, and the state lacks what was
 * being created. Here Ctrl-C is passed to Terraform, which ends in order, saves the state and releases the lock. Its provider
 * cancels the request under way, so one resource may then exist that is not in the state (observed: a launch template).
 *
 * @throws Problem if it fails: who holds the lock, or Terraform's own errors
 */
export async function cdktfDeploy(workspace: Workspace, stack: string, onLine: Listener): Promise<Finished> {
  // A mirror has checksums for this platform only; the registry is asked for those of others.
  const lockFile = workspace.emulated ? ["--skip-provider-lock"] : [];
  const args = [CDKTF, "deploy", stack, "--auto-approve", "--skip-synth", ...lockFile, "--output", workspace.output];
  const finished = await inOrder(stack, process.execPath, args, { cwd: PROJECT, env: workspace.env, onLine });
  if (finished.code !== 0) throw new Problem(explain(stack, finished));
  return finished;
}

/**
 * Runs a program so that the first Ctrl-C, or the end of the terminal, reaches the Terraform that it has started, or the program itself if there is none yet. A
 * second one is not passed on, since Terraform would then stop at once and lose the state of what is under way.
 *
 * @throws Problem after an interruption
 */
async function inOrder(
  stack: string,
  program: string,
  args: readonly string[],
  options: Omit<RunOptions, "ownGroup" | "onStart">,
): Promise<Finished> {
  let started: number | undefined;
  const interruption = new AbortController();
  const interrupt = () => {
    if (interruption.signal.aborted) return;
    interruption.abort();
    if (started === undefined) return;
    const terraform = descendants(started).find(({ name }) => name === "terraform");
    try {
      process.kill(terraform?.pid ?? started, "SIGINT");
    } catch {
      // It has just ended: there is nothing left to interrupt.
    }
  };
  // SIGHUP: the terminal is closed.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const finished = await run(program, args, { ...options, ownGroup: true, onStart: (pid) => (started = pid) });
    if (interruption.signal.aborted)
      throw new Interrupted(
        `Interrupted: ${stack} is partly changed, and its state is saved. AWS may have carried out the request that was under way, so first run: ${again(stack)}. Then the same command continues from there`,
      );
    return finished;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** Terraform in the folder of a synthesized stack. @throws Problem if its exit code is not one of those expected */
export async function terraform(
  workspace: Workspace,
  stack: string,
  args: readonly string[],
  expected: readonly number[] = [0],
  onLine?: Listener,
): Promise<Finished> {
  const finished = await inOrder(stack, "terraform", args, {
    cwd: stackFolder(workspace, stack),
    env: { ...workspace.env, TF_IN_AUTOMATION: "1" },
    ...(onLine && { onLine }),
  });
  if (!expected.includes(finished.code)) throw new Problem(explain(stack, finished));
  return finished;
}

/** A message of Terraform's machine-readable output: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
interface Message {
  readonly "@message": string;
  readonly type?: string;
  readonly diagnostic?: { readonly detail?: string };
}

/**
 * Terraform with `-json`, whose messages are passed on as text.
 *
 * @returns its exit code, and the types of its messages
 * @throws Problem if its exit code is not one of those expected
 */
export async function terraformMessages(
  workspace: Workspace,
  stack: string,
  args: readonly string[],
  expected: readonly number[],
  onLine: Listener,
): Promise<{ code: number; types: Set<string | undefined> }> {
  const all = [FAILED, ...expected];
  const finished = await terraform(workspace, stack, [...args, "-json"], all, (line) => onLine(textOf(line)));
  const lines = finished.output.split("\n");
  if (!expected.includes(finished.code))
    throw new Problem(explain(stack, { ...finished, output: lines.map(textOf).join("\n") }));
  return { code: finished.code, types: new Set(lines.map((line) => messageIn(line)?.type)) };
}

function messageIn(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined; // the few lines that are not JSON, such as those of a crash
  }
}

/** A message as Terraform prints it without `-json`; an error has a bar before each line. */
function textOf(line: string): string {
  const { "@message": text = line, diagnostic } = messageIn(line) ?? {};
  return diagnostic === undefined
    ? text
    : [text, ...(diagnostic.detail ?? "").split("\n")].map((each) => `│ ${each}`).join("\n");
}

/** Addresses of the resources in a stack's state; none where there is no state yet. Loads no provider, so it is quick. */
export async function addressesInState(workspace: Workspace, stack: string): Promise<string[]> {
  const { code, stdout } = await terraform(workspace, stack, ["state", "list"], [0, FAILED]);
  return code === FAILED ? [] : stdout.split("\n").filter((line) => line !== "");
}

/** The JSON that Terraform prints, without its warnings. */
export async function terraformJson<Answer>(
  workspace: Workspace,
  stack: string,
  args: readonly string[],
): Promise<Answer> {
  return JSON.parse((await terraform(workspace, stack, args)).stdout) as Answer;
}

/** `cdktf synth` without the CLI around it: the app command alone. @throws Problem with what is wrong in the settings */
export async function synth(workspace: Workspace): Promise<void> {
  const { app } = JSON.parse(readFileSync(join(PROJECT, "cdktf.json"), "utf8")) as { app: string };
  const [program = "", ...args] = app.split(" ");
  const finished = await run(program, args, {
    cwd: PROJECT,
    env: { ...workspace.env, CDKTF_OUTDIR: workspace.output },
  });
  if (finished.code !== 0) throw new Problem(finished.output.trim());
  // Terraform reads both, and `cdktf synth --hcl` has left the same in HCL.
  for (const stack of [workspace.environment, REMOTE_STATE])
    rmSync(join(stackFolder(workspace, stack), "cdk.tf"), { force: true });
}

/** What Terraform's failure means, a few lines of text. */
export function explain(stack: string, { output }: Finished): string {
  const lock = findLock(output);
  if (lock !== undefined) return explainLock(stack, lock);
  if (/Saved plan (is stale|does not match)/.test(output))
    return `The plan is stale: ${stack} has changed since it was made, so nothing was changed. Plan again: npm run review -- ${stack} --out FILE`;
  return [
    `${stack}: Terraform failed`,
    ...diagnosticsIn(output),
    ...CURES.filter(([said]) => said.test(output)).map(([, cure]) => cure(stack)),
  ].join("\n");
}

/** What helps, by what Terraform says. */
const CURES: readonly (readonly [said: RegExp, cure: (stack: string) => string])[] = [
  [
    /already exists|AlreadyExists|already in use/,
    (stack) =>
      `Resources that an earlier deploy created and the state does not have are imported by: ${again(stack)}${other(stack)}`,
  ],
  [
    /No valid credential sources|ExpiredToken|InvalidClientTokenId|SSO session has expired/,
    () => "Sign in, for instance with: aws configure sso",
  ],
];

/** These are for environments; bootstrap itself imports what exists of the remote state. */
const other = (stack: string) =>
  stack === REMOTE_STATE ? "" : `; a system made by other means is taken over by: npm run takeover -- ${stack}`;
const again = (stack: string) => (stack === REMOTE_STATE ? "npm run bootstrap" : `npm run adopt -- ${stack}`);
