/** `npm run plan`: what a deploy would change. */
import { CHANGES } from "../deploy/cdktf";
import { drift } from "../deploy/deploy";
import { planOf } from "../deploy/plan";
import { driftOf } from "../terraform/drift";
import { defineCommand } from "./command";
import { allWarnings } from "./kept";
import { DRIFT, workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "ENV",
  about: `Prints what a deploy would change, as Terraform describes it, and what was
changed outside of Terraform since the last deploy. Changes nothing.
Exit code: 0 for no changes, 2 for changes, 1 for an error.`,
  options: {
    "refresh-only": { help: "look only for changes outside of Terraform" },
    ...WORKSPACE_OPTIONS,
  },
  async run(call) {
    const workspace = await workspaceFor(call);
    const { environment } = workspace;
    for (const warning of allWarnings(workspace)) call.progress.warn(warning);
    if (call.options["refresh-only"]) {
      const changed = await call.progress.step(`Comparing ${environment} with its state`, (onLine) =>
        drift(workspace, onLine),
      );
      return changed.length > 0
        ? { text: `${DRIFT}:\n${changed.join("\n")}`, code: CHANGES }
        : { text: "Nothing was changed outside of Terraform since the last deploy", code: 0 };
    }
    const { plan, text, code } = await call.progress.step(`Planning ${environment}`, (onLine) =>
      planOf(workspace, onLine),
    );
    // Terraform itself does not mention a rule that was added by hand, or a group that has scaled.
    const changed = driftOf(plan);
    return changed.length > 0 ? { text: `${DRIFT}:\n${changed.join("\n")}\n\n${text}`, code: CHANGES } : { text, code };
  },
});
