/** What a deploy prints on the standard output: Terraform's outputs in at most 80 columns, where their words allow it. */
import { EMULATOR_CREDENTIALS } from "../config/emulated";
import { terraformJson } from "../deploy/cdktf";
import type { Workspace } from "../deploy/workspace";
import { columns } from "../machine/table";

type Outputs = Readonly<Record<string, string>>;

const WIDTH = 80;

/** The outputs of an environment that is deployed, by name; those that are secret are left out. */
export async function outputsOf(workspace: Workspace): Promise<Outputs> {
  type Json = Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
  const read = await terraformJson<Json>(workspace, workspace.environment, ["output", "-json"]);
  const open = Object.entries(read).filter(([, { sensitive = false }]) => !sensitive);
  return Object.fromEntries(open.map(([name, { value }]) => [name, String(value)]));
}

/** A line for each; a value that is too long for that has lines of its own, which a shell takes as one. */
export function outputsText(outputs: Outputs): string {
  const rows = Object.entries(outputs);
  const least = [Math.max(0, ...rows.map(([name]) => name.length))] as const;
  const fits = (value: string) => least[0] + 2 + value.length <= WIDTH;
  return rows
    .map(([name, value]) => (fits(value) ? columns([[name, value]], { least }) : `${name}\n${ownLines(value)}`))
    .join("\n");
}

/** Broken outside of quotes, with a backslash, as a shell continues a command. */
function ownLines(value: string): string {
  const words = value.includes("\\") ? [value] : value.split(/ (?=(?:[^'"]|'[^']*'|"[^"]*")*$)/);
  const lines = [""];
  for (const word of words) {
    const joined = [lines.at(-1), word].filter(Boolean).join(" ");
    if (joined.length + INDENT.length + CONTINUED.length <= WIDTH) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines
    .filter(Boolean)
    .map((line) => INDENT + line)
    .join(`${CONTINUED}\n`);
}

const INDENT = "  ";
const CONTINUED = " \\";

/** How to ask the emulator with the AWS CLI, whatever the user's own configuration and credentials are. */
export function askTheEmulator(address: string, region: string): string {
  const { accessKeyId, secretAccessKey } = EMULATOR_CREDENTIALS;
  return `To ask the emulated AWS with the AWS CLI:
  AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} \\
  aws --endpoint-url ${address} --region ${region} \\
  ec2 describe-instances`;
}
