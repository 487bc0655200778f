/** `npm run verify`: what exists in AWS, compared with the settings. */
import { keptIn, keptLine } from "../config/kept";
import { verify } from "../deploy/verify";
import { defineCommand } from "./command";
import { workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "ENV",
  about: `Asks AWS whether everything of an environment exists as its settings say, and
lists what does not. Of what a takeover keeps, the kept value is the right one.
Changes nothing.`,
  options: WORKSPACE_OPTIONS,
  async run(call) {
    const workspace = await workspaceFor(call);
    const { environment, emulated } = workspace;
    const kept = keptLine(environment, keptIn(environment, emulated));
    if (kept !== undefined) call.progress.warn(kept);
    const checks = await call.progress.step(`Checking ${environment}`, () => verify(workspace));
    call.progress.done(
      `${String(checks)} checks passed: ${environment} is as its settings say${kept === undefined ? "" : ", but for what is kept"}`,
    );
    return { text: "", code: 0 };
  },
});
