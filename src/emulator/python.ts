/** A Python with moto, in a virtual environment that makes itself. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { alone } from "../machine/alone";
import { Problem } from "../machine/problem";
import { run } from "../machine/run";

const MOTO = "5.2.1";

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
      // Half an environment, as a kill leaves it, has an interpreter without pip: it is created again.
      const whole = existsSync(interpreter) && (await run(interpreter, ["-m", "pip", "--version"], { env })).code === 0;
      if (!whole) {
        rmSync(folder, { recursive: true, force: true });
        await must(python, ["-m", "venv", "--system-site-packages", folder]);
      }
      if (!(await hasMoto())) await must(interpreter, ["-m", "pip", "install", "--quiet", `moto[server]==${MOTO}`]);
    },
  );
  return interpreter;

  async function hasMoto(): Promise<boolean> {
    const check = `import importlib.metadata as m, flask, flask_cors; assert m.version("moto") == "${MOTO}"`;
    return (await run(interpreter, ["-c", check], { env })).code === 0;
  }

  async function must(program: string, args: readonly string[]): Promise<void> {
    const { code, output } = await run(program, args, { env });
    if (code === 0) return;
    const why = output.trim().split("\n").at(-1) ?? "";
    throw new Problem(
      `moto ${MOTO}, the emulated AWS, cannot be installed in ${folder}: ${why} (on Debian and Ubuntu: apt-get install python3-venv)`,
    );
  }
}
