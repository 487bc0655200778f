/** What the tools know of a type of Terraform resource: pure data, no AWS SDK. */
import type { Amount, Context, Item } from "../cost/model";
import type { Consequence } from "../plan-review/consequences";
import type { Violated } from "../plan-review/policy";
import type { Values } from "../terraform/values";
import type { PolicyId } from "./policies";

export interface ResourceType {
  /** `free` where only what it launches, keeps or lets through costs; `unpriced` where its prices are not known here. */
  readonly cost: "free" | "unpriced" | Item;
  /** It holds data or carries traffic: a review names its deletion or replacement first. */
  readonly precious?: true;
  /** The policies that it must meet, each with what breaks it. */
  readonly policies?: Readonly<Partial<Record<PolicyId, Violated>>>;
  /** What a change of it means. */
  readonly consequences?: readonly Consequence[];
  /** How many application servers it runs, by which a bill's three amounts differ. */
  readonly servers?: (values: Values, context: Context) => Amount | undefined;
}

/** By type, such as `aws_vpc`. */
export type ResourceTypes = Readonly<Record<string, ResourceType>>;

/** Several types of which the tools know the same. */
export const alike = (types: readonly string[], known: ResourceType): ResourceTypes =>
  Object.fromEntries(types.map((type) => [type, known]));
