/** What the commands share that work on an environment with Terraform. */
import { resolve } from "node:path";
import { workspaceOf, type Workspace } from "../deploy/workspace";
import { kindOf } from "../machine/files";
import { Problem } from "../machine/problem";
import { PROJECT } from "../machine/project";
import { requirePrograms, TERRAFORM } from "../machine/requirements";
import type { Call } from "./command";

export const WORKSPACE_OPTIONS = {
  folder: { value: "FOLDER", default: ".local", help: "folder of the emulated AWS" },
  verbose: { help: "print every line that Terraform prints" },
} as const;

type WorkspaceCall = Pick<Call<typeof WORKSPACE_OPTIONS>, "args" | "options" | "env">;

/** The folder of the emulated AWS, which may not exist yet. @throws Problem if it cannot be one */
export function folderOf({ options: { folder } }: WorkspaceCall): string {
  const path = resolve(PROJECT, folder);
  const kind = kindOf(path);
  if (kind === "folder" || kind === "nothing") return path;
  throw new Problem(`--folder ${folder} is ${kind === "file" ? "a file, not a folder" : kind}`);
}

/** The workspace of the environment that the first argument names. @throws Problem if there is none, or no Terraform */
export async function workspaceFor(call: WorkspaceCall, fallback?: string): Promise<Workspace> {
  const folder = folderOf(call);
  await requirePrograms([TERRAFORM], call.env);
  return workspaceOf(call.args[0] ?? fallback, folder, call.env);
}

export const DRIFT = "Changed outside of Terraform since the last deploy";
