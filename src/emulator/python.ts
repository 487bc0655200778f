/** A Python with moto, in a virtual environment that makes itself. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { run } from "../machine/run";
import { pipInstall, virtualEnvironment } from "../machine/virtual-environment";

const MOTO = "5.2.1";

/**
 * The environment's interpreter. An installed moto of the right version serves; only without one is the network needed.
 *
 * @param python interpreter to make it with
 * @param folder where it is, or is to be
 * @throws Problem if it cannot be made
 */
export async function pythonWithMoto(python: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  return alone(`${folder}.lock`, async () => {
    const interpreter = await virtualEnvironment(python, folder, env, ["--system-site-packages"]);
    const check = `import importlib.metadata as m, flask, flask_cors; assert m.version("moto") == "${MOTO}"`;
    const { code } = await run(interpreter, ["-c", check], { env });
    if (code !== 0) await pipInstall(interpreter, [`moto[server]==${MOTO}`], `moto ${MOTO}, the emulated AWS,`, env);
    return interpreter;
  });
}

/** Works while no other process does: two that make one environment at a time break it. A file with the owner's id is the lock. */
async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  while (!taken(lock)) {
    if (!ownerLives(lock)) rmSync(lock, { recursive: true, force: true });
    await pause(200);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

/** Whether the process that took the lock is still there; a lock that is being written or removed counts as held. */
function ownerLives(lock: string): boolean {
  try {
    const owner = readFileSync(lock, "utf8");
    if (owner !== "") process.kill(Number(owner), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
