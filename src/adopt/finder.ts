/** A function that finds a resource in an account, and its input. */
import type { Clients } from "../account/clients";
import type { Tags } from "../account/part";

/** A candidate in the account for the resource. */
export interface Candidate {
  /** The id for `terraform import`; undefined if the resource does not exist. */
  readonly id: string | undefined;
  /** Left out if its type has no tags: then the resource that it belongs to is already identified. */
  readonly tags?: Tags | undefined;
  readonly vpcId?: string | undefined;
}

/** A resource's attributes in the synthesized JSON, with references replaced by ids. */
export interface Wanted {
  /** An optional attribute, as text. */
  readonly optional: (attribute: string) => string | undefined;
  /** A required attribute, as text. @throws NotThere if the resource that it refers to does not exist */
  readonly needed: (attribute: string) => string;
  /** The tag `Name`. */
  readonly name: string;
}

/** The resource that another refers to does not exist, so the other does not exist either. */
export class NotThere extends Error {}

/**
 * Asks the account for a resource. The ids are those of the provider's documentation, under "Import" of each resource:
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs
 */
export type Finder = (clients: Clients, wanted: Wanted) => Promise<readonly Candidate[]>;
