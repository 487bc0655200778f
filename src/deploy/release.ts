/** Releases what a takeover keeps: one reviewed change at a time. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { keptIn, writeKept } from "../config/kept";
import type { Listener } from "../machine/run";
import { released } from "../takeover/release";
import { terraform } from "./cdktf";
import { takeIn } from "./deploy";
import { planOf, type Planned } from "./plan";
import { refuseDestruction } from "./takeover";
import type { Workspace } from "./workspace";

/**
 * Takes it out of `takeover/ENV.json`, and plans.
 *
 * @param applies whether the plan is applied
 * @returns the plan
 * @throws Problem, with the file as it was, if it is not kept or Terraform would delete or replace something
 */
export async function releaseKept(
  workspace: Workspace,
  what: string,
  applies: boolean,
  onLine: Listener,
): Promise<Planned> {
  const { environment, emulated, output } = workspace;
  const before = keptIn(environment, emulated);
  const file = join(output, "release.tfplan");
  writeKept(environment, released(before, what));
  try {
    const planned = await planOf(workspace, onLine, file);
    refuseDestruction(planned.plan);
    if (!applies) return planned;
    await terraform(workspace, environment, ["apply", "-input=false", "-no-color", file], [0], onLine);
    await takeIn(workspace, onLine);
    return planned;
  } catch (error) {
    writeKept(environment, before);
    throw error;
  } finally {
    rmSync(file, { force: true });
  }
}
