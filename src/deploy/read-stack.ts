/** The stack that a tool reads: synthesized from an environment's settings, or read from a file. */
import { readFileSync } from "node:fs";
import { App } from "cdktf";
import { remoteState } from "../config/environments";
import type { Settings } from "../config/schema";
import { Problem } from "../machine/problem";
import { WebApp } from "../stacks/web-app";
import { stackOf, type Plan } from "../terraform/plan";
import type { SynthesizedStack } from "../terraform/synthesized";

/** The stack of an environment with these settings, synthesized in memory: nothing is written or deployed. */
export function synthesized(environment: string, settings: Settings): SynthesizedStack {
  const stack = new WebApp(new App(), environment, { settings, remoteState });
  stack.prepareStack();
  return JSON.parse(JSON.stringify(stack.toTerraform())) as SynthesizedStack;
}

/**
 * A synthesized stack, such as `cdktf.out/stacks/production/cdk.tf.json`, or a plan as `terraform show -json` prints it.
 *
 * @throws Problem if the file cannot be read, or is neither
 */
export function stackIn(file: string): SynthesizedStack {
  try {
    const read = JSON.parse(readFileSync(file, "utf8")) as SynthesizedStack & Plan;
    if (isObject(read) && isObject(read.planned_values)) return stackOf(read);
    if (isObject(read) && isObject(read.resource) && Object.values(read.resource).every(holdsObjects)) return read;
  } catch (error) {
    throw new Problem(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new Problem(`${file} is neither a synthesized stack (cdk.tf.json) nor a plan (terraform show -json)`);
}

const isObject = (value: unknown) => typeof value === "object" && value !== null;
const holdsObjects = (value: unknown) => isObject(value) && Object.values(value).every(isObject);
