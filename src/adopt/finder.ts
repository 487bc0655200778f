/** What finds a resource in an account, and what it is given. */
import type { Clients } from "../account/clients";
import type { Tags } from "../account/part";

/** Something in the account that may be the resource. */
export interface Candidate {
  /** What `terraform import` knows it by; without it nothing exists. */
  readonly id: string | undefined;
  /** Left out where its type has none: then what it belongs to has been found already. */
  readonly tags?: Tags | undefined;
  readonly vpcId?: string | undefined;
}

/** What a resource says in the synthesized JSON, references replaced by the ids of what they refer to. */
export interface Wanted {
  /** An attribute that may be left out, as text. */
  readonly optional: (attribute: string) => string | undefined;
  /** An attribute without which the resource cannot exist. @throws NotThere if what it refers to does not exist */
  readonly needed: (attribute: string) => string;
  /** The tag `Name`. */
  readonly name: string;
}

/** What a resource refers to does not exist, so the resource does not either. */
export class NotThere extends Error {}

/**
 * Asks the account for a resource. The ids are those of the provider's documentation, under "Import" of each resource:
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs
 */
export type Finder = (clients: Clients, wanted: Wanted) => Promise<readonly Candidate[]>;
