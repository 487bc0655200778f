/** A Python virtual environment in a folder of the project, and what pip installs into it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "./problem";
import { run } from "./run";

/**
 * The interpreter of the environment. One that is half made, as a kill leaves it, or that another Python has made, is made again.
 *
 * @param python to make it with
 * @param options of `python -m venv`
 * @throws Problem if it cannot be made
 */
export async function virtualEnvironment(
  python: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  options: readonly string[] = [],
): Promise<string> {
  const interpreter = join(folder, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));
  const [wanted, found] = await Promise.all([
    run(python, ["-c", WHICH], { env }),
    run(interpreter, ["-c", `import pip; ${WHICH}`], { env }),
  ]);
  if (found.code === 0 && found.stdout === wanted.stdout) return interpreter;
  rmSync(folder, { recursive: true, force: true });
  const { code, output } = await run(python, ["-m", "venv", ...options, folder], { env });
  if (code === 0) return interpreter;
  const cure = /ensurepip|No module named '?venv/.test(output)
    ? " (on Debian and Ubuntu: apt-get install python3-venv)"
    : "";
  throw new Problem(`${folder}, a virtual environment, cannot be made with ${python}: ${lastLine(output)}${cure}`);
}

/** The version and the place of the Python that is behind a virtual environment. */
const WHICH = "import sys; print(sys.version_info[:2], sys.base_prefix)";

/** @param what is installed, for the message @throws Problem with pip's error */
export async function pipInstall(
  interpreter: string,
  args: readonly string[],
  what: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { code, output } = await run(interpreter, ["-m", "pip", "install", "--quiet", ...args], { env });
  if (code === 0) return;
  // After its errors pip recommends a newer pip.
  const errors = output.split("\n").filter((line) => line.startsWith("ERROR: "));
  const cure = OFFLINE.test(output) ? "; pip downloads from pypi.org, or from an index that PIP_INDEX_URL names" : "";
  throw new Problem(`${what} cannot be installed: ${lastLine(errors.join("\n") || output)}${cure}`);
}

const OFFLINE =
  /No matching distribution|Could not find a version|Connection|ConnectTimeout|ProxyError|SSLError|Max retries/;

const lastLine = (output: string) => output.trim().split("\n").at(-1) ?? "";
