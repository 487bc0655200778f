/** The Flask application on this machine: `serve` it with reload, or run Python in its virtual environment. */
import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { Problem } from "../src/machine/problem";
import { PYTHON, requirePrograms } from "../src/machine/requirements";
import { pipInstall, virtualEnvironment } from "../src/machine/virtual-environment";

export const WEBAPP = resolve(__dirname, "../webapp");

/**
 * The interpreter of the application's virtual environment, with all that its tests need. Made, and brought up to date, as necessary.
 *
 * @throws Problem if it cannot be
 */
export async function webappPython(): Promise<string> {
  const [python = "python3"] = await requirePrograms([PYTHON], process.env);
  const interpreter = await virtualEnvironment(python, join(WEBAPP, ".venv"), process.env);
  const requirements = join(WEBAPP, "requirements-dev.txt");
  // One retry: without a network each package would otherwise wait for half a minute, even if a local index has it.
  const args = ["--quiet", "--retries", "1", "--requirement", requirements];
  await pipInstall(interpreter, args, "What the application needs", process.env);
  return interpreter;
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
