/** What a tool reads: the stack of an environment, synthesized here, or one in a file. */
import { readFileSync } from "node:fs";
import { App } from "cdktf";
import { environments, remoteState } from "../config/environments";
import type { Settings } from "../config/schema";
import { validate } from "../config/validate";
import { Problem } from "../machine/problem";
import { WebApp } from "../stacks/web-app";
import { stackOf, type Plan } from "../terraform/plan";
import type { SynthesizedStack } from "../terraform/synthesized";

/** @throws Problem where there is no such environment, SettingsError where one is wrong */
export function settingsOf(environment: string): Settings {
  const settings = validate({ environments, remoteState }).environments[environment];
  if (settings !== undefined) return settings;
  const known = Object.keys(environments).join(", ");
  throw new Problem(`${environment} is not an environment; there are ${known}, or a file of JSON`);
}

/** What stands when the settings are deployed, without deploying or writing anything. */
export function synthesized(environment: string, settings: Settings): SynthesizedStack {
  const stack = new WebApp(new App(), environment, { settings, remoteState });
  stack.prepareStack();
  return JSON.parse(JSON.stringify(stack.toTerraform())) as SynthesizedStack;
}

/** A synthesized stack, such as `cdktf.out/stacks/production/cdk.tf.json`, or a plan as `terraform show -json` tells it. */
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
const holdsObjects = (value: unknown) => isObject(value) && Object.values(value as object).every(isObject);
