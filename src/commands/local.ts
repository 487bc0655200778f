/** `npm run local`: the whole deployment on an emulated AWS on this machine: up, checked, planned again; or down. */
import { EMULATED } from "../config/emulated";
import { environments } from "../config/environments";
import { findEmulator, startEmulator, stopEmulator } from "../emulator/emulator";
import { Problem } from "../machine/problem";
import { bootstrap } from "../deploy/bootstrap";
import { cdktf, CHANGES, terraform, terraformJson } from "../deploy/cdktf";
import { deploy } from "../deploy/deploy";
import { PLAN } from "../deploy/plan";
import { columns } from "../machine/table";
import type { Progress } from "../machine/progress";
import { verify } from "../verify/verify";
import { workspaceOf } from "../deploy/workspace";
import { defineCommand } from "./command";
import { folderOf, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "[destroy]",
  about: `Deploys everything to an emulated AWS on this machine, checks it, and plans
again to show that nothing is left to change. It needs no AWS account. A second
time it changes nothing. With "destroy" it deletes everything, the emulated AWS
last.`,
  options: WORKSPACE_OPTIONS,
  async run(call) {
    const [action] = call.args;
    if (action !== undefined && action !== "destroy")
      throw new Problem(`local takes nothing or "destroy", not ${action}`);
    const work = action === undefined ? up : down;
    return { text: await work(folderOf(call), call.env, call.progress), code: 0 };
  },
});

/** Deploys what is not there yet; a second time it changes nothing. @returns the outputs, a line each */
async function up(folder: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<string> {
  const emulator =
    (await findEmulator(folder)) ??
    (await progress.step("Starting an emulated AWS", () =>
      startEmulator(folder, environments[EMULATED], "background", env),
    ));
  progress.done(`Emulated AWS at ${emulator.address}`);
  const workspace = await workspaceOf(EMULATED, folder, env);
  await progress.step("Deploying the remote state", (onLine) => bootstrap(workspace, onLine));
  await progress.step("Deploying the application's infrastructure", (onLine) => deploy(workspace, onLine));
  const facts = await progress.step("Checking it against the settings", () => verify(workspace));
  progress.done(`${String(facts)} checks passed`);
  await progress.step("Planning again", async () => {
    const plan = await terraform(workspace, EMULATED, PLAN, [0, CHANGES]);
    if (plan.code === CHANGES) throw new Problem(`The second plan is not empty:\n${plan.output}`);
  });
  progress.done("Nothing left to change");
  const outputs = await terraformJson<Record<string, { value: string }>>(workspace, EMULATED, ["output", "-json"]);
  return columns(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/** Deletes it all, the emulator last. */
async function down(folder: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<string> {
  if ((await findEmulator(folder)) === undefined) {
    progress.done("The emulated AWS is not running: there is nothing to destroy");
    return "";
  }
  const workspace = await workspaceOf(EMULATED, folder, env);
  await progress.step("Destroying the application's infrastructure", (onLine) =>
    cdktf("destroy", workspace, EMULATED, onLine),
  );
  await progress.step("Stopping the emulated AWS", () => stopEmulator(folder));
  progress.done("Everything is destroyed");
  return "";
}
