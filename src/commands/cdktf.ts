/** Runs `cdktf` and `terraform` for an environment, so that Ctrl-C ends them in order and a lock is explained. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Problem } from "../problem";
import { run, type Finished } from "../run";
import { explainLock, findLock } from "./lock";
import { PROJECT, stackFolder, type Workspace } from "./workspace";

const CDKTF = join(PROJECT, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");

/** Terraform's exit code of a plan with `-detailed-exitcode` that has changes. */
export const CHANGES = 2;

/** Gets each line that is said while something runs. */
export type Listener = (line: string) => void;

/**
 * `cdktf deploy` or `cdktf destroy` of one stack, without questions.
 *
 * A bare `cdktf deploy` hangs up on Terraform when it is interrupted: the lock stays, and what was being made is lost from the
 * state. Here Ctrl-C goes to Terraform itself, which finishes what is under way, saves the state and releases the lock.
 *
 * @throws Problem if it fails: who holds the lock, or Terraform's own errors
 */
export async function cdktf(action: "deploy" | "destroy", workspace: Workspace, stack: string, onLine: Listener): Promise<void> {
  // A mirror has checksums for this machine only; the registry is asked for those of others.
  const lockFile = workspace.emulated ? ["--skip-provider-lock"] : [];
  const args = [CDKTF, action, stack, "--auto-approve", ...lockFile, "--output", workspace.output];
  let cdktfPid: number | undefined;
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    const terraform = cdktfPid === undefined ? undefined : descendant(cdktfPid, "terraform");
    if (terraform !== undefined) process.kill(terraform, "SIGINT");
    else if (cdktfPid !== undefined) process.kill(cdktfPid, "SIGINT"); // before Terraform has begun there is nothing to lose
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const finished = await run(process.execPath, args, {
      cwd: PROJECT,
      env: workspace.env,
      onLine,
      ownGroup: true,
      onStart: (pid) => (cdktfPid = pid),
    });
    if (interrupted) throw new Problem(`Interrupted: ${stack} is as far as it came, and its state is saved. The same command goes on from there.`);
    if (finished.code !== 0) throw new Problem(explain(stack, finished));
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
  const finished = await run("terraform", args, {
    cwd: stackFolder(workspace, stack),
    env: { ...workspace.env, TF_IN_AUTOMATION: "1" },
    ...(onLine && { onLine }),
  });
  if (!expected.includes(finished.code)) throw new Problem(explain(stack, finished));
  return finished;
}

/** `cdktf synth` without the CLI around it: the app command alone. */
export async function synth(workspace: Workspace): Promise<void> {
  const finished = await run(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: PROJECT,
    env: { ...workspace.env, CDKTF_OUTDIR: workspace.output },
  });
  if (finished.code !== 0) throw new Problem(finished.output.trim());
}

function explain(stack: string, { output }: Finished): string {
  const lock = findLock(output);
  if (lock !== undefined) return explainLock(stack, lock);
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.replace(/^(\S+)?\s*│\s?/, "│ ").trimEnd());
  const errors = lines.filter((line) => line.startsWith("│ ") && line.trim() !== "│");
  return [`${stack}: Terraform failed`, ...(errors.length > 0 ? errors : lines.filter((line) => line !== "").slice(-15))].join("\n");
}

/** The id of the process of that name that was started by another, however indirectly. */
function descendant(ancestor: number, name: string): number | undefined {
  const table = spawnSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).stdout;
  const processes = table.split("\n").map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)?.slice(1) ?? []);
  const children = (parent: number): number | undefined => {
    for (const [pid, parentPid, command = ""] of processes) {
      if (Number(parentPid) !== parent) continue;
      const found = command.split("/").at(-1) === name ? Number(pid) : children(Number(pid));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return children(ancestor);
}
