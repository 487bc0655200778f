/** Deploys an environment, as its settings say or as a plan that was kept says. */
import type { Listener } from "../machine/run";
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { tagsOf } from "../aws/names";
import { Problem } from "../machine/problem";
import { driftOf, stackOf, type Plan } from "../terraform/plan";
import { placeOf } from "../terraform/synthesized";
import { cdktf, FAILED, synth, terraform, terraformJson } from "./cdktf";
import { stackFolder, type Workspace } from "./workspace";

/**
 * `cdktf deploy`, and then what AWS has filled in since each resource was made goes into the state (a security group learns of
 * its rules only after it stands), so that later a plan can tell what was changed by hand.
 *
 * @returns what had been changed outside of Terraform until now, a line each: this deploy undoes it, or takes it for granted
 */
export async function deploy(workspace: Workspace, onLine: Listener): Promise<string[]> {
  const { environment } = workspace;
  await prepare(workspace, onLine);
  // Where it fails, the deploy itself is about to say why.
  const drift = await driftIn(workspace, onLine, [0, FAILED]);
  await cdktf("deploy", workspace, environment, onLine);
  await takeIn(workspace, onLine);
  return drift;
}

/**
 * Applies a plan that `npm run review -- ENV --out FILE` has kept: what was planned then and nothing else, whatever the settings
 * say now.
 *
 * @throws Problem if there is no such plan, it is another environment's, or the state has changed since it was made
 */
export async function deployPlan(workspace: Workspace, kept: string, onLine: Listener): Promise<void> {
  const { environment, settings } = workspace;
  const file = resolve(kept);
  if (!existsSync(file)) throw new Problem(`There is no plan ${kept}`);
  await prepare(workspace, onLine);
  // It is applied to the state that it was made for, in whatever folder that is done.
  const plan = await terraformJson<Plan>(workspace, environment, ["show", "-json", file]);
  const planned = placeOf(stackOf(plan)).environment;
  const wanted = tagsOf(environment, settings.tags)["Environment"] ?? environment;
  if (planned !== wanted)
    throw new Problem(`${kept} is a plan for ${planned ?? "something else"}, not for ${wanted}; nothing was changed`);
  await terraform(workspace, environment, ["apply", "-input=false", "-no-color", file], [0], onLine);
  await takeIn(workspace, onLine);
}

/** What was changed outside of Terraform since the last deploy, a line each. */
export async function drift(workspace: Workspace, onLine: Listener): Promise<string[]> {
  await prepare(workspace, onLine);
  return driftIn(workspace, onLine, [0]);
}

/** Synthesizes an environment, and makes its folder ready for Terraform. */
export async function prepare(workspace: Workspace, onLine?: Listener): Promise<void> {
  await synth(workspace);
  await terraform(workspace, workspace.environment, ["init", "-input=false"], [0], onLine);
}

/** @param expected exit codes; there is no drift to tell of where it fails */
async function driftIn(workspace: Workspace, onLine: Listener, expected: readonly number[]): Promise<string[]> {
  const { environment } = workspace;
  const file = join(stackFolder(workspace, environment), "drift.tfplan");
  try {
    const args = ["plan", "-refresh-only", "-input=false", "-out", file];
    if ((await terraform(workspace, environment, args, expected, onLine)).code === FAILED) return [];
    return driftOf(await terraformJson<Plan>(workspace, environment, ["show", "-json", file]));
  } finally {
    rmSync(file, { force: true });
  }
}

/** What AWS has filled in goes into the state. */
async function takeIn(workspace: Workspace, onLine: Listener): Promise<void> {
  const args = ["apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color"];
  await terraform(workspace, workspace.environment, args, [0], onLine);
}
