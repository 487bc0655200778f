/** The whole deployment on an emulated AWS on this machine: up, checked, planned again; or down. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findEnvironment } from "../config/find-environment";
import { findEmulator, startEmulator, stopEmulator } from "../emulator/emulator";
import { aloneIn, claim, refuseForeign } from "../emulator/folder";
import { Problem } from "../machine/problem";
import type { Progress } from "../machine/progress";
import type { Listener } from "../machine/run";
import { healthy } from "../playground/drills/stage";
import { findPlayground, logOf, startPlayground, stopPlayground } from "../playground/running";
import type { Snapshot } from "../playground/snapshot";
import { Protected } from "./protection";
import { verify } from "./verify";
import { bootstrap } from "./bootstrap";
import { CHANGES, Interrupted, PLAN, terraform } from "./cdktf";
import { deploySynthesized, destroy } from "./deploy";
import { workspaceOf, type Workspace } from "./workspace";

/** What is tried, and where. */
export interface Trial {
  /** The environment's name. */
  readonly environment: string;
  /** Folder of the emulator. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Seconds of the emulated AWS's clock in a real one, for servers that do not run yet. */
  readonly speed: number;
}

/** A deployment that is up. */
export interface Up {
  readonly workspace: Workspace;
  /** Addresses of the application and of the console page. */
  readonly application: string;
  readonly console: string;
}

/**
 * Deploys what is not there yet; a second time it changes nothing.
 *
 * @throws Problem if the folder is not the emulator's, or another command works in it
 */
export async function up(trial: Trial, progress: Progress): Promise<Up> {
  const { folder, environment, env, speed } = trial;
  const { settings } = findEnvironment(environment);
  claim(folder);
  return aloneIn(folder, async () => {
    const emulator =
      (await findEmulator(folder)) ??
      (await progress.step("Starting an emulated AWS", () => startEmulator(folder, settings, "background", env)));
    progress.done(`Emulated AWS at ${emulator.address}`);
    const { region, fleet } = settings;
    const playground =
      (await findPlayground(folder)) ??
      (await progress.step("Starting the servers behind it", () =>
        startPlayground({ folder, emulator, environment, region, speed, imageId: fleet.amiId }, env),
      ));
    const workspace = await workspaceOf(environment, folder, env, true);
    await deployAndCheck(workspace, progress).catch(async (error: unknown) => {
      throw error instanceof Problem
        ? new Problem([error.message, ...(await silent(playground, folder))].join("\n"))
        : error;
    });
    const { application } = await progress.step("Waiting for the servers", () => served(playground, folder));
    return { workspace, application, console: playground.address };
  });
}

const snapshotOf = async ({ address }: { readonly address: string }): Promise<Snapshot> =>
  (await (await fetch(`${address}/snapshot`)).json()) as Snapshot;

/** Servers that are started anew take a while, and Terraform, which has nothing to do then, does not wait for them. */
const SERVED_SECONDS = 180;

/** Waits until the load balancer has as many healthy servers as are desired. @throws Problem with the servers that do not answer */
async function served(playground: { readonly address: string }, folder: string): Promise<Snapshot> {
  const until = Date.now() + SERVED_SECONDS * 1000;
  for (;;) {
    const snapshot = await snapshotOf(playground);
    const { application, group } = snapshot;
    if (application !== "" && group !== undefined && healthy(snapshot) >= group.desired) return snapshot;
    if (Date.now() > until)
      throw new Problem(["The servers are not healthy.", ...(await silent(playground, folder))].join("\n"));
    await pause(200);
  }
}

/** Where to look if the site does not come up: a line for each server that does not answer, and what the playground says. */
async function silent(playground: { readonly address: string }, folder: string): Promise<string[]> {
  const servers = await snapshotOf(playground)
    .then(({ servers }) => servers.filter(({ target }) => target.state !== "healthy"))
    .catch(() => []);
  return [
    ...servers.map(
      ({ id, target }) =>
        `The server of ${id} is ${target.state}${target.description === undefined ? "" : ` (${target.description})`}; its log: ${join(folder, "servers", id, "server.log")}`,
    ),
    `What the servers' process says: ${logOf(folder)}`,
  ];
}

async function deployAndCheck(workspace: Workspace, progress: Progress): Promise<void> {
  const changed = await progress.step("Deploying the remote state and the application's infrastructure", (onLine) =>
    deployBoth(workspace, onLine),
  );
  const [facts] = await progress.step("Checking it against the settings, and planning again", () =>
    // A deploy that had nothing to change has just planned.
    Promise.all([verify(workspace), changed && planAgain(workspace)]),
  );
  progress.done(`${String(facts)} checks passed`);
  progress.done("Nothing left to change");
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
  const { code, output } = await terraform(workspace, workspace.environment, PLAN, [0, CHANGES]);
  if (code === CHANGES) throw new Problem(`The second plan is not empty:\n${output}`);
}

/**
 * Deletes it all, the emulator last: also where Terraform cannot delete what is in the emulator, since that ends with it.
 *
 * @throws Problem if the folder is not the emulator's, or another command works in it; or, after everything is gone, if Terraform failed
 */
export async function down(trial: Trial, progress: Progress): Promise<void> {
  const { folder } = trial;
  refuseForeign(folder);
  if (!existsSync(folder)) {
    progress.done(NOT_RUNNING);
    return;
  }
  claim(folder);
  const failure = await aloneIn(folder, async () => {
    const isRunning = (await findEmulator(folder)) !== undefined;
    const failed = isRunning ? await destroyed(trial, progress) : undefined;
    await progress.step("Stopping the servers and the emulated AWS", async () => {
      await stopPlayground(folder);
      await stopEmulator(folder);
    });
    progress.done(isRunning ? "Everything is destroyed" : NOT_RUNNING);
    return failed;
  });
  if (failure !== undefined)
    throw new Problem(
      `Terraform could not destroy what was in the emulated AWS, which has ended all the same, and with it everything in it:\n${failure}`,
    );
}

const NOT_RUNNING = "The emulated AWS is not running: there is nothing to destroy";

/** @returns why Terraform could not delete it */
async function destroyed({ environment, folder, env }: Trial, progress: Progress): Promise<string | undefined> {
  try {
    const workspace = await workspaceOf(environment, folder, env, true);
    await progress.step("Destroying the application's infrastructure", (onLine) => destroy(workspace, onLine));
    return undefined;
  } catch (error) {
    if (error instanceof Interrupted || !(error instanceof Problem)) throw error;
    if (!(error instanceof Protected)) return error.message;
    progress.done(
      `${environment} is protected against deletion: Terraform deletes nothing, the emulated AWS ends with it`,
    );
    return undefined;
  }
}
