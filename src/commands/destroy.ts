/** `npm run destroy`: deletes an environment. */
import { destroy } from "../deploy/deploy";
import { Problem } from "../machine/problem";
import { defineCommand } from "./command";
import { workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "ENV ENV",
  about: `Permanently deletes everything that was deployed for an environment. Its name
has to be given twice. Its state file remains in the bucket.`,
  options: WORKSPACE_OPTIONS,
  async run(call) {
    const workspace = await workspaceFor(call);
    const { environment } = workspace;
    if (call.args[1] !== environment)
      throw new Problem(
        `This deletes ${environment} permanently; give its name twice: npm run destroy -- ${environment} ${environment}`,
      );
    await call.progress.step(`Destroying ${environment}`, (onLine) => destroy(workspace, onLine));
    call.progress.done(`${environment} is destroyed; its state file remains in the bucket`);
    return { text: "", code: 0 };
  },
});
