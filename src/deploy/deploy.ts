/** Deploys an environment, from its settings or from a saved plan. */
import type { Listener } from "../machine/run";
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { ENVIRONMENT_TAG, tagsOf } from "../aws/names";
import { Problem } from "../machine/problem";
import { driftOf } from "../terraform/drift";
import { readPlan } from "../terraform/plan";
import type { PlanJson } from "../terraform/plan-json";
import { cdktf, FAILED, synth, terraform, terraformJson } from "./cdktf";
import { stackFolder, type Workspace } from "./workspace";

/** @returns what had been changed outside of Terraform until now, a line each: this deploy reverts it, or keeps it */
export async function deploy(workspace: Workspace, onLine: Listener): Promise<string[]> {
  await synth(workspace);
  return (await deploySynthesized(workspace, onLine)).drift;
}

/**
 * Runs `cdktf deploy`, and then reads into the state the attributes that AWS has set since each resource was created (a security
 * group lists its rules only after they exist), so that a later plan shows as drift only what was changed outside of Terraform.
 *
 * @returns the drift that it found, and whether there was anything to change or to store
 */
export async function deploySynthesized(
  workspace: Workspace,
  onLine: Listener,
): Promise<{ drift: string[]; changed: boolean }> {
  const { environment } = workspace;
  await init(workspace, onLine);
  // Where it fails, the deploy itself is about to say why.
  const outside = await refreshed(workspace, onLine, [0, FAILED]);
  const { output } = await cdktf("deploy", workspace, environment, onLine);
  const changed = !(outside.same && output.includes("Resources: 0 added, 0 changed, 0 destroyed"));
  if (changed) await takeIn(workspace, onLine);
  return { drift: outside.drift, changed };
}

/** Deletes everything of an environment. */
export async function destroy(workspace: Workspace, onLine: Listener): Promise<void> {
  await synth(workspace);
  await cdktf("destroy", workspace, workspace.environment, onLine);
}

/**
 * Applies a plan that `npm run review -- ENV --out FILE` has saved: exactly what was planned then, whatever the settings are now.
 *
 * @throws Problem if there is no such plan, it is another environment's, or the state has changed since it was made
 */
export async function deployPlan(workspace: Workspace, kept: string, onLine: Listener): Promise<void> {
  const { environment, settings } = workspace;
  const file = resolve(kept);
  if (!existsSync(file)) throw new Problem(`There is no plan ${kept}`);
  await prepare(workspace, onLine);
  // The plan names the state that it was made for, so the folder in which it is applied does not matter.
  const plan = readPlan(await terraformJson<PlanJson>(workspace, environment, ["show", "-json", file]));
  const planned = plan.after.environment;
  const wanted = tagsOf(environment, settings.tags)[ENVIRONMENT_TAG] ?? environment;
  if (planned !== wanted)
    throw new Problem(`${kept} is a plan for ${planned ?? "something else"}, not for ${wanted}; nothing was changed`);
  await terraform(workspace, environment, ["apply", "-input=false", "-no-color", file], [0], onLine);
  await takeIn(workspace, onLine);
}

/** The drift since the last deploy, a line each. */
export async function drift(workspace: Workspace, onLine: Listener): Promise<string[]> {
  await prepare(workspace, onLine);
  return (await refreshed(workspace, onLine, [0])).drift;
}

/** Synthesizes an environment, and makes its folder ready for Terraform. */
export async function prepare(workspace: Workspace, onLine?: Listener): Promise<void> {
  await synth(workspace);
  await init(workspace, onLine);
}

async function init(workspace: Workspace, onLine?: Listener): Promise<void> {
  await terraform(workspace, workspace.environment, ["init", "-input=false"], [0], onLine);
}

/**
 * Compares the state with what exists.
 *
 * @param expected exit codes
 * @returns the drift, a line each, and whether the state is the same as what exists: not every difference is drift
 */
async function refreshed(
  workspace: Workspace,
  onLine: Listener,
  expected: readonly number[],
): Promise<{ drift: string[]; same: boolean }> {
  const { environment } = workspace;
  const file = join(stackFolder(workspace, environment), "drift.tfplan");
  try {
    const args = ["plan", "-refresh-only", "-input=false", "-out", file];
    const { code, output } = await terraform(workspace, environment, args, expected, onLine);
    if (code === FAILED) return { drift: [], same: false };
    if (output.includes("Your infrastructure still matches the configuration")) return { drift: [], same: true };
    const plan = readPlan(await terraformJson<PlanJson>(workspace, environment, ["show", "-json", file]));
    return { drift: driftOf(plan), same: false };
  } finally {
    rmSync(file, { force: true });
  }
}

/** What AWS has filled in is stored in the state. */
async function takeIn(workspace: Workspace, onLine: Listener): Promise<void> {
  const args = ["apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color"];
  await terraform(workspace, workspace.environment, args, [0], onLine);
}
