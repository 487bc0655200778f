/** Imports resources that exist in the account and not in the environment's state, as after a deploy that was killed. */
import type { Listener } from "../machine/run";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { find, type Findings, type Found } from "../adopt/find";
import { Problem } from "../machine/problem";
import { clientConfig } from "../account/client-config";
import { clientsFor } from "../account/clients";
import type { AccountType } from "../account/part";
import { accountTypes } from "../account/tables";
import type { PlanJson } from "../terraform/plan-json";
import { readStack, stackOf } from "../terraform/stack";
import { synth, terraform, terraformJson } from "./cdktf";
import { idsInState } from "./state";
import { stackFolder, type Workspace } from "./workspace";

const IMPORTS = "adopt.tf.json";
const PLAN = "adopt.tfplan";

/** What was found, and what a deploy would still create. */
export interface Adopted extends Findings {
  /** How many resources the state had before. */
  readonly inState: number;
  /** Addresses of resources that no state has, and that were not found. */
  readonly missing: readonly string[];
}

/**
 * Imports the resources that have the environment's names and tags, and adds the parts that the killed deploy did not create, such
 * as a bucket's policy. Nothing else is created, and no existing resource is replaced or deleted.
 *
 * @throws Problem if a resource exists twice, or cannot be imported as it is; then nothing is changed
 */
export async function adopt(workspace: Workspace, onLine: Listener): Promise<Adopted> {
  const { environment } = workspace;
  await synth(workspace);
  await terraform(workspace, environment, ["init", "-input=false"], [0], onLine);
  const known = await idsInState(workspace, environment);
  const { stack, findings } = await sought(workspace, known);
  if (findings.doubled.length > 0)
    throw new Problem(
      `${findings.doubled.join("\n")}\nNothing was changed. Delete the ones that are not in use first.`,
    );
  if (findings.found.length > 0) await importAll(workspace, findings.found, onLine);
  const has = new Set([...known.keys(), ...findings.found.map(({ address }) => address)]);
  const addresses = stack.resources.map(({ address }) => address);
  return {
    ...findings,
    inState: addresses.filter((address) => known.has(address)).length,
    missing: addresses.filter((address) => !has.has(address)),
  };
}

/** Looks for the resources of a synthesized environment that a state does not have. Changes nothing. */
export async function sought(workspace: Workspace, known: ReadonlyMap<string, string>) {
  const { environment, settings } = workspace;
  const stack = stackOf(readStack(stackFolder(workspace, environment)));
  const findings = await find(stack, environment, known, accountTypes, (region = settings.region) =>
    clientsFor(clientConfig(workspace, region)),
  );
  return { stack, findings };
}

/** All in one plan, since `terraform import` reads and writes the state for each resource. */
async function importAll(workspace: Workspace, found: readonly Found[], onLine: Listener): Promise<void> {
  const { environment } = workspace;
  const folder = stackFolder(workspace, environment);
  const files = [join(folder, IMPORTS), join(folder, PLAN)] as const;
  try {
    writeFileSync(files[0], JSON.stringify({ import: found.map(({ address, id }) => ({ to: address, id })) }));
    const targets = found.map(({ address }) => `-target=${address}`);
    await terraform(workspace, environment, ["plan", "-input=false", `-out=${PLAN}`, ...targets], [0], onLine);
    refuseMore(await shown<PlanJson>(workspace, PLAN), found);
    await terraform(workspace, environment, ["apply", "-input=false", PLAN], [0], onLine);
  } finally {
    for (const file of files) rmSync(file, { force: true });
  }
}

/** @throws Problem if a plan creates, replaces or deletes more than the parts that a deploy adds to existing resources */
function refuseMore({ resource_changes = [] }: PlanJson, found: readonly Found[]): void {
  const more = resource_changes.filter(
    ({ type, change: { actions } }) =>
      actions.some((action) => action === "create" || action === "delete") && !isMadeByDeploy(accountTypes[type]),
  );
  if (more.length === 0) return;
  throw new Problem(
    [
      "Nothing was changed: Terraform would not only import, but also",
      ...more.map(({ address, change }) => `  ${change.actions.join(" and ")} ${address}`),
      "Import what is yours with terraform import ADDRESS ID, and delete what is not. These were found:",
      ...found.map(({ address, id }) => `  ${address} ${id}`),
    ].join("\n"),
  );
}

/** `terraform show`, of the state or of a plan. */
function shown<Document>(workspace: Workspace, ...plan: readonly string[]): Promise<Document> {
  return terraformJson(workspace, workspace.environment, ["show", "-json", ...plan]);
}

/** Whether a deploy overwrites an existing one, or creates the same one again. */
const isMadeByDeploy = (type: AccountType | undefined) => type?.find === "written over" || type?.madeAnew === true;
