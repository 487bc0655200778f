/** Deploys an environment. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { driftOf, type Plan } from "../terraform/plan";
import { cdktf, FAILED, synth, terraform, terraformJson, type Listener } from "./cdktf";
import { stackFolder, type Workspace } from "./workspace";

/**
 * `cdktf deploy`, and then what AWS has filled in since each resource was made goes into the state (a security group learns of
 * its rules only after it stands), so that later a plan can tell what was changed by hand.
 *
 * @returns what had been changed outside of Terraform until now, a line each: this deploy undoes it, or takes it for granted
 */
export async function deploy(workspace: Workspace, onLine: Listener): Promise<string[]> {
  const { environment } = workspace;
  const drift = await driftBefore(workspace, onLine);
  await cdktf("deploy", workspace, environment, onLine);
  await terraform(
    workspace,
    environment,
    ["apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color"],
    [0],
    onLine,
  );
  return drift;
}

async function driftBefore(workspace: Workspace, onLine: Listener): Promise<string[]> {
  const { environment } = workspace;
  await synth(workspace);
  await terraform(workspace, environment, ["init", "-input=false"], [0], onLine);
  const file = join(stackFolder(workspace, environment), "drift.tfplan");
  try {
    const args = ["plan", "-refresh-only", "-input=false", "-out", file];
    // Where it fails, the deploy itself is about to say why.
    if ((await terraform(workspace, environment, args, [0, FAILED], onLine)).code === FAILED) return [];
    return driftOf(await terraformJson<Plan>(workspace, environment, ["show", "-json", file]));
  } finally {
    rmSync(file, { force: true });
  }
}
