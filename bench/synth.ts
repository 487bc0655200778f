/** `npm run bench`: the time and memory of a synth, compared with ts-node with types and the provider's package index. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { columns } from "../src/machine/table";
import { withIndexImports } from "./index-imports";

const PROJECT = resolve(__dirname, "..");
const WORK = join(PROJECT, ".local", "bench");
const INDEX = join(WORK, "index");
/** Packages that only this benchmark needs are installed beside it, so that they do not pin the project's versions. */
const TOOLS = join(WORK, "tools");
const TOOL_VERSIONS = ["ts-node@10.9.2", "@swc/core@1.16.18"];
const RUNS = 5;

interface Candidate {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

interface Measured {
  readonly milliseconds: number;
  readonly megabytes: number;
  readonly synthesized: string;
}

const { app } = JSON.parse(readFileSync(join(PROJECT, "cdktf.json"), "utf8")) as { app: string };
const TS_NODE = join(TOOLS, "node_modules", "ts-node", "dist", "bin.js");
const REGISTER = join(TOOLS, "node_modules", "ts-node", "register");
const bin = (name: string) => join(PROJECT, "node_modules", ".bin", name);
const APP = "app alone, as in cdktf.json";
const BASELINE = "ts-node with types, package index";

const candidates: readonly Candidate[] = [
  { name: APP, command: app.split(" ") },
  { name: "node --import tsx", command: ["node", "--import", "tsx", "main.ts"] },
  { name: "ts-node with swc", command: ["node", TS_NODE, "--swc", "main.ts"] },
  { name: "ts-node with types", command: ["node", "-r", REGISTER, "main.ts"] },
  { name: BASELINE, command: ["node", "-r", REGISTER, "main.ts"], cwd: INDEX },
  { name: "cdktf synth", command: [bin("cdktf"), "synth"], env: { CHECKPOINT_DISABLE: "1" } },
  ...[1, 10, 50].map((count) => ({
    name: `${String(count)} environments`,
    command: [...app.split(" ").slice(0, -1), "bench/environments.ts", String(count)],
  })),
];

function measure({ name, command, cwd = PROJECT, env = {} }: Candidate): Measured {
  const folder = mkdtempSync(join(WORK, "run-"));
  const [program = "", ...args] = command;
  const started = performance.now();
  const { status, stderr } = spawnSync(program, name === "cdktf synth" ? [...args, "--output", folder] : args, {
    cwd,
    encoding: "utf8",
    env: {
      ...process.env,
      ...env,
      CDKTF_OUTDIR: folder,
      PEAK_MEMORY: join(folder, "peak"),
      NODE_OPTIONS: `--require ${join(__dirname, "peak-memory.cjs")}`,
    },
  });
  const milliseconds = performance.now() - started;
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  const peaks = readdirSync(folder).filter((file) => file.startsWith("peak."));
  const kibibytes = Math.max(...peaks.map((file) => Number(readFileSync(join(folder, file), "utf8"))));
  const stack = join(folder, "stacks", "production", "cdk.tf.json");
  const synthesized = name.endsWith("environments") ? "" : readFileSync(stack, "utf8");
  rmSync(folder, { recursive: true });
  return { milliseconds, megabytes: kibibytes / 1024, synthesized };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

function keepsSourceMaps({ command, env = {} }: Candidate): boolean {
  const { stderr } = spawnSync(command[0] ?? "", [...command.slice(1, -1), "bench/throws.ts"], {
    cwd: PROJECT,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return stderr.includes("throws.ts:9");
}

function main(): void {
  mkdirSync(WORK, { recursive: true });
  spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", TOOLS, ...TOOL_VERSIONS], {
    stdio: "inherit",
  });
  withIndexImports(PROJECT, INDEX);
  const results = new Map<string, Measured[]>(candidates.map(({ name }) => [name, []]));
  for (let run = 0; run <= RUNS; run++) {
    for (const candidate of candidates) {
      if (process.stderr.isTTY)
        process.stderr.write(`\r\x1b[Kround ${String(run)} of ${String(RUNS)}: ${candidate.name}`);
      const measured = measure(candidate);
      if (run > 0) results.get(candidate.name)?.push(measured);
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

  const times = (name: string) => (results.get(name) ?? []).map(({ milliseconds }) => milliseconds);
  const memory = (name: string) => median((results.get(name) ?? []).map(({ megabytes }) => megabytes));
  const whole = (value: number) => String(Math.round(value));
  const baseline = median(times(BASELINE));
  const rows = candidates.map((candidate) => {
    const { name } = candidate;
    const time = median(times(name));
    const maps = candidate.command.at(-1) === "main.ts" ? (keepsSourceMaps(candidate) ? "yes" : "no") : "";
    return [
      name,
      whole(time),
      `${whole(Math.min(...times(name)))}–${whole(Math.max(...times(name)))}`,
      whole(memory(name)),
      (time / baseline).toFixed(2),
      maps,
    ];
  });
  const table = [["", "ms (median of 5)", "range", "MB at the peak", `ratio to ${BASELINE}`, "source maps"], ...rows];
  const print = (text: string) => process.stdout.write(`${text}\n`);
  print(columns(table, { right: [1, 2, 3, 4, 5] }));

  const further = (many: number) =>
    (median(times(`${String(many)} environments`)) - median(times("1 environments"))) / (many - 1);
  const same =
    new Set(
      candidates
        .filter(({ name }) => !name.endsWith("environments"))
        .map(({ name }) => results.get(name)?.[0]?.synthesized),
    ).size === 1;
  const verdict = (reached: boolean) => (reached ? "reached" : "missed");
  print("");
  print(
    `each further environment: ${further(10).toFixed(1)} ms (of 10), ${further(50).toFixed(1)} ms (of 50); reach 30: ${verdict(further(50) < 30)}`,
  );
  print(
    `app alone under a quarter of the baseline's time: ${verdict(median(times(APP)) < baseline / 4)}; under 150 MB: ${verdict(memory(APP) < 150)}`,
  );
  print(`all ways synthesize the same JSON: ${same ? "yes" : "NO"}`);
  print(`Node.js ${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? "CPU"}`);
  if (!same) process.exitCode = 1;
}

try {
  main();
} finally {
  rmSync(WORK, { recursive: true, force: true });
}
