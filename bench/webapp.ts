/** `npm run bench:webapp`: the application under load, beside a bare Flask application under the same configuration, both behind nginx. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Requirement, requirePrograms } from "../src/machine/requirements";
import { webappPython, WEBAPP } from "../scripts/webapp";
import { memoryMb, NGINX, startNginx } from "./nginx";

const ROUNDS = 3;
const SECONDS = 3;
const CONNECTIONS = [1, 32, 128];
const PATHS = ["/", "/status", "/dashboard"];

interface Candidate {
  readonly name: string;
  readonly url: string;
  readonly cookie: string;
}

interface Run {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

const running: ChildProcess[] = [];

/** gunicorn with our configuration, behind nginx or, without it, alone. */
async function serve(python: string, module: string, folder: string, nginx?: string): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  mkdirSync(folder);
  const env = {
    ...process.env,
    SECRET_KEY: "for the benchmark alone, for the benchmark alone",
    AWS_EC2_METADATA_DISABLED: "true",
    PYTHONPATH: __dirname,
    RUN_DIR: folder,
    HOST: "127.0.0.1",
    PORT: String(port),
    SOCKET: nginx === undefined ? "" : join(folder, "gunicorn.sock"),
  };
  const parameters = ["-m", "gunicorn", "--config", "gunicorn.conf.py", module];
  running.push(spawn(python, parameters, { cwd: WEBAPP, env, stdio: "ignore" }));
  if (nginx !== undefined) running.push(startNginx(nginx, folder, port));
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(url).then((answer) => answer.ok, () => false)) return url; // prettier-ignore
    await pause(100);
  }
  throw new Error(`${module} does not serve`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The session cookie after a login. */
async function logIn(url: string): Promise<string> {
  const cookieOf = (answer: Response) => answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  const form = await fetch(url);
  const token = /name="csrf_token" value="([^"]+)"/.exec(await form.text())?.[1] ?? "";
  const answer = await fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: cookieOf(form) },
    body: new URLSearchParams({ csrf_token: token, employee_id: "1" }),
  });
  if (answer.status !== 303) throw new Error(`The login was answered with ${String(answer.status)}`);
  return cookieOf(answer);
}

const WRK: Requirement = {
  name: "wrk",
  programs: ["wrk"],
  args: ["--version"],
  version: /wrk (?:debian\/)?(\d+\.\d+)/,
  least: "4.1",
  cure: "apt-get install wrk, brew install wrk, or https://github.com/wg/wrk",
};

/** wrk and not autocannon 8, which measures wrong latencies if the server closes each connection. */
function measure({ url, cookie }: Candidate, path: string, connections: number): Run {
  // `/` is requested without a login: with one, it redirects to the dashboard.
  const header = path === "/" ? [] : ["--header", `Cookie: ${cookie}`];
  const threads = String(Math.min(2, connections));
  const args = ["-t", threads, "-c", String(connections), "-d", `${String(SECONDS)}s`, "--latency", ...header];
  const { stdout } = spawnSync("wrk", [...args, url + path], { encoding: "utf8" });
  const found = (pattern: RegExp) => pattern.exec(stdout)?.slice(1) ?? [];
  const milliseconds = ([number, unit]: readonly string[]) =>
    Number(number) * ({ us: 0.001, ms: 1, s: 1000 }[unit ?? ""] ?? NaN);
  const [connect, read, write, timeout] = found(/connect (\d+), read (\d+), write (\d+), timeout (\d+)/);
  return {
    perSecond: Number(found(/Requests\/sec:\s+([\d.]+)/)[0]),
    p50: milliseconds(found(/50%\s+([\d.]+)(us|ms|s)/)),
    p99: milliseconds(found(/99%\s+([\d.]+)(us|ms|s)/)),
    failed: [connect, read, write, timeout, found(/Non-2xx or 3xx responses: (\d+)/)[0]]
      .map((count) => Number(count ?? 0))
      .reduce((sum, count) => sum + count, 0),
  };
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function row(name: string, runs: readonly Run[]): string {
  const range = (key: keyof Run) => {
    const all = runs.map((run) => run[key]);
    const shown = (number: number) => number.toFixed(key === "perSecond" ? 0 : 1);
    return `${shown(median(all))} (${shown(Math.min(...all))}-${shown(Math.max(...all))})`;
  };
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  return [
    name.padEnd(8),
    range("perSecond"),
    range("p50"),
    range("p99"),
    failed === 0 ? "" : `${String(failed)} failed`,
  ]
    .map((cell) => cell.padEnd(22))
    .join("")
    .trimEnd();
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-webapp-"));
  try {
    const [, nginx = "nginx"] = await requirePrograms([WRK, NGINX], process.env);
    const python = await webappPython();
    const ours = await serve(python, "web_app.wsgi:app", join(folder, "ours"), nginx);
    const memory = memoryMb(running.at(-1)?.pid ?? 0);
    const plain = await serve(python, "plain_app:app", join(folder, "plain"), nginx);
    const alone = await serve(python, "plain_app:app", join(folder, "alone"));
    const candidates: readonly Candidate[] = [
      { name: "ours", url: ours, cookie: await logIn(ours) },
      { name: "plain", url: plain, cookie: "" },
      { name: "alone", url: alone, cookie: "" },
    ];
    process.stdout.write(
      `${String(cpus().length)} cores, shared with the load; ${String(ROUNDS)} interleaved runs of ${String(SECONDS)} s: median (range)\n` +
        `ours: this application; plain: a bare Flask application; both under gunicorn.conf.py, behind nginx; alone: without nginx\n` +
        `memory of nginx: ${memory?.toFixed(1) ?? "?"} MB\n\n`,
    );
    for (const path of PATHS) {
      for (const connections of CONNECTIONS) {
        const runs = candidates.map((): Run[] => []);
        for (let round = 0; round < ROUNDS; round++) {
          candidates.forEach((candidate, index) => runs[index]?.push(measure(candidate, path, connections)));
        }
        const perSecond = runs.map((all) => median(all.map((run) => run.perSecond)));
        const ratio = ([first = 0, second = 1]: readonly number[]) => (first / second).toFixed(2);
        process.stdout.write(`${path}, ${String(connections)} connections\n`);
        process.stdout.write(`          requests/s            p50 ms                p99 ms\n`);
        candidates.forEach(({ name }, index) => process.stdout.write(`  ${row(name, runs[index] ?? [])}\n`));
        process.stdout.write(
          `  ours / plain: ${ratio(perSecond)} of the requests per second, ` +
            `${ratio(runs.map((all) => median(all.map(({ p99 }) => p99))))} of the p99\n` +
            `  plain / alone: ${ratio(perSecond.slice(1))} of the requests per second\n\n`,
        );
      }
    }
  } finally {
    for (const server of running) {
      server.kill("SIGINT");
      await once(server, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
