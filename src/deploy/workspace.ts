/** Where an environment is deployed from: the folder of its synthesized stacks, and the environment variables of its tools. */
import { PROJECT } from "../machine/project";
import { join, resolve } from "node:path";
import { EMULATED } from "../config/emulated";
import { environments, remoteState } from "../config/environments";
import type { Settings } from "../config/schema";
import type { RemoteStateSettings } from "../config/sections/remote-state";
import { validate } from "../config/validate";
import { emulatorEnvironment, findEmulator } from "../emulator/emulator";
import { Problem } from "../machine/problem";

export interface Workspace {
  readonly environment: string;
  readonly settings: Settings;
  readonly remoteState: RemoteStateSettings;
  /** Synthesized stacks, and Terraform's working folders in them. */
  readonly output: string;
  readonly env: NodeJS.ProcessEnv;
  readonly emulated: boolean;
}

/**
 * @param folder of the emulator, for the environment that stands on it
 * @throws Problem if there is no such environment, or it needs an emulator that does not run
 */
export async function workspaceOf(environment: string, folder: string, env: NodeJS.ProcessEnv): Promise<Workspace> {
  const config = validate({ environments, remoteState });
  const settings = config.environments[environment];
  if (settings === undefined) {
    throw new Problem(
      `${environment} is not an environment; there are ${Object.keys(config.environments).join(", ")} (src/config/environments.ts)`,
    );
  }
  const common = { environment, settings, remoteState: config.remoteState };
  if (environment !== EMULATED) {
    return { ...common, output: join(PROJECT, "cdktf.out"), env: { ...env, CHECKPOINT_DISABLE: "1" }, emulated: false };
  }
  const emulator = await findEmulator(folder);
  if (emulator === undefined) throw new Problem(`The emulated AWS does not run; "npm run local" starts it`);
  return {
    ...common,
    output: join(folder, "cdktf.out"),
    env: emulatorEnvironment(folder, emulator, env),
    emulated: true,
  };
}

/** Folder in which Terraform works for a stack. */
export function stackFolder({ output }: Workspace, stack: string): string {
  return join(output, "stacks", stack);
}
