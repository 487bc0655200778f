/** Servers end with the playground, also when that is killed and can do nothing more. */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const PROGRAM = join(__dirname, "guard.sh");

/** File in the folder of a server that runs: the ids of its process groups, with a space between. */
export const GROUPS = "groups";

export const serversFolder = (folder: string) => join(folder, "servers");

/**
 * Starts a process that waits until this one is gone, and then ends the servers that are left. Once for a folder, before the first server.
 *
 * @param folder of the emulated AWS
 * @returns its process id; it ends by itself
 */
export function guardServers(folder: string): number {
  mkdirSync(serversFolder(folder), { recursive: true });
  const guard = spawn("sh", [PROGRAM, serversFolder(folder)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: { PATH: process.env["PATH"] },
  });
  guard.unref();
  // The pipe is closed when this process ends; until then it must not keep it from ending.
  (guard.stdin as typeof guard.stdin & { unref(): void }).unref();
  return guard.pid ?? 0;
}
