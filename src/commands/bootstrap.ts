/** `npm run bootstrap`: the bucket for the Terraform state. */
import { bootstrap } from "../deploy/bootstrap";
import { defineCommand } from "./command";
import { workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "[ENV]",
  about: `Creates the S3 bucket in which every environment's Terraform state is stored,
and the roles of the GitHub workflows where the settings have them. Needed once
per AWS account; a second time it changes nothing.`,
  options: WORKSPACE_OPTIONS,
  async run(call) {
    const workspace = await workspaceFor(call, "production");
    await call.progress.step("Creating the bucket for the state", (onLine) => bootstrap(workspace, onLine));
    call.progress.done(`The state of every environment is stored in ${workspace.remoteState.bucket}`);
    return { text: NEXT, code: 0 };
  },
});

const NEXT = `Next: npm run deploy -- production
A deployer's policy for the state: terraform -chdir=cdktf.out/stacks/remote-state output -raw deployer_state_policy`;
