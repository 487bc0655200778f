/** What the commands share that work on an environment with Terraform. */
import { resolve } from "node:path";
import { workspaceOf, type Workspace } from "../deploy/workspace";
import { PROJECT } from "../machine/project";
import { requirePrograms, TERRAFORM } from "../machine/requirements";
import type { Call } from "./command";

export const WORKSPACE_OPTIONS = {
  folder: { value: "FOLDER", default: ".local", help: "folder of the emulated AWS" },
  verbose: { help: "print every line that Terraform prints" },
} as const;

type WorkspaceCall = Pick<Call<typeof WORKSPACE_OPTIONS>, "args" | "options" | "env">;

/** The folder of the emulated AWS. */
export const folderOf = ({ options }: WorkspaceCall): string => resolve(PROJECT, options.folder);

/** The workspace of the environment that the first argument names. @throws Problem if there is none, or no Terraform */
export async function workspaceFor(call: WorkspaceCall, fallback?: string): Promise<Workspace> {
  await requirePrograms([TERRAFORM], call.env);
  return workspaceOf(call.args[0] ?? fallback, folderOf(call), call.env);
}

export const DRIFT = "Changed outside of Terraform since the last deploy";
