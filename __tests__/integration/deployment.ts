/**
 * The deployment that tests take copies of: a process that makes it with `npm run local` in a folder, and takes it away when
 * its standard input closes, as it does when jest ends, however that ends.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "../../src/machine/alone";
import { stopEmulator } from "../../src/emulator/emulator";
import type { Finished } from "../../src/machine/run";
import { cli } from "./cli";

export interface Deployment {
  /** Of the emulator. */
  readonly folder: string;
  /** What `npm run local` said. */
  readonly local: Finished;
  /** What a second deploy said, which started while the first waited for its load balancer. */
  readonly second: Finished;
}

const NEVER: Finished = { code: 0, output: "the second deploy never started", stdout: "" };

const noteOf = (folder: string) => join(folder, "deployment.json");

/** Waits for the deployment that is made for this run. @throws Error with all that was said if it failed */
export async function deployment(): Promise<Deployment> {
  const note = noteOf(process.env["DEPLOYMENT"] ?? "");
  while (!existsSync(note)) await pause(200);
  const made = JSON.parse(readFileSync(note, "utf8")) as Deployment;
  if (made.local.code !== 0) throw new Error(made.local.output);
  return made;
}

async function make(folder: string): Promise<void> {
  try {
    write(folder, await deploymentIn(folder));
  } catch (error) {
    const failed: Finished = { code: 1, output: String((error as Error).stack), stdout: "" };
    write(folder, { folder, local: failed, second: NEVER });
  }
}

async function deploymentIn(folder: string): Promise<Deployment> {
  const local = join(folder, "local");
  let pid: number | undefined;
  process.stdin.resume().once("end", () => {
    if (pid !== undefined && isAlive(pid)) process.kill(pid, "SIGKILL");
    void stopEmulator(local).then(() => {
      rmSync(folder, { recursive: true, force: true });
      process.exit();
    });
  });
  let second: Promise<Finished> | undefined;
  const first = await cli(
    local,
    ["local"],
    (line) => {
      if (/aws_lb\..*Creating/.test(line)) second ??= cli(local, ["deploy", "local"]);
    },
    (started) => (pid = started),
  );
  pid = undefined;
  return { folder: local, local: first, second: (await second) ?? NEVER };
}

/** Whole at once, since tests wait for the file. */
function write(folder: string, made: Deployment): void {
  writeFileSync(`${noteOf(folder)}.new`, JSON.stringify(made));
  renameSync(`${noteOf(folder)}.new`, noteOf(folder));
}

if (require.main === module) void make(process.argv[2] ?? "");
