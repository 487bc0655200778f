/** Plans an environment, or reads a saved plan. */
import { existsSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { kindOf, textIn } from "../machine/files";
import { Problem } from "../machine/problem";
import { run, type Listener } from "../machine/run";
import { readPlan, type Plan } from "../terraform/plan";
import type { PlanJson } from "../terraform/plan-json";
import { constructPaths } from "../terraform/stack";
import { CHANGES, terraform, terraformJson } from "./cdktf";
import { prepare } from "./deploy";
import { refuseForeignVariables } from "./shell";
import { stackFolder, type Workspace } from "./workspace";

/** Arguments of a `terraform plan` that asks no questions, and whose exit code is `CHANGES` if there are changes. */
export const PLAN = ["plan", "-input=false", "-no-color", "-detailed-exitcode"];

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

/**
 * Reads a plan file, with Terraform in the file's folder, or the output of `terraform show -json`.
 *
 * @throws Problem if there is no such file, or it is not a plan
 */
export async function planIn(file: string, env: NodeJS.ProcessEnv): Promise<Planned> {
  if (!existsSync(file)) throw new Problem(`There is no plan ${file}`);
  refuseForeignVariables(env, "files");
  const cwd = dirname(resolve(file));
  const paths = existsSync(join(cwd, "cdk.tf.json")) ? constructPaths(cwd) : {};
  if (file.endsWith(".json")) return { plan: parsed(textIn(file), file), paths };
  if (kindOf(file) === "folder") throw new Problem(`${file} is a folder, not a file`);
  const shown = await run("terraform", ["show", "-json", resolve(file)], { cwd, env });
  if (shown.code !== 0)
    throw new Problem(
      `${file}: Terraform cannot show it; the plan has to be in the initialised folder of its stack\n${shown.output.trim()}`,
    );
  return { plan: parsed(shown.stdout, file), paths };
}

const withoutReading = (output: string) =>
  output
    .split("\n")
    .filter((line) => !/: (Reading|Refreshing state|Read complete)/.test(line))
    .join("\n")
    .trim();

function parsed(text: string, file: string): Plan {
  try {
    const plan = JSON.parse(text) as PlanJson;
    if (plan.format_version !== undefined) return readPlan(plan);
  } catch {
    // Reported below.
  }
  throw new Problem(`${file} is not a plan as terraform show -json writes it`);
}
