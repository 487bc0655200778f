/** A Python with moto, in a virtual environment that makes itself. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "../problem";
import { run } from "../run";

const MOTO = "5.2.1";

/** Longer than an installation takes. */
const STALE_SECONDS = 300;

/**
 * The environment's interpreter. An installed moto of the right version serves; only without one is the network needed.
 *
 * @param python interpreter to make it with
 * @param folder where it is, or is to be
 * @throws Problem if it cannot be made
 */
export async function pythonWithMoto(python: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const interpreter =
    process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
  await alone(`${folder}.lock`, async () => {
    if (!existsSync(interpreter)) await must(python, ["-m", "venv", "--system-site-packages", folder]);
    if (!(await hasMoto())) await must(interpreter, ["-m", "pip", "install", "--quiet", `moto[server]==${MOTO}`]);
  });
  return interpreter;

  async function hasMoto(): Promise<boolean> {
    const check = `import importlib.metadata as m, flask, flask_cors; assert m.version("moto") == "${MOTO}"`;
    return (await run(interpreter, ["-c", check], { env })).code === 0;
  }

  async function must(program: string, args: readonly string[]): Promise<void> {
    const { code, output } = await run(program, args, { env });
    if (code === 0) return;
    const why = output.trim().split("\n").at(-1) ?? "";
    throw new Problem(`moto ${MOTO}, the emulated AWS, cannot be installed in ${folder}: ${why}`);
  }
}

/** Works while no other process does: two that make one environment at a time break it. A folder is the lock. */
async function alone(lock: string, work: () => Promise<void>): Promise<void> {
  for (let tries = 0; !taken(lock); tries++) {
    if (tries > STALE_SECONDS * 5) rmSync(lock, { recursive: true, force: true }); // its owner was killed
    await pause(200);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
