/** `npm run verify`: what exists in AWS, compared with the settings. */
import { verify } from "../deploy/verify";
import { defineCommand } from "./command";
import { workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "ENV",
  about: `Asks AWS whether everything of an environment exists as its settings say, and
lists what does not. Changes nothing.`,
  options: WORKSPACE_OPTIONS,
  async run(call) {
    const workspace = await workspaceFor(call);
    const { environment } = workspace;
    const checks = await call.progress.step(`Checking ${environment}`, () => verify(workspace));
    call.progress.done(`${String(checks)} checks passed: ${environment} is as its settings say`);
    return { text: "", code: 0 };
  },
});
