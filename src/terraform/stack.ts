/** The view of a stack that every tool shares: resources with their regions, from the synthesized JSON or from a plan. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENT_TAG } from "../aws/names";
import { regionIn } from "./region";
import type { Values } from "./values";

export interface Resource {
  readonly type: string;
  /** Such as `aws_lb.load-balancer_x`. */
  readonly address: string;
  /** Region of its provider; undefined where that is not known. */
  readonly region: string | undefined;
  readonly values: Values;
}

export interface Stack {
  /** Region of the provider without an alias; undefined where it is not known. */
  readonly region: string | undefined;
  /** The provider's default tag `Environment`. */
  readonly environment: string | undefined;
  readonly resources: readonly Resource[];
  /** Addresses of the modules whose resources are not listed: only a plan has them. */
  readonly modules: readonly string[];
  /** All resources of a type. */
  readonly of: (type: string) => readonly Resource[];
}

/** The JSON that CDKTF synthesizes, by type and then by name. */
export interface SynthesizedStack {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
  readonly module?: Readonly<Record<string, Values>>;
  readonly provider?: { readonly aws?: Provider | readonly Provider[] };
}

export interface Provider {
  readonly alias?: string;
  readonly region?: string;
  readonly default_tags?: readonly { readonly tags?: Readonly<Record<string, string>> }[];
}

/** Puts a stack together. @param place the stack's region and environment */
export function stackFrom(
  resources: readonly Resource[],
  place: Pick<Stack, "region" | "environment">,
  modules: readonly string[] = [],
): Stack {
  const groups = byType(resources);
  return { ...place, resources, modules, of: (type) => groups.get(type) ?? [] };
}

/** The things by type; within a type they keep their order. */
export function byType<Thing extends { readonly type: string }>(things: readonly Thing[]): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const same = groups.get(thing.type);
    if (same === undefined) groups.set(thing.type, [thing]);
    else same.push(thing);
  }
  return groups;
}

/** Reads the synthesized JSON. */
export function stackOf({ resource = {}, module = {}, provider }: SynthesizedStack): Stack {
  const providers = [provider?.aws ?? {}].flat() as readonly Provider[];
  const main = providers.find(({ alias }) => alias === undefined) ?? {};
  // `aws.ALIAS` names another provider, which may be in another region; the resource's own region takes precedence.
  const regionOf = (values: Values) => {
    const { provider: named } = values;
    const its =
      named === undefined
        ? main
        : providers.find(({ alias }) =>
            [`aws.${String(alias)}`, `\${aws.${String(alias)}}`].some((name) => name === named),
          );
    return regionIn(values) ?? regionIn({ region: its?.region });
  };
  const resources = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, values]) => ({
      type,
      address: `${type}.${name}`,
      region: regionOf(values),
      values,
    })),
  );
  const modules = Object.keys(module).map((name) => `module.${name}`);
  return stackFrom(resources, { region: regionIn({ region: main.region }), environment: environmentIn(main) }, modules);
}

export const environmentIn = ({ default_tags = [] }: Pick<Provider, "default_tags">) =>
  default_tags[0]?.tags?.[ENVIRONMENT_TAG];

/** @param folder of the stack, such as `cdktf.out/stacks/production` */
export const readStack = (folder: string): SynthesizedStack =>
  JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as SynthesizedStack;

/** Path of the construct that creates each resource, below the stack: `{"aws_lb.x": "load-balancer/load-balancer"}`. */
export function constructPaths(folder: string): Record<string, string> {
  return Object.fromEntries(
    stackOf(readStack(folder)).resources.flatMap(({ address, values }) => {
      const path = (values["//"] as { metadata?: { path?: string } } | undefined)?.metadata?.path;
      return path === undefined ? [] : [[address, path.split("/").slice(1).join("/")] as const];
    }),
  );
}
