/** The synthesized JSON of a stack, as Terraform reads it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

export interface SynthesizedStack {
  /** By type, then by name. */
  readonly resource?: Blocks;
  /** By type, then by name. */
  readonly data?: Blocks;
  readonly provider?: { readonly aws?: Provider | readonly Provider[] };
}

export interface Provider {
  readonly region?: string;
  readonly default_tags?: readonly { readonly tags?: Readonly<Record<string, string>> }[];
}

/** The environment and the region of a stack, where it names them. */
export function placeOf({ provider }: SynthesizedStack): { environment?: string; region?: string } {
  const [{ region, default_tags = [] } = {}] = [provider?.aws ?? {}].flat() as readonly Provider[];
  const environment = default_tags[0]?.tags?.["Environment"];
  return { ...(environment !== undefined && { environment }), ...(region !== undefined && { region }) };
}

/** @param folder of the stack, such as `cdktf.out/stacks/production` */
export function readStack(folder: string): SynthesizedStack {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as SynthesizedStack;
}

/** Path of the construct that made each resource, below the stack: `{"aws_lb.x": "load-balancer/load-balancer"}`. */
export function constructPaths(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readStack(folder).resource ?? {}).flatMap(([type, resources]) =>
      Object.entries(resources).flatMap(([name, resource]) => {
        const path = (resource["//"] as { metadata?: { path?: string } } | undefined)?.metadata?.path;
        return path === undefined ? [] : [[`${type}.${name}`, path.split("/").slice(1).join("/")] as const];
      }),
    ),
  );
}
