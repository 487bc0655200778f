/** Plans an environment, or reads a saved plan. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Problem } from "../machine/problem";
import { jsonOf, readBytes, textOf } from "../machine/read-text";
import { run, type Listener } from "../machine/run";
import { failureOf, notAPlan } from "../terraform/documents";
import { readPlan, type Plan } from "../terraform/plan";
import type { PlanJson } from "../terraform/plan-json";
import { constructPaths } from "../terraform/stack";
import { CHANGES, PLAN, terraform, terraformJson } from "./cdktf";
import { prepare } from "./deploy";
import { refuseForeignVariables } from "./shell";
import { stackFolder, type Workspace } from "./workspace";

export interface Planned {
  readonly plan: Plan;
  /** Path of the construct of each address, if the synthesized stack is available. */
  readonly paths: Readonly<Record<string, string>>;
}

interface FreshPlan extends Planned {
  /** Terraform's description of the plan, without the lines about what it reads. */
  readonly text: string;
  /** `CHANGES`, or 0 if there are none. */
  readonly code: number;
}

/** Plans an environment with Terraform. @param kept file to save the plan in, for `terraform apply` */
export async function planOf(workspace: Workspace, onLine: Listener, kept?: string): Promise<FreshPlan> {
  const { environment } = workspace;
  await prepare(workspace, onLine);
  const folder = stackFolder(workspace, environment);
  const file = kept === undefined ? join(folder, "plan.tfplan") : resolve(kept);
  try {
    const { output, code } = await terraform(workspace, environment, [...PLAN, "-out", file], [0, CHANGES], onLine);
    const plan = readPlan(await terraformJson<PlanJson>(workspace, environment, ["show", "-json", file]));
    return { plan, paths: constructPaths(folder), text: withoutReading(output), code };
  } finally {
    if (kept === undefined) rmSync(file, { force: true });
  }
}

/** A plan file of Terraform's is a zip archive. */
const ARCHIVE = Buffer.from("PK\u0003\u0004");
export const isArchive = (bytes: Buffer) => bytes.subarray(0, ARCHIVE.length).equals(ARCHIVE);

/**
 * Reads a plan, whatever its file is called: a plan file of Terraform's, or the output of `terraform show -json`.
 *
 * @param outputs folders of synthesized stacks: for a plan file, Terraform needs the providers of the stack that it is of
 * @throws Problem if there is no such file, it is not a plan, or the planning failed
 */
export async function planIn(file: string, env: NodeJS.ProcessEnv, outputs: readonly string[] = []): Promise<Planned> {
  if (!existsSync(file)) throw new Problem(`There is no plan ${file}`);
  refuseForeignVariables(env, "files");
  const bytes = readBytes(file);
  const own = dirname(resolve(file));
  const folders = [own, ...outputs.flatMap((output) => initialised(join(output, "stacks")))];
  const text = isArchive(bytes) ? await shownIn(folders, file, env) : textOf(bytes, file);
  const plan = readPlan(planJsonIn(text, file));
  const stack = [own, ...outputs.map((output) => join(output, "stacks", plan.after.environment ?? ""))].find((folder) =>
    existsSync(join(folder, "cdk.tf.json")),
  );
  return { plan, paths: stack === undefined ? {} : constructPaths(stack) };
}

/** The JSON of a plan. @throws Problem saying what it is if it is not a plan, or why its planning failed */
export function planJsonIn(text: string, file: string): PlanJson {
  const document = jsonOf(text, file);
  const other = notAPlan(document);
  if (other !== undefined) throw new Problem(`${file} ${other}`);
  const plan = document as PlanJson;
  const failure = failureOf(plan);
  if (failure !== undefined) throw new Problem(`${file}: the planning failed, so this is no plan to apply\n${failure}`);
  return plan;
}

/** The folders of stacks in which `terraform init` has installed the providers. */
function initialised(stacks: string): string[] {
  const names = existsSync(stacks) ? readdirSync(stacks) : [];
  return names.map((name) => join(stacks, name)).filter((folder) => existsSync(join(folder, ".terraform")));
}

/** What Terraform shows of a plan file, in the first folder that has its providers. */
async function shownIn(folders: readonly string[], file: string, env: NodeJS.ProcessEnv): Promise<string> {
  let output = "";
  for (const cwd of folders) {
    const shown = await run("terraform", ["show", "-json", "-no-color", resolve(file)], { cwd, env });
    if (shown.code === 0) return shown.stdout;
    output = shown.output.trim();
  }
  const cure = output.includes("provider")
    ? ": no stack here has its providers; npm run plan -- ENV gets those of an environment"
    : "";
  throw new Problem(`${file}: Terraform cannot show it${cure}\n${output}`);
}

const withoutReading = (output: string) =>
  output
    .split("\n")
    .filter((line) => !/: (Reading|Refreshing state|Read complete)/.test(line))
    .join("\n")
    .trim();
