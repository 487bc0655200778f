/** The synthesized JSON of a stack, as Terraform reads it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

export interface SynthesizedStack {
  /** By type, then by name. */
  readonly resource?: Blocks;
  /** By type, then by name. */
  readonly data?: Blocks;
}

/** @param folder of the stack, such as `cdktf.out/stacks/production` */
export function readStack(folder: string): SynthesizedStack {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as SynthesizedStack;
}
