/** GitHub's workflows as the files say them: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly unknown[]>> };
  readonly environment?: string;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: object;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export const FOLDER = join(__dirname, "..", "..", ".github", "workflows");

/** @param name such as `plan` */
export function readWorkflow(name: string): Workflow {
  return parse(readFileSync(join(FOLDER, `${name}.yml`), "utf8")) as Workflow;
}

/** The only job of a workflow. */
export function jobOf(name: string): Job {
  const [job, more] = Object.values(readWorkflow(name).jobs);
  if (job === undefined || more !== undefined) throw new Error(`${name}.yml: one job was expected`);
  return job;
}
