/** The stack that a tool reads: synthesized from an environment's settings, or read from a file. */
import { existsSync } from "node:fs";
import { App } from "cdktf";
import { remoteState } from "../config/environments";
import { keptIn } from "../config/kept";
import { findEnvironment, settingsNamed } from "../config/find-environment";
import type { Settings } from "../config/schema";
import { Problem } from "../machine/problem";
import { jsonOf, readBytes, textOf } from "../machine/read-text";
import { WebApp } from "../stacks/web-app";
import { effective } from "../takeover/effective";
import { readPlan } from "../terraform/plan";
import { isArchive, planJsonIn } from "./plan";
import { stackOf, type Stack, type SynthesizedStack } from "../terraform/stack";

interface Target {
  readonly name: string;
  readonly stack: Stack;
  /** The environment's settings; left out for a file. */
  readonly settings?: Settings;
}

/** Whether an argument names a file, whatever that is called, and no environment. */
export const namesFile = (target: string): boolean =>
  settingsNamed(target) === undefined && (existsSync(target) || /[./\\]/.test(target));

/** @param target an environment, or a file of JSON @throws Problem if there is none of that name */
export function targetOf(target: string | undefined): Target {
  if (target !== undefined && namesFile(target)) return { name: target, stack: stackIn(target) };
  const { environment, settings } = findEnvironment(target);
  return { name: environment, stack: synthesized(environment, settings), settings };
}

/**
 * The stack of an environment with these settings, synthesized in memory: nothing is written or deployed. What a takeover keeps is as
 * it is kept, since that is what runs.
 */
export function synthesized(environment: string, settings: Settings): Stack {
  const stack = new WebApp(new App(), environment, { settings, remoteState });
  stack.prepareStack();
  const wanted = stackOf(JSON.parse(JSON.stringify(stack.toTerraform())) as SynthesizedStack);
  return effective(wanted, keptIn(environment, false));
}

/**
 * A synthesized stack, such as `cdktf.out/stacks/production/cdk.tf.json`, or a plan as `terraform show -json` prints it.
 *
 * @throws Problem if the file cannot be read, is neither, or is a plan whose planning failed
 */
function stackIn(file: string): Stack {
  const bytes = readBytes(file);
  if (isArchive(bytes))
    throw new Problem(
      `${file} is a plan file of Terraform's: write its JSON with terraform show -json, and name that file`,
    );
  const text = textOf(bytes, file);
  const read = jsonOf(text, file);
  if (isObject(read) && isObject(read["planned_values"])) return readPlan(planJsonIn(text, file)).after;
  if (isObject(read) && isObject(read["resource"]) && Object.values(read["resource"]).every(holdsObjects))
    return stackOf(read);
  throw new Problem(`${file} is neither a synthesized stack (cdk.tf.json) nor a plan (terraform show -json)`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const holdsObjects = (value: unknown) => isObject(value) && Object.values(value).every(isObject);
