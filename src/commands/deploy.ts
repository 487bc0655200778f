/** Deploys an environment. */
import { cdktf, terraform, type Listener } from "./cdktf";
import type { Workspace } from "./workspace";

/**
 * `cdktf deploy`, and then what AWS has filled in since each resource was made goes into the state (a security group learns of
 * its rules only after it stands), so that later a plan can tell what was changed by hand.
 */
export async function deploy(workspace: Workspace, onLine: Listener): Promise<void> {
  const { environment } = workspace;
  await cdktf("deploy", workspace, environment, onLine);
  await terraform(
    workspace,
    environment,
    ["apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color"],
    [0],
    onLine,
  );
}
