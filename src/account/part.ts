/** An area of the deployment in an AWS account: how its resources are found, what is observed, and what is expected. */
import type { Finder } from "../adopt/finder";
import type { Settings } from "../config/schema";
import type { Fact } from "../verify/fact";
import type { Clients } from "./clients";
import type { Observed } from "./tables";

/** How a type of Terraform resource is found. */
export interface AccountType {
  /** `written over` if a deploy overwrites an existing one, whether the state has it or not. */
  readonly find: Finder | "written over";
  /** AWS does not return all of its attributes, so Terraform creates the same one again under the same name. */
  readonly madeAnew?: true;
}

/** By type, such as `aws_vpc`. */
export type AccountTypes = Readonly<Record<string, AccountType>>;

/** An environment in the account that it is deployed to. */
export interface Account {
  readonly environment: string;
  readonly settings: Settings;
  /** In the environment's region. */
  readonly clients: Clients;
}

export interface Part<Seen extends object> {
  readonly types: AccountTypes;
  /** Asks AWS; a missing resource is undefined or an empty list. */
  readonly observe: (account: Account) => Promise<Seen>;
  /** The expected values beside the observed ones; none for a section that the settings leave out. */
  readonly facts: (environment: string, settings: Settings, seen: Observed) => Fact[];
}

/** A tag of AWS's answers. */
export type Tags = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

export const nameTag = (tags: Tags | undefined) => tags?.find(({ Key }) => Key === "Name")?.Value ?? "nothing";

export const byNameTag = (name: string) => ({ Name: "tag:Name", Values: [name] });

/** AWS answers a request by name with an error if nothing has that name; this makes it undefined. */
export async function orNothing<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (
      error instanceof Error &&
      /NotFound|NoSuchEntity|not found|do(es)? not exist/i.test(`${error.name} ${error.message}`)
    )
      return undefined;
    throw error;
  }
}
