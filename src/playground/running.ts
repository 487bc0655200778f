/** The playground of a folder: starts it, finds it again, ends it. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ask, PLAYGROUND_NOTE, readNote, type Emulator } from "../emulator/note";
import { isAlive } from "../machine/alone";
import { Problem } from "../machine/problem";
import { PROJECT } from "../machine/project";
import type { Started } from "./process";

const START_SECONDS = 60;
const PROGRAM = join(__dirname, "process.ts");
/** Seconds of the emulated AWS in a real one. */
export const DEFAULT_SPEED = 10;
/** Beyond it the requests, which take real time, count for nothing. */
export const FASTEST = 100;

export const logOf = (folder: string) => join(folder, "playground.log");

/** The playground that runs with this folder, or nothing. */
export async function findPlayground(folder: string): Promise<Emulator | undefined> {
  const noted = readNote(folder, PLAYGROUND_NOTE);
  if (noted === undefined) return undefined;
  const answer = await ask(noted);
  return typeof answer === "string" ? undefined : { ...noted, pid: answer.pid };
}

/**
 * Starts a playground behind an emulator; it outlives this process, and ends with the emulator.
 *
 * @throws Problem if it does not answer, with the place of its log
 */
export async function startPlayground(started: Omit<Started, "id">, env: NodeJS.ProcessEnv): Promise<Emulator> {
  const id = randomUUID();
  const { folder } = started;
  const log = openSync(logOf(folder), "a");
  const child = spawn(process.execPath, ["--require", "tsx/cjs", PROGRAM, JSON.stringify({ ...started, id })], {
    cwd: PROJECT,
    stdio: ["ignore", log, log],
    detached: true,
    env: withoutAws(env),
  });
  closeSync(log);
  child.unref();
  const until = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const found = await findPlayground(folder);
    if (found?.id === id) return found;
    if (child.exitCode !== null || Date.now() > until)
      throw new Problem(`The servers behind the emulated AWS did not start; see ${logOf(folder)}`);
    await pause(100);
  }
}

/** Ends the playground and its servers, and waits until they are gone. */
export async function stopPlayground(folder: string): Promise<void> {
  const found = await findPlayground(folder);
  if (found === undefined) return;
  process.kill(found.pid);
  while ((await ask(found)) !== "gone" || isAlive(found.pid)) await pause(50);
}

/** The emulated AWS is reached without the user's account, which this process never sees. */
const withoutAws = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(AWS|TF)_/.test(name)));
