/** The Flask application on this machine: `serve` it with reload, or run Python in its virtual environment. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { Problem } from "../src/machine/problem";
import { PYTHON, requirePrograms } from "../src/machine/requirements";

export const WEBAPP = resolve(__dirname, "../webapp");

/**
 * The interpreter of the application's virtual environment, with all that its tests need. Made, and brought up to date, as necessary.
 *
 * @throws Problem if it cannot be
 */
export async function webappPython(): Promise<string> {
  const [python = "python3"] = await requirePrograms([PYTHON], process.env);
  const interpreter = join(WEBAPP, ".venv", "bin", "python");
  const requirements = join(WEBAPP, "requirements-dev.txt");
  if (!existsSync(interpreter)) must(python, ["-m", "venv", join(WEBAPP, ".venv")]);
  // One retry: without a network each package would otherwise wait for half a minute, even if a local index has it.
  must(interpreter, ["-m", "pip", "install", "--quiet", "--quiet", "--retries", "1", "--requirement", requirements]);
  return interpreter;
}

function must(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (status === 0) return;
  const why = stderr.trim().split("\n").at(-1) ?? "";
  throw new Problem(`The application's Python packages cannot be installed in webapp/.venv: ${why}`);
}

/** Format and lint of all Python here. */
export const RUFF: readonly (readonly string[])[] = [
  ["-m", "ruff", "format", "--check", ".", "../bench", "../src"],
  ["-m", "ruff", "check", "--config", "pyproject.toml", ".", "../bench", "../src"],
];

/** gunicorn with the settings of a laptop; it starts its workers anew when a file changes. */
const SERVE = ["-m", "gunicorn", "--config", "gunicorn.conf.py", "--reload", "web_app.wsgi:app"];
const LAPTOP = {
  APP_ENV: "development",
  AWS_EC2_METADATA_DISABLED: "true",
  DRAIN_SECONDS: "0",
  HOST: "127.0.0.1",
  LOAD_DEMO: "1",
  PROXY_HOPS: "0",
};

/** 5000, as on a server, or the next one that is free. On a Mac 5000 is AirPlay's, which answers in the application's place. */
async function freePort(): Promise<number> {
  for (let port = process.platform === "darwin" ? 5001 : 5000; ; port++) {
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(port, LAPTOP.HOST, () => resolve(true));
    });
    server.close();
    if (free) return port;
  }
}

async function main([task, ...args]: readonly string[]): Promise<number> {
  const python = await webappPython();
  const run = (parameters: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync(python, parameters, { cwd: WEBAPP, stdio: "inherit", env: { ...env, ...process.env } }).status ?? 1;
  if (task === "serve") {
    const PORT = process.env["PORT"] ?? String(await freePort());
    process.stderr.write(`The application: http://${process.env["HOST"] ?? LAPTOP.HOST}:${PORT}\n`);
    return run([...SERVE, ...args], { ...LAPTOP, PORT });
  }
  if (task === "check") return Math.max(...RUFF.map((parameters) => run(parameters)));
  return run(["-m", "pytest", ...args]);
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
