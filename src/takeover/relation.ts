/** A function that finds a resource in an account by what it is connected to, whatever its name and tags are. */
import type { Clients } from "../account/clients";
import type { Values } from "../terraform/values";

/** Something in the account that may be the resource. */
export interface Thing {
  /** The id for `terraform import`. */
  readonly id: string;
  /** What a person knows it by, such as its name. */
  readonly called?: string | undefined;
  /** Name of the CloudFormation stack that manages it. */
  readonly cloudFormation?: string | undefined;
}

/** A resource of the synthesized JSON, with the ways from it to others. References are followed only when they are asked for. */
export interface Seeker {
  readonly address: string;
  /** Its attributes in the synthesized JSON. */
  readonly values: Values;
  /** An attribute as text, a reference as the id of what it refers to; of a list the first. @throws NoWay if that is not found */
  readonly needed: (attribute: string) => Promise<string>;
  /** An attribute as it is written, as text. */
  readonly written: (attribute: string) => string | undefined;
  /** Its own id, as it is found. @throws NoWay */
  readonly self: () => Promise<string>;
  /** Resources of a type that refer to this one, in one attribute or in any. */
  readonly referring: (type: string, attribute?: string) => readonly Seeker[];
}

/** What leads to the resource does not exist, or is not found. */
export class NoWay extends Error {}

export type Relation = (clients: Clients, seeker: Seeker) => Promise<readonly Thing[]>;

/** How each type is found; `new` for what is never found: it has no counterpart, or a deploy writes over it. */
export type Relations = Readonly<Record<string, Relation | "new">>;
