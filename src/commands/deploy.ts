/** `npm run deploy`: an environment, as its settings or a reviewed plan describe it. */
import { deploy, deployPlan } from "../deploy/deploy";
import { isFile } from "../machine/files";
import { Problem } from "../machine/problem";
import { defineCommand } from "./command";
import { allWarnings } from "./kept";
import { askTheEmulator, outputsOf, outputsText } from "./outputs";
import { DRIFT, workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "ENV",
  about: `Deploys an environment, and prints its outputs and what was changed outside of
Terraform before. Ctrl-C ends it in order: the state is saved and its lock is
released; after "npm run adopt", the same command continues from there.`,
  options: {
    plan: { value: "FILE", help: "apply the plan that review --out kept in FILE" },
    ...WORKSPACE_OPTIONS,
  },
  async run(call) {
    const { plan } = call.options;
    if (plan !== undefined && !isFile(plan)) throw new Problem(`There is no plan ${plan}`);
    const workspace = await workspaceFor(call);
    const { environment, settings } = workspace;
    for (const warning of allWarnings(workspace)) call.progress.warn(warning);
    const drift = await call.progress.step(`Deploying ${environment}`, async (onLine) => {
      if (plan === undefined) return deploy(workspace, onLine);
      // The review of the plan lists what was changed outside of Terraform.
      await deployPlan(workspace, plan, onLine);
      return [];
    });
    call.progress.done(`${environment} is deployed`);
    const { emulated, env } = workspace;
    const hint = emulated ? `\n\n${askTheEmulator(env["AWS_ENDPOINT_URL"] ?? "", settings.region)}` : "";
    const outputs = `${outputsText(await outputsOf(workspace))}${hint}`;
    const reverted = `${DRIFT}; this deploy reverts it, or keeps it where it is not managed:\n${drift.join("\n")}\n\n`;
    return { text: `${drift.length > 0 ? reverted : ""}${outputs}`, code: 0 };
  },
});
