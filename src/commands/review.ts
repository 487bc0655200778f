/** Reviews what a deploy would change, or a plan that is there already. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { environments } from "../config/environments";
import type { Settings } from "../config/schema";
import type { CostDifference } from "../plan-review/cost-difference";
import { markdown } from "../plan-review/markdown";
import { exitCodeOf, review, type Review } from "../plan-review/review";
import { suppressionsOf, type Suppression } from "../plan-review/suppressions";
import { terminal } from "../plan-review/terminal";
import { Problem } from "../machine/problem";
import { run } from "../machine/run";
import { stackOf, type Plan } from "../terraform/plan";
import { constructPaths, placeOf } from "../terraform/synthesized";
import { synth, terraform, terraformJson } from "../deploy/cdktf";
import { costDifference } from "./cost";
import { intended } from "./intended";
import { stackFolder, type Workspace } from "../deploy/workspace";
import { PROJECT } from "../machine/project";

export interface Reviewed {
  readonly text: string;
  readonly code: number;
}

interface Planned {
  readonly plan: Plan;
  readonly paths: Readonly<Record<string, string>>;
}

/** How a review is shown. */
export interface View {
  /** `markdown`, `terminal` or `json`. */
  readonly format: string;
  /** Whether a terminal gets colours. */
  readonly colour: boolean;
  /** Columns of a terminal. */
  readonly width: number;
}

/** @param settings of the environment that is planned; left out, those of the environment that the plan itself names */
export function reviewed(
  { plan, paths }: Planned,
  { format, colour, width }: View,
  settings = environmentOf(plan),
): Reviewed {
  const accepted = [...readSuppressions(), ...(settings === undefined ? [] : intended(plan, settings))];
  const result = review(plan, paths, accepted, new Date().toISOString().slice(0, 10));
  const renderers: Record<string, (review: Review, cost: CostDifference) => string> = {
    markdown,
    terminal: (review, cost) => terminal(review, { colour, width }, cost),
    json: (review, cost) => JSON.stringify({ ...review, cost }, null, 2),
  };
  const render = renderers[format];
  if (render === undefined)
    throw new Problem(`--format: ${format} must be one of ${Object.keys(renderers).join(", ")}`);
  return { text: render(result, costDifference(plan)), code: exitCodeOf(result) };
}

/** Plans an environment with the real Terraform. @param kept file to leave the plan in, for `terraform apply` */
export async function planOf(workspace: Workspace, kept?: string): Promise<Planned> {
  const { environment } = workspace;
  await synth(workspace);
  await terraform(workspace, environment, ["init", "-input=false"]);
  const folder = stackFolder(workspace, environment);
  const file = kept === undefined ? join(folder, "review.tfplan") : resolve(kept);
  try {
    await terraform(workspace, environment, ["plan", "-input=false", "-no-color", "-out", file]);
    return {
      plan: await terraformJson<Plan>(workspace, environment, ["show", "-json", file]),
      paths: constructPaths(folder),
    };
  } finally {
    if (kept === undefined) rmSync(file, { force: true });
  }
}

/** A plan file of Terraform's, which is shown in the folder it lies in, or what `terraform show -json` made of one. */
export async function planIn(file: string, env: NodeJS.ProcessEnv): Promise<Planned> {
  const cwd = dirname(resolve(file));
  const paths = existsSync(join(cwd, "cdk.tf.json")) ? constructPaths(cwd) : {};
  if (file.endsWith(".json")) return { plan: parsed(textIn(file), file), paths };
  const shown = await run("terraform", ["show", "-json", resolve(file)], { cwd, env });
  if (shown.code !== 0)
    throw new Problem(
      `${file}: Terraform cannot show it; it wants the initialised folder of the stack\n${shown.output.trim()}`,
    );
  return { plan: parsed(shown.stdout, file), paths };
}

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Problem(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function parsed(text: string, file: string): Plan {
  try {
    const plan = JSON.parse(text) as { format_version?: string };
    if (plan.format_version !== undefined) return plan as Plan;
  } catch {
    // said below
  }
  throw new Problem(`${file} is not a plan as terraform show -json writes it`);
}

const environmentOf = (plan: Plan): Settings | undefined =>
  (environments as Readonly<Record<string, Settings>>)[placeOf(stackOf(plan)).environment ?? ""];

function readSuppressions(): Suppression[] {
  try {
    return suppressionsOf(JSON.parse(readFileSync(join(PROJECT, "policy-suppressions.json"), "utf8")));
  } catch (error) {
    throw new Problem(
      `policy-suppressions.json: each entry needs id, address, reason and expires (2026-12-31): ${String(error)}`,
    );
  }
}
