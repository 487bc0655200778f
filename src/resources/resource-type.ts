/** What the tools know of a type of Terraform resource: pure data, no AWS SDK. */
import type { Amount, Context, Item } from "../cost/model";
import type { Consequence } from "../plan-review/consequences";
import type { Violated } from "../plan-review/policy";
import type { Values } from "../terraform/values";
import type { PolicyId } from "./policies";

export interface ResourceType {
  /** `free` if AWS does not bill the resource itself; `unpriced` if its prices are not known here. */
  readonly cost: "free" | "unpriced" | Item;
  /** It holds data or carries traffic: a review names its deletion or replacement first. */
  readonly precious?: true;
  /** The attribute whose `true` makes AWS refuse its deletion, and what turns it off. */
  readonly protection?: { readonly attribute: string; readonly cure: string };
  /** The policies that it must meet, each with the check for a violation. */
  readonly policies?: Readonly<Partial<Record<PolicyId, Violated>>>;
  /** The consequences of changing it. */
  readonly consequences?: readonly Consequence[];
  /**
   * Attributes whose change interrupts nothing, and changes nothing that runs. For any other one a takeover asks nobody and keeps it.
   */
  readonly harmless?: readonly string[];
  /** Creating one interrupts nothing and is used by nothing yet: always, or only in a resource that is created as well. */
  readonly harmlessNew?: true | { readonly in: string };
  /** How many application servers it runs, on which a bill's three amounts depend. */
  readonly servers?: (values: Values, context: Context) => Amount | undefined;
}

/** By type, such as `aws_vpc`. */
export type ResourceTypes = Readonly<Record<string, ResourceType>>;

/** Several types that share one entry. */
export const alike = (types: readonly string[], known: ResourceType): ResourceTypes =>
  Object.fromEntries(types.map((type) => [type, known]));
