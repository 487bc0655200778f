/** The workspace of an environment: the folder of its synthesized stacks, and the environment variables for its tools. */
import { PROJECT } from "../machine/project";
import { join } from "node:path";
import { EMULATED, TRIED } from "../config/emulated";
import { findEnvironment, type Environment } from "../config/find-environment";
import { emulatorEnvironment, findEmulator } from "../emulator/emulator";
import { refuseForeign } from "../emulator/folder";
import { Problem } from "../machine/problem";
import { refuseForeignVariables } from "./shell";

export interface Workspace extends Environment {
  /** Synthesized stacks, and Terraform's working folders in them. */
  readonly output: string;
  readonly env: NodeJS.ProcessEnv;
  readonly emulated: boolean;
}

/**
 * @param folder of the emulator, for the environment that is deployed to it
 * @param emulated whether that is the one
 * @throws Problem if there is no such environment, the shell leads somewhere else, or it needs an emulator and none is running
 */
export async function workspaceOf(
  name: string | undefined,
  folder: string,
  env: NodeJS.ProcessEnv,
  emulated = name === EMULATED,
): Promise<Workspace> {
  const found = findEnvironment(name);
  if (!emulated) {
    refuseForeignVariables(env, "account");
    return { ...found, output: join(PROJECT, "cdktf.out"), env: { ...env, CHECKPOINT_DISABLE: "1" }, emulated: false };
  }
  refuseForeign(folder);
  const emulator = await findEmulator(folder);
  if (emulator === undefined) throw new Problem(`The emulated AWS is not running; "npm run local" starts it`);
  return {
    ...found,
    output: join(folder, "cdktf.out"),
    env: { ...emulatorEnvironment(folder, emulator, env), [TRIED]: found.environment },
    emulated: true,
  };
}

/** Folder in which Terraform works for a stack. */
export function stackFolder({ output }: Workspace, stack: string): string {
  return join(output, "stacks", stack);
}
