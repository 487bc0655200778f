/** Runs a job's own shell steps as GitHub's runner does; what an action does (`uses:`) a test does in its place, or nobody. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { run } from "../../src/machine/run";
import type { Job, Step } from "./workflow";

/** By path, such as `github.token` or `steps.find.outputs.run`; what is not there is empty, as on GitHub. */
export type Context = Readonly<Record<string, string | boolean>>;

type Inputs = Readonly<Record<string, string>>;

export interface RunnerOptions {
  /** The checked out repository. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly context: Context;
  /** By the name of an action such as `actions/upload-artifact`. */
  readonly actions?: Readonly<Record<string, (inputs: Inputs) => void>>;
  /** Steps that are left out, by name. */
  readonly skip?: readonly string[];
  /** Names of the steps to run, where it is not all of them. */
  readonly only?: readonly string[];
  /** What happens just before a step, by its name. */
  readonly before?: Readonly<Record<string, () => void>>;
}

export interface JobRun {
  /** Whether the job's own condition let it run. */
  readonly started: boolean;
  readonly failed: boolean;
  /** Names of the steps that ran, the failed one last. */
  readonly ran: readonly string[];
  readonly output: string;
  readonly summary: string;
  /** Of the last step that ran. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** All steps of a job up to the first that fails. */
export async function runJob(job: Job, options: RunnerOptions): Promise<JobRun> {
  const { cwd, actions = {}, skip = [], only, before = {} } = options;
  const context: Record<string, string | boolean> = { ...options.context };
  const files = mkdtempSync(join(tmpdir(), "runner-"));
  const [outputs, summary, script] = ["outputs", "summary", "script"].map((name) => join(files, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(summary, "");
  const ran: string[] = [];
  let output = "";
  let last: Record<string, string> = {};
  const done = (started: boolean, failed: boolean) => {
    const result = { started, failed, ran, output, summary: readFileSync(summary, "utf8"), outputs: last };
    rmSync(files, { recursive: true });
    return result;
  };

  if (job.if !== undefined && !isTrue(job.if, context)) return done(false, false);
  const jobEnv = {
    ...options.env,
    ...filledIn(job.env, context),
    GITHUB_OUTPUT: outputs,
    GITHUB_STEP_SUMMARY: summary,
  };
  for (const step of job.steps) {
    if (only?.includes(nameOf(step)) === false) continue;
    if (step.if !== undefined && !isTrue(step.if, context)) continue;
    if (step.uses !== undefined) actions[step.uses.split("@")[0] ?? ""]?.(filledIn(step.with, context));
    if (step.run === undefined || skip.includes(nameOf(step))) continue;
    before[nameOf(step)]?.();
    ran.push(nameOf(step));
    writeFileSync(outputs, "");
    writeFileSync(script, step.run);
    const env = { ...jobEnv, ...filledIn(step.env, context) };
    const finished = await run("bash", ["--noprofile", "--norc", "-e", script], { cwd, env, ownGroup: true });
    output += finished.output;
    if (finished.code !== 0) return done(true, true);
    const said = readFileSync(outputs, "utf8").matchAll(/^(\w+)=(.*)$/gm);
    last = Object.fromEntries([...said].map(([, key = "", value = ""]) => [key, value] as const));
    for (const [key, value] of Object.entries(last)) context[`steps.${step.id ?? ""}.outputs.${key}`] = value;
  }
  return done(true, false);
}

const nameOf = ({ name }: Step) => name ?? "";

/** Values with their `${{ … }}` filled in. */
function filledIn(values: Readonly<Record<string, unknown>> = {}, context: Context): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      String(value).replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluated(expression, context))),
    ]),
  );
}

const isTrue = (expression: string, context: Context) => Boolean(evaluated(expression, context));

/** The part of GitHub's expressions that is JavaScript's, too: paths, texts in single quotes, `==`, `!=`, `&&`, `||`. */
function evaluated(expression: string, context: Context): unknown {
  const known = expression.replaceAll(/'[^']*'|[a-z]+(?:\.[\w-]+)+/g, (part) =>
    part.startsWith("'") ? part : JSON.stringify(context[part] ?? ""),
  );
  return runInNewContext(known);
}
