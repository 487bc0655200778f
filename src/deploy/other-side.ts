/** The other side of a takeover: the state that had the resources until now, its backup, and how it lets them go. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Problem } from "../machine/problem";
import { PROJECT } from "../machine/project";
import { jsonOf, readBytes, textOf } from "../machine/read-text";
import { letGo, otherState, type OtherResource } from "../takeover/other-state";
import type { Found } from "../takeover/find";
import { terraform } from "./cdktf";
import { stackFolder, type Workspace } from "./workspace";

/** @throws Problem if the file is not a state */
export const otherIn = (file: string): OtherResource[] => otherState(jsonOf(textOf(readBytes(file), file), file), file);

const folderOf = ({ output }: Workspace) => join(output, "takeover");

/**
 * Keeps both states as they are before the takeover, out of git, since a state may have secrets.
 *
 * @returns the files, as seen from the project
 */
export async function backUp(workspace: Workspace, from: string | undefined): Promise<string[]> {
  const { environment } = workspace;
  const folder = folderOf(workspace);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const named = (what: string) =>
    join(folder, `${environment}-${what}-${new Date().toISOString().replace(/\W/g, "")}.tfstate`);
  const { stdout } = await terraform(workspace, environment, ["state", "pull"]);
  const files: string[] = [];
  if (stdout.trim() !== "") {
    files.push(named("before"));
    writeFileSync(files[0] ?? "", stdout, { mode: 0o600 });
  }
  if (from !== undefined) {
    const file = named("other");
    try {
      copyFileSync(from, file);
    } catch (error) {
      throw new Problem(`--from ${from} cannot be kept: ${(error as Error).message}`);
    }
    files.push(file);
  }
  return files.map((file) => relative(PROJECT, file));
}

/** What is left to do on the other side, and the way back, as text. */
export function otherSide(workspace: Workspace, found: readonly Found[], other: readonly OtherResource[] | undefined) {
  const { environment } = workspace;
  const taken = found.map(({ address, id }) => ({ type: address.split(".")[0] ?? "", id }));
  const back = [
    "The way back, until the first release (nothing in AWS is deleted):",
    `  terraform -chdir=${relative(PROJECT, stackFolder(workspace, environment))} state rm ADDRESS, for each resource that was imported`,
    `  git rm takeover/${environment}.json, and keep the old code and its state as they are`,
  ].join("\n");
  if (other === undefined)
    return `Let the other side go now: whatever has managed this until now (another Terraform state, CloudFormation, scripts) would undo it.\nWith --from old.tfstate this command prints how.\n\n${back}`;
  const { blocks, addresses, staying } = letGo(other, taken);
  mkdirSync(folderOf(workspace), { recursive: true });
  const file = join(folderOf(workspace), `${environment}-removed.tf`);
  writeFileSync(file, blocks);
  return [
    `Let the other side go now, or its next apply undoes all this. In its code, replace these resources by the blocks in ${relative(PROJECT, file)},`,
    `  removed { from = ADDRESS, lifecycle { destroy = false } }  (Terraform 1.7 or later), and apply: 0 destroyed. Or run there:`,
    ...addresses.map((address) => `  terraform state rm '${address}'`),
    ...(staying.length === 0
      ? []
      : ["These stay there, since this environment does not have them:", ...staying.map((each) => `  ${each}`)]),
    "",
    back,
  ].join("\n");
}
