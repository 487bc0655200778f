/** The stack that a tool reads: synthesized from an environment's settings, or read from a file. */
import { App } from "cdktf";
import { remoteState } from "../config/environments";
import { findEnvironment } from "../config/find-environment";
import type { Settings } from "../config/schema";
import { textIn } from "../machine/files";
import { Problem } from "../machine/problem";
import { WebApp } from "../stacks/web-app";
import { readPlan } from "../terraform/plan";
import { stackOf, type Stack, type SynthesizedStack } from "../terraform/stack";

interface Target {
  readonly name: string;
  readonly stack: Stack;
  /** The environment's settings; left out for a file. */
  readonly settings?: Settings;
}

/** @param target an environment, or a file of JSON @throws Problem if there is none of that name */
export function targetOf(target: string | undefined): Target {
  if (target?.endsWith(".json")) return { name: target, stack: stackIn(target) };
  const { environment, settings } = findEnvironment(target);
  return { name: environment, stack: synthesized(environment, settings), settings };
}

/** The stack of an environment with these settings, synthesized in memory: nothing is written or deployed. */
export function synthesized(environment: string, settings: Settings): Stack {
  const stack = new WebApp(new App(), environment, { settings, remoteState });
  stack.prepareStack();
  return stackOf(JSON.parse(JSON.stringify(stack.toTerraform())) as SynthesizedStack);
}

/**
 * A synthesized stack, such as `cdktf.out/stacks/production/cdk.tf.json`, or a plan as `terraform show -json` prints it.
 *
 * @throws Problem if the file cannot be read, or is neither
 */
function stackIn(file: string): Stack {
  const text = textIn(file);
  try {
    const read = JSON.parse(text) as unknown;
    if (isObject(read) && isObject(read["planned_values"])) return readPlan(read).after;
    if (isObject(read) && isObject(read["resource"]) && Object.values(read["resource"]).every(holdsObjects))
      return stackOf(read);
  } catch (error) {
    throw new Problem(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new Problem(`${file} is neither a synthesized stack (cdk.tf.json) nor a plan (terraform show -json)`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const holdsObjects = (value: unknown) => isObject(value) && Object.values(value).every(isObject);
