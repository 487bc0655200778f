/** Takes a stack that exists into the state of an environment, with nothing replaced and nothing interrupted. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { clientConfig } from "../account/client-config";
import { clientsFor } from "../account/clients";
import { relations } from "../account/related/tables";
import { NOTHING_KEPT, type Kept } from "../config/kept";
import { Problem } from "../machine/problem";
import type { Listener } from "../machine/run";
import { resourceTypes } from "../resources/tables";
import { WebApp } from "../stacks/web-app";
import { differencesOf, forLater, toKeep } from "../takeover/differences";
import { findRelated, refersTo, type Findings, type Known } from "../takeover/find";
import { readPlan, type Plan } from "../terraform/plan";
import type { PlanJson } from "../terraform/plan-json";
import { readStack, stackOf, type Stack } from "../terraform/stack";
import { PLAN, CHANGES, terraform, terraformJson } from "./cdktf";
import { prepare, takeIn } from "./deploy";
import { planOf } from "./plan";
import { idsInState } from "./state";
import { stackFolder, type Workspace } from "./workspace";

const IMPORTS = "takeover.tf.json";
const PLANNED = "takeover.tfplan";

/** A plan of an environment, and what the settings keep from being changed in it. */
export interface Takeover {
  readonly kept: Kept;
  readonly plan: Plan;
}

/** The stack of an environment as its settings want it, and the ids that its state has already. */
export async function wished(
  workspace: Workspace,
  onLine: Listener,
): Promise<{ stack: Stack; state: ReadonlyMap<string, string> }> {
  await prepare(workspace, onLine);
  const state = await idsInState(workspace, workspace.environment);
  synthKept(workspace, NOTHING_KEPT);
  return { stack: stackOf(readStack(stackFolder(workspace, workspace.environment))), state };
}

/** Asks AWS, and changes nothing. */
export function findAll(workspace: Workspace, stack: Stack, known: Known): Promise<Findings> {
  return findRelated(stack, known, relations, (region = workspace.settings.region) =>
    clientsFor(clientConfig(workspace, region)),
  );
}

export interface Wishes {
  /** Whether what is new and may interrupt what runs is created at once. */
  readonly createsAll: boolean;
  readonly keepsHarmless: boolean;
}

/**
 * Plans with import blocks until the plan has no difference that is to be kept. A difference may hide another one, or be there
 * because of another one, so this takes two or three plans.
 *
 * @throws Problem if something that is needed does not exist, or Terraform would still delete or replace something
 */
export async function planTakeover(
  workspace: Workspace,
  stack: Stack,
  { found, missing }: Pick<Findings, "found" | "missing">,
  wishes: Wishes,
  onLine: Listener,
): Promise<Takeover> {
  const { later, needed } = wishes.createsAll
    ? { later: [] as string[], needed: [] as string[] }
    : forLater(stack, missing, resourceTypes, refersTo);
  if (needed.length > 0)
    throw new Problem(
      [
        "Nothing was changed: these do not exist, or nothing leads to them, and to create them may interrupt what runs.",
        "Name them in the file of --ids (ADDRESS ID, a line each), or have all that is new created with --new now:",
        ...needed.map((address) => `  ${address}`),
      ].join("\n"),
    );
  let kept: Kept = { kept: [], later };
  const imports = found.map(({ address, id }) => ({ to: address, id }));
  writeFileSync(join(stackFolder(workspace, workspace.environment), IMPORTS), JSON.stringify({ import: imports }));
  for (;;) {
    synthKept(workspace, kept);
    await terraform(workspace, workspace.environment, [...PLAN, `-out=${PLANNED}`], [0, CHANGES], onLine);
    const json = await terraformJson<PlanJson>(workspace, workspace.environment, ["show", "-json", PLANNED]);
    const more = toKeep(differencesOf(json, stack, resourceTypes), kept, wishes.keepsHarmless);
    if (more.length === 0) {
      const plan = readPlan(json);
      refuseDestruction(plan);
      return { kept: sorted(kept), plan };
    }
    kept = { ...kept, kept: [...kept.kept, ...more] };
  }
}

/** By resource, in the order of the stack's addresses, so that a change of the file is easy to read. */
const sorted = ({ kept, later }: Kept): Kept => ({
  kept: [...kept].sort(
    (one, other) => one.address.localeCompare(other.address) || one.attribute.localeCompare(other.attribute),
  ),
  later: [...later].sort(),
});

/** @throws Problem if a plan deletes, replaces or forgets anything */
export function refuseDestruction({ changes }: Plan): void {
  const bad = changes.filter(({ kind }) => kind === "delete" || kind === "replace" || kind === "forget");
  if (bad.length === 0) return;
  throw new Problem(
    [
      "Nothing was changed: Terraform would",
      ...bad.map(({ kind = "", address, change: { replace_paths = [] } }) => {
        const why = replace_paths.map((path) => path.join(".")).join(", ");
        return `  ${kind} ${address}${why === "" ? "" : ` (${why})`}`;
      }),
    ].join("\n"),
  );
}

/** Applies exactly the plan that was made, and plans again. @throws Problem if that finds anything to change */
export async function applyTakeover(workspace: Workspace, onLine: Listener): Promise<void> {
  await terraform(workspace, workspace.environment, ["apply", "-input=false", "-no-color", PLANNED], [0], onLine);
  tidy(workspace);
  await takeIn(workspace, onLine);
  const { code, text } = await planOf(workspace, onLine);
  if (code === CHANGES)
    throw new Problem(`Everything is taken over, and the next plan is not empty; nothing of it was applied:\n${text}`);
}

/** Deletes the files of the takeover from the folder of the stack. */
export function tidy(workspace: Workspace): void {
  for (const file of [IMPORTS, PLANNED])
    rmSync(join(stackFolder(workspace, workspace.environment), file), { force: true });
}

/** Writes the JSON of one stack, in this process: several plans are made, each of what is kept until then. */
function synthKept(workspace: Workspace, kept: Kept): void {
  const { environment, settings, remoteState, emulated, output } = workspace;
  const app = new App({ outdir: output });
  new WebApp(app, environment, { settings, remoteState, emulated, kept });
  app.synth();
}
