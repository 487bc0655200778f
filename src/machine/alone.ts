/** Keeps two processes from the same work: a file that names its owner is the lock. */
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Problem } from "./problem";

/**
 * Works while no other process does. The lock of a process that is gone is released.
 *
 * @param lock path of the file, in a folder that exists
 * @param busy called as long as another process works, with its id; what it throws is the answer
 * @throws Problem if the file cannot be written
 */
export async function alone<T>(
  lock: string,
  busy: (owner: number) => Promise<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  while (!taken(lock)) {
    const owner = ownerOf(lock);
    if (owner === undefined) continue;
    if (isAlive(owner)) await busy(owner);
    else rmSync(lock, { force: true });
  }
  try {
    return await work();
  } finally {
    if (ownerOf(lock) === process.pid) rmSync(lock, { force: true });
  }
}

/** A link appears at once and with its contents, so nobody reads half a lock. */
function taken(lock: string): boolean {
  const mine = `${lock}.${String(process.pid)}`;
  try {
    writeFileSync(mine, String(process.pid));
    linkSync(mine, lock);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new Problem(`${lock} cannot be written: ${message}`);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Id of the process that holds the lock; 0, which is no process's, if the file says nothing of the kind. */
function ownerOf(lock: string): number | undefined {
  try {
    const owner = Number(readFileSync(lock, "utf8"));
    return Number.isSafeInteger(owner) && owner > 0 ? owner : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Problem(`${lock} cannot be read: ${(error as Error).message}`);
  }
}

export function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
