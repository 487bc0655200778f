/** The whole deployment on an emulated AWS on this machine: up, checked, planned again; or down. */
import { EMULATED } from "../config/emulated";
import { environments } from "../config/environments";
import { findEmulator, startEmulator, stopEmulator } from "../emulator/emulator";
import { Problem } from "../machine/problem";
import { bootstrap } from "../deploy/bootstrap";
import { cdktf, CHANGES, terraform, terraformJson } from "../deploy/cdktf";
import { deploy } from "../deploy/deploy";
import type { Progress } from "../machine/progress";
import { verify } from "../verify/verify";
import { workspaceOf } from "../deploy/workspace";

/** Stands up what is not there yet; a second time it changes nothing. @returns the outputs, by name */
export async function up(folder: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<Record<string, string>> {
  const emulator =
    (await findEmulator(folder)) ??
    (await progress.step("Starting an emulated AWS", () =>
      startEmulator(folder, environments[EMULATED], "background", env),
    ));
  progress.done(`Emulated AWS at ${emulator.address}`);
  const workspace = await workspaceOf(EMULATED, folder, env);
  await progress.step("Deploying the remote state", (onLine) => bootstrap(workspace, onLine));
  await progress.step("Deploying the application's infrastructure", (onLine) => deploy(workspace, onLine));
  const facts = await progress.step("Checking it against the document", () => verify(workspace));
  progress.done(`${String(facts)} facts of the document stand`);
  await progress.step("Planning again", async () => {
    const plan = await terraform(
      workspace,
      EMULATED,
      ["plan", "-input=false", "-no-color", "-detailed-exitcode"],
      [0, CHANGES],
    );
    if (plan.code === CHANGES) throw new Problem(`The second plan is not empty:\n${plan.output}`);
  });
  progress.done("Nothing left to change");
  const outputs = await terraformJson<Record<string, { value: string }>>(workspace, EMULATED, ["output", "-json"]);
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/** Takes it all down again, the emulator last. */
export async function down(folder: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<void> {
  if ((await findEmulator(folder)) === undefined) {
    progress.done("The emulated AWS does not run: there is nothing to take down");
    return;
  }
  const workspace = await workspaceOf(EMULATED, folder, env);
  await progress.step("Destroying the application's infrastructure", (onLine) =>
    cdktf("destroy", workspace, EMULATED, onLine),
  );
  await progress.step("Ending the emulated AWS", () => stopEmulator(folder));
  progress.done("Everything is gone");
}
