/** `npm run bench:webapp`: the application under load, beside a plain Flask app under `gunicorn -w 2`. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { webappPython, WEBAPP } from "../scripts/webapp";

const AUTOCANNON = join(__dirname, "../node_modules/.bin/autocannon");
const ROUNDS = 3;
const SECONDS = 3;
const CONNECTIONS = [1, 32, 128];
const PATHS = ["/", "/cpu", "/dashboard"];

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

async function serve(python: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const parameters = ["-m", "gunicorn", "--bind", `127.0.0.1:${String(port)}`, ...args];
  running.push(spawn(python, parameters, { cwd, env: { ...process.env, ...env }, stdio: "ignore" }));
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(url).then((answer) => answer.ok, () => false)) return url; // prettier-ignore
    await pause(100);
  }
  throw new Error(`${args.join(" ")} does not serve`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The cookie of somebody who is logged in. */
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

function measure({ url, cookie }: Candidate, path: string, connections: number): Run {
  // `/` is what strangers see: logged in, it leads on to the dashboard.
  const headers = path === "/" ? [] : ["--headers", `cookie=${cookie}`];
  const args = ["--json", "-c", String(connections), "-d", String(SECONDS), ...headers, url + path];
  const { stdout } = spawnSync(AUTOCANNON, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  interface Report {
    readonly requests: { readonly average: number };
    readonly latency: { readonly p50: number; readonly p99: number };
    readonly errors: number;
    readonly non2xx: number;
  }
  const { requests, latency, errors, non2xx } = JSON.parse(stdout) as Report;
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99, failed: errors + non2xx };
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function row(name: string, runs: readonly Run[]): string {
  const range = (key: keyof Run) => {
    const all = runs.map((run) => run[key]);
    return `${median(all).toFixed(0)} (${Math.min(...all).toFixed(0)}-${Math.max(...all).toFixed(0)})`;
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
    const python = await webappPython();
    const ours = await serve(python, ["--config", "gunicorn.conf.py", "web_app.wsgi:app"], WEBAPP, {
      SECRET_KEY: "for the benchmark alone, for the benchmark alone",
      RUN_DIR: folder,
      AWS_EC2_METADATA_DISABLED: "true",
    });
    const plain = await serve(python, ["-w", "2", "--no-control-socket", "plain_app:app"], __dirname, {});
    const candidates: readonly Candidate[] = [
      { name: "ours", url: ours, cookie: await logIn(ours) },
      { name: "plain", url: plain, cookie: "" },
    ];
    process.stdout.write(
      `${String(cpus().length)} cores, shared with the load; ${String(ROUNDS)} interleaved runs of ${String(SECONDS)} s: median (range)\n` +
        `ours: gunicorn.conf.py, 4 workers × 8 threads; plain: a bare Flask app under gunicorn -w 2 sync, the baseline\n\n`,
    );
    for (const path of PATHS) {
      for (const connections of CONNECTIONS) {
        const runs = candidates.map((): Run[] => []);
        for (let round = 0; round < ROUNDS; round++) {
          candidates.forEach((candidate, index) => runs[index]?.push(measure(candidate, path, connections)));
        }
        const [first = 0, second = 1] = runs.map((all) => median(all.map(({ perSecond }) => perSecond)));
        process.stdout.write(`${path}, ${String(connections)} connections\n`);
        process.stdout.write(`          requests/s            p50 ms                p99 ms\n`);
        candidates.forEach(({ name }, index) => process.stdout.write(`  ${row(name, runs[index] ?? [])}\n`));
        process.stdout.write(`  ours / plain: ${(first / second).toFixed(2)} of the requests per second\n\n`);
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
