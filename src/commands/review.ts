/** Reviews what a deploy would change, or a plan that is there already. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CostDifference } from "../plan-review/cost-difference";
import { markdown } from "../plan-review/markdown";
import { exitCodeOf, review, type Review } from "../plan-review/review";
import { suppressionsOf, type Suppression } from "../plan-review/suppressions";
import { terminal } from "../plan-review/terminal";
import { Problem } from "../problem";
import { run } from "../run";
import type { Plan } from "../terraform/plan";
import { constructPaths } from "../terraform/synthesized";
import { synth, terraform, terraformJson } from "./cdktf";
import { PROJECT, stackFolder, type Workspace } from "./workspace";

export interface Reviewed {
  readonly text: string;
  readonly code: number;
}

interface Planned {
  readonly plan: Plan;
  readonly paths: Readonly<Record<string, string>>;
}

/** @param format `markdown`, `terminal` or `json`, @param colour whether a terminal gets colours */
export function reviewed(
  { plan, paths }: Planned,
  format: string,
  colour: boolean,
  intended: readonly Suppression[] = [],
): Reviewed {
  const suppressions = [...readSuppressions(), ...intended];
  const result = review(plan, paths, suppressions, new Date().toISOString().slice(0, 10));
  const cost: CostDifference | undefined = undefined; // the cost tool's answer for `plan` goes here
  const renderers: Record<string, (review: Review, cost?: CostDifference) => string> = {
    markdown,
    terminal: (review, cost) => terminal(review, colour, cost),
    json: (review, cost) => JSON.stringify({ ...review, ...(cost && { cost }) }, null, 2),
  };
  const render = renderers[format];
  if (render === undefined)
    throw new Problem(`--format: ${format} must be one of ${Object.keys(renderers).join(", ")}`);
  return { text: render(result, cost), code: exitCodeOf(result) };
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
  if (file.endsWith(".json")) return { plan: parsed(readFileSync(file, "utf8"), file), paths };
  const shown = await run("terraform", ["show", "-json", resolve(file)], { cwd, env });
  if (shown.code !== 0)
    throw new Problem(
      `${file}: Terraform cannot show it; it wants the initialised folder of the stack\n${shown.output.trim()}`,
    );
  return { plan: parsed(shown.stdout, file), paths };
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

/** SSH from the internet is what somebody decided where the environment's own setting says so; elsewhere it is not. */
export function intendedSsh({ settings }: Workspace, { paths }: Planned): Suppression[] {
  if (settings.bastion?.sshSources.includes("0.0.0.0/0") !== true) return [];
  return Object.entries(paths)
    .filter(([, path]) => path === "bastion-firewall/tcp-22-from-0.0.0.0-0")
    .map(([address]) => ({
      id: "ssh-from-internet",
      address,
      reason: "bastion.sshSources says so",
      expires: "9999-12-31",
    }));
}

function readSuppressions(): Suppression[] {
  try {
    return suppressionsOf(JSON.parse(readFileSync(join(PROJECT, "policy-suppressions.json"), "utf8")));
  } catch (error) {
    throw new Problem(
      `policy-suppressions.json: each entry needs id, address, reason and expires (2026-12-31): ${String(error)}`,
    );
  }
}
