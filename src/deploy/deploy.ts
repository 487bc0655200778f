/** Deploys an environment, from its settings or from a saved plan. */
import type { Listener } from "../machine/run";
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Problem } from "../machine/problem";
import { driftOf } from "../terraform/drift";
import { readPlan } from "../terraform/plan";
import { resourceTypes } from "../resources/tables";
import { readStack, stackOf } from "../terraform/stack";
import { refuseProtected } from "./protection";
import { refuseExisting } from "./refuse-existing";
import type { PlanJson } from "../terraform/plan-json";
import {
  addressesInState,
  cdktfDeploy,
  CHANGES,
  PLAN,
  synth,
  terraform,
  terraformJson,
  terraformMessages,
} from "./cdktf";
import { stackFolder, type Workspace } from "./workspace";

/**
 * @returns what had been changed outside of Terraform until now, a line each: this deploy reverts it, or keeps it
 * @throws Problem, before anything is created, if the state is empty and what it would create exists
 */
export async function deploy(workspace: Workspace, onLine: Listener): Promise<string[]> {
  await synth(workspace);
  return (await deploySynthesized(workspace, onLine)).drift;
}

/**
 * Runs `cdktf deploy` if a plan finds anything to do, and then reads into the state the attributes that AWS has set since each
 * resource was created (a security group lists its rules only after they exist), so that a later plan shows as drift only what was
 * changed outside of Terraform.
 *
 * @returns the drift that it found, and whether there was anything to change or to store
 */
export async function deploySynthesized(
  workspace: Workspace,
  onLine: Listener,
): Promise<{ drift: string[]; changed: boolean }> {
  const { environment } = workspace;
  await init(workspace, onLine);
  const isNew = (await addressesInState(workspace, environment)).length === 0;
  if (isNew) await refuseExisting(workspace);
  const found = isNew ? { drift: [], same: false } : await compared(workspace, PLAN, onLine);
  if (found.same) return { drift: [], changed: false };
  await cdktfDeploy(workspace, environment, onLine);
  await takeIn(workspace, onLine);
  return { drift: found.drift, changed: true };
}

/**
 * Deletes everything of an environment.
 *
 * @throws Problem, before anything is deleted, if AWS is going to refuse to delete a resource: the rest of the site would be gone by then
 */
export async function destroy(workspace: Workspace, onLine: Listener): Promise<void> {
  const { environment } = workspace;
  await prepare(workspace, onLine);
  const folder = stackFolder(workspace, environment);
  const file = join(folder, "destroy.tfplan");
  try {
    await terraform(workspace, environment, [...PLAN, "-destroy", "-out", file], [0, CHANGES], onLine);
    const { before } = readPlan(await terraformJson<PlanJson>(workspace, environment, ["show", "-json", file]));
    refuseProtected(environment, [...stackOf(readStack(folder)).resources, ...before.resources], resourceTypes);
    await terraform(workspace, environment, ["apply", "-input=false", "-no-color", file], [0], onLine);
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Applies a plan that `npm run review -- ENV --out FILE` has saved: exactly what was planned then, whatever the settings are now.
 *
 * @throws Problem if there is no such plan, it is another environment's, or the state has changed since it was made
 */
export async function deployPlan(workspace: Workspace, kept: string, onLine: Listener): Promise<void> {
  const { environment } = workspace;
  const file = resolve(kept);
  if (!existsSync(file)) throw new Problem(`There is no plan ${kept}`);
  await prepare(workspace, onLine);
  // The plan names the state that it was made for, so the folder in which it is applied does not matter.
  const plan = readPlan(await terraformJson<PlanJson>(workspace, environment, ["show", "-json", file]));
  const planned = plan.after.environment;
  if (planned !== environment)
    throw new Problem(
      `${kept} is a plan for ${planned ?? "something else"}, not for ${environment}; nothing was changed`,
    );
  await terraform(workspace, environment, ["apply", "-input=false", "-no-color", file], [0], onLine);
  await takeIn(workspace, onLine);
}

/** The drift since the last deploy, a line each. */
export async function drift(workspace: Workspace, onLine: Listener): Promise<string[]> {
  await prepare(workspace, onLine);
  return (await compared(workspace, [...PLAN, "-refresh-only"], onLine)).drift;
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
 * @param plan arguments of the `terraform plan` that does it
 * @returns the drift, a line each, and whether there is nothing to change and nothing to store: not every difference is drift
 */
async function compared(
  workspace: Workspace,
  plan: readonly string[],
  onLine: Listener,
): Promise<{ drift: string[]; same: boolean }> {
  const { environment } = workspace;
  const file = join(stackFolder(workspace, environment), "drift.tfplan");
  try {
    const args = [...plan, "-out", file];
    const { code, types } = await terraformMessages(workspace, environment, args, [0, CHANGES], onLine);
    if (code === 0 && !types.has("resource_drift")) return { drift: [], same: true };
    const shown = await terraformJson<PlanJson>(workspace, environment, ["show", "-json", file]);
    return { drift: driftOf(readPlan(shown)), same: false };
  } finally {
    rmSync(file, { force: true });
  }
}

/** What AWS has filled in is stored in the state. */
export async function takeIn(workspace: Workspace, onLine: Listener): Promise<void> {
  const args = ["apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color"];
  await terraform(workspace, workspace.environment, args, [0], onLine);
}
