/** The whole deployment on an emulated AWS on this machine: up, checked, planned again; or down. */
import { EMULATED } from "../config/emulated";
import { environments } from "../config/environments";
import { findEmulator, startEmulator, stopEmulator } from "../emulator/emulator";
import { Problem } from "../machine/problem";
import type { Progress } from "../machine/progress";
import type { Listener } from "../machine/run";
import { verify } from "./verify";
import { bootstrap } from "./bootstrap";
import { CHANGES, PLAN, terraform, terraformJson } from "./cdktf";
import { deploySynthesized, destroy } from "./deploy";
import { workspaceOf, type Workspace } from "./workspace";

/** Deploys what is not there yet; a second time it changes nothing. @returns the outputs, by name */
export async function up(folder: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<Record<string, string>> {
  const emulator =
    (await findEmulator(folder)) ??
    (await progress.step("Starting an emulated AWS", () =>
      startEmulator(folder, environments[EMULATED], "background", env),
    ));
  progress.done(`Emulated AWS at ${emulator.address}`);
  const workspace = await workspaceOf(EMULATED, folder, env);
  const changed = await progress.step("Deploying the remote state and the application's infrastructure", (onLine) =>
    deployBoth(workspace, onLine),
  );
  const [facts] = await progress.step("Checking it against the settings, and planning again", () =>
    // A deploy that had nothing to change has just planned.
    Promise.all([verify(workspace), changed && planAgain(workspace)]),
  );
  progress.done(`${String(facts)} checks passed`);
  progress.done("Nothing left to change");
  const outputs = await terraformJson<Record<string, { value: string }>>(workspace, EMULATED, ["output", "-json"]);
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/**
 * Both stacks at the same time, as soon as there is a bucket for the state: the provider waits a minute for the bucket's
 * lifecycle, and another one for the load balancer.
 *
 * @returns whether the application's deploy changed anything
 */
async function deployBoth(workspace: Workspace, onLine: Listener): Promise<boolean> {
  let onBucket: () => void = () => undefined;
  const bucket = new Promise<void>((resolve) => (onBucket = resolve));
  const remoteState = bootstrap(workspace, onLine, onBucket);
  const application = Promise.race([bucket, remoteState]).then(() => deploySynthesized(workspace, onLine));
  // Where one fails, the other one still ends in order.
  await Promise.allSettled([remoteState, application]);
  await remoteState;
  return (await application).changed;
}

async function planAgain(workspace: Workspace): Promise<void> {
  const { code, output } = await terraform(workspace, EMULATED, PLAN, [0, CHANGES]);
  if (code === CHANGES) throw new Problem(`The second plan is not empty:\n${output}`);
}

/** Deletes it all, the emulator last. */
export async function down(folder: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<void> {
  if ((await findEmulator(folder)) === undefined) {
    progress.done("The emulated AWS is not running: there is nothing to destroy");
    return;
  }
  const workspace = await workspaceOf(EMULATED, folder, env);
  await progress.step("Destroying the application's infrastructure", (onLine) => destroy(workspace, onLine));
  await progress.step("Stopping the emulated AWS", () => stopEmulator(folder));
  progress.done("Everything is destroyed");
}
