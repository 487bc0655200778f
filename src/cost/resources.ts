/** The resources of a stack, as the bill looks at them. */
import type { Usage } from "./model";
import type { SynthesizedStack } from "../terraform/synthesized";

export type Values = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly type: string;
  /** Such as `aws_lb.load-balancer_x`. */
  readonly address: string;
  readonly values: Values;
}

export function resourcesOf({ resource = {} }: SynthesizedStack): Resource[] {
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, values]) => ({ type, address: `${type}.${name}`, values })),
  );
}

/** What the whole stack tells about a resource. */
export interface Context {
  readonly resources: readonly Resource[];
  readonly usage: Usage;
}

export const all = ({ resources }: Context, type: string) => resources.filter((resource) => resource.type === type);

/** The blocks of a kind, which are written as an object or as a list. */
export function blocks(values: Values | undefined, key: string): Values[] {
  const found = values?.[key];
  return found === undefined || found === null ? [] : ((Array.isArray(found) ? found : [found]) as Values[]);
}

/** What Terraform reads as a number; undefined where it is left out, or known only after the apply. */
export function numberIn(values: Values | undefined, key: string): number | undefined {
  const value = values?.[key];
  if (typeof value !== "number" && (typeof value !== "string" || value === "")) return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** How many a list has; subnets that are known only after the apply are references, one each. */
export const count = (values: Values, key: string) => (Array.isArray(values[key]) ? values[key].length : 0);
