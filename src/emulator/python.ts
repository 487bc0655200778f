/** A Python with moto, in a virtual environment that makes itself. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { alone } from "../machine/alone";
import { Problem } from "../machine/problem";
import { run } from "../machine/run";

const MOTO = "5.2.1";

const VENV = "on Debian and Ubuntu: apt-get install python3-venv";
const PIP = "it comes from pypi.org: behind a proxy set HTTPS_PROXY, for another index PIP_INDEX_URL";

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
  await alone(
    `${folder}.lock`,
    () => pause(200),
    async () => {
      if (!(await isWhole())) {
        rmSync(folder, { recursive: true, force: true });
        await must(python, ["-m", "venv", "--system-site-packages", folder], VENV);
      }
      if (!(await hasMoto()))
        await must(interpreter, ["-m", "pip", "install", "--quiet", `moto[server]==${MOTO}`], PIP);
    },
  );
  return interpreter;

  /** Half an environment, as a kill leaves it, has no pip; one that was made with another Python is not the one that was asked for. */
  async function isWhole(): Promise<boolean> {
    if (!existsSync(interpreter)) return false;
    const origin = "import sys; print(sys.base_prefix, sys.version)";
    const [pip, theirs, ours] = await Promise.all([
      run(interpreter, ["-m", "pip", "--version"], { env }),
      run(interpreter, ["-c", origin], { env }),
      run(python, ["-c", origin], { env }),
    ]);
    return pip.code === 0 && theirs.code === 0 && theirs.stdout === ours.stdout;
  }

  async function hasMoto(): Promise<boolean> {
    const check = `import importlib.metadata as m, flask, flask_cors; assert m.version("moto") == "${MOTO}"`;
    return (await run(interpreter, ["-c", check], { env })).code === 0;
  }

  async function must(program: string, args: readonly string[], cure: string): Promise<void> {
    const { code, output } = await run(program, args, { env });
    if (code === 0) return;
    const why = output.trim().split("\n").at(-1) ?? "";
    throw new Problem(`moto ${MOTO}, the emulated AWS, cannot be installed in ${folder}: ${why} (${cure})`);
  }
}
