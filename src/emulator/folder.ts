/** The folder of an emulator: what is in it is deleted without a question, so it is marked as ours. */
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alone } from "../machine/alone";
import { Problem } from "../machine/problem";
import { NOTE, PLAYGROUND_NOTE } from "./note";

const MARKER = "emulated-aws";
const LOCK = "lock";

/** What one emulator and the deploys to it leave, and the next one does not want; the lock and the marker stay. */
const LEFT = [
  NOTE,
  `${NOTE}.new`,
  PLAYGROUND_NOTE,
  `${PLAYGROUND_NOTE}.new`,
  "emulator.log",
  "playground.log",
  "images",
  "servers",
  "terraform.rc",
  "cdktf.out",
  "remote-state.tfstate",
  "remote-state.tfstate.backup",
];

/** @throws Problem if the folder has anything in it, and no emulator has made it */
export function refuseForeign(folder: string): void {
  if (contentsOf(folder).length === 0 || existsSync(join(folder, MARKER))) return;
  throw new Problem(
    `${folder} is not a folder of the emulated AWS: it has other files, and nothing was changed; choose a new or an empty folder with --folder`,
  );
}

/** Makes the folder and marks it. @throws Problem if it is somebody else's or cannot be written */
export function claim(folder: string): void {
  refuseForeign(folder);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, MARKER), "The emulated AWS works here; this folder is deleted with it.\n");
  } catch (error) {
    throw new Problem(`${folder} cannot be written: ${(error as Error).message}`);
  }
}

/** Works on a marked folder while no other command does. @throws Problem if another one does */
export function aloneIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, LOCK);
  const busy = (owner: number) => {
    throw new Problem(
      `Another "npm run local" works in ${folder} (process ${String(owner)}), so nothing was changed; wait for it, or end it first. If that process is something else: delete ${lock}`,
    );
  };
  return alone(lock, busy, work);
}

/** Deletes what an earlier emulator has left in the folder, and nothing else. */
export function clear(folder: string): void {
  for (const name of LEFT) rmSync(join(folder, name), { recursive: true, force: true });
}

/** Deletes all that is ours in the folder, and the folder if nothing else is in it. */
export function forget(folder: string): void {
  clear(folder);
  for (const name of [MARKER, LOCK]) rmSync(join(folder, name), { force: true });
  if (existsSync(folder) && contentsOf(folder).length === 0) rmdirSync(folder);
}

/** Whether a file belongs to the emulator that runs here, and to no copy of the folder. */
export const isOfOneRun = (name: string) => [NOTE, PLAYGROUND_NOTE, LOCK, "images", "servers"].includes(name);

function contentsOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Problem(`${folder} is not a folder that can be read: ${(error as Error).message}`);
  }
}
