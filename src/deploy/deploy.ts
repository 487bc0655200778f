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

/**
 * Runs `cdktf deploy`, and then reads into the state the attributes that AWS has set since each resource was created (a security
 * group lists its rules only after they exist), so that a later plan shows as drift only what was changed outside of Terraform.
 *
 * @returns the drift before this deploy, a line each: this deploy reverts it, or keeps it where the attribute is not managed
 */
export async function deploy(workspace: Workspace, onLine: Listener): Promise<string[]> {
  const { environment } = workspace;
  await prepare(workspace, onLine);
  // If this fails, the deploy below fails as well and reports why.
  const drift = await driftIn(workspace, onLine, [0, FAILED]);
  await cdktf("deploy", workspace, environment, onLine);
  await takeIn(workspace, onLine);
  return drift;
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
  return driftIn(workspace, onLine, [0]);
}

/** Synthesizes an environment, and makes its folder ready for Terraform. */
export async function prepare(workspace: Workspace, onLine?: Listener): Promise<void> {
  await synth(workspace);
  await terraform(workspace, workspace.environment, ["init", "-input=false"], [0], onLine);
}

/** @param expected exit codes; if the plan fails with an expected one, no drift is returned */
async function driftIn(workspace: Workspace, onLine: Listener, expected: readonly number[]): Promise<string[]> {
  const { environment } = workspace;
  const file = join(stackFolder(workspace, environment), "drift.tfplan");
  try {
    const args = ["plan", "-refresh-only", "-input=false", "-out", file];
    if ((await terraform(workspace, environment, args, expected, onLine)).code === FAILED) return [];
    return driftOf(readPlan(await terraformJson<PlanJson>(workspace, environment, ["show", "-json", file])));
  } finally {
    rmSync(file, { force: true });
  }
}

/** Reads the attributes that AWS has set into the state. */
async function takeIn(workspace: Workspace, onLine: Listener): Promise<void> {
  const args = ["apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color"];
  await terraform(workspace, workspace.environment, args, [0], onLine);
}
