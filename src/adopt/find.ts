/** Finds, for the resources that a state does not know, what stands in the account. */
import type { SynthesizedStack } from "../terraform/synthesized";
import { NotThere, type Candidate, type Clients, type Wanted } from "./finder";
import { finders, WRITTEN_OVER } from "./import-ids";

export interface Found {
  /** Of the resource, such as `aws_vpc.network_vpc`. */
  readonly address: string;
  readonly id: string;
}

export interface Findings {
  readonly found: readonly Found[];
  /** A line each: two or more things that may be the resource. */
  readonly doubled: readonly string[];
  /** A line each: what stands under the resource's name and is somebody else's. */
  readonly foreign: readonly string[];
  /** Addresses of which nobody knows how to find them. */
  readonly unknown: readonly string[];
}

type Attributes = Readonly<Record<string, unknown>>;

const REFERENCE = /^\$\{([a-z]\w*\.[\w-]+)\.\w+\}$/;

/** All resources of a stack, by address. */
export function resourcesOf({ resource = {} }: SynthesizedStack): Map<string, Attributes> {
  return new Map(
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, attributes]) => [`${type}.${name}`, attributes] as const),
    ),
  );
}

/**
 * @param environment value of the tag `Environment` of all that is the environment's
 * @param known ids of the resources in the state, by address
 */
export async function find(
  stack: SynthesizedStack,
  environment: string,
  known: ReadonlyMap<string, string>,
  clients: Clients,
): Promise<Findings> {
  const resources = resourcesOf(stack);
  const findings = { doubled: [] as string[], foreign: [] as string[], unknown: [] as string[] };
  const searches = new Map<string, Promise<string | undefined>>();

  const idOf = (address: string): Promise<string | undefined> => {
    const search = searches.get(address) ?? (known.has(address) ? Promise.resolve(known.get(address)) : seek(address));
    searches.set(address, search);
    return search;
  };

  const seek = async (address: string): Promise<string | undefined> => {
    const attributes = resources.get(address);
    if (attributes === undefined) return undefined;
    const finder = finders[address.split(".")[0] ?? ""];
    if (finder === undefined) findings.unknown.push(address);
    if (finder === undefined || finder === WRITTEN_OVER) return undefined;
    const candidates = await unlessNotThere(finder(clients, await wantedFrom(attributes, idOf)));
    const vpc = [...resources.keys()].find((other) => other.startsWith("aws_vpc."));
    const vpcId = vpc === undefined || vpc === address ? undefined : await idOf(vpc);
    const ours: string[] = [];
    for (const candidate of candidates) {
      if (candidate.id === undefined) continue;
      const reason = foreignness(candidate, environment, vpcId);
      if (reason === undefined) ours.push(candidate.id);
      else findings.foreign.push(`${address}: ${candidate.id} ${reason}`);
    }
    if (ours.length > 1) findings.doubled.push(`${address}: ${ours.join(" and ")} both stand`);
    return ours[0];
  };

  const missing = [...resources.keys()].filter((address) => !known.has(address));
  const ids = await Promise.all(missing.map(async (address) => ({ address, id: await idOf(address) })));
  return { ...findings, found: ids.flatMap(({ address, id }) => (id === undefined ? [] : { address, id })) };
}

/** Why a candidate is not the environment's, as the end of a sentence; nothing if it is. */
export function foreignness(
  { tags, vpcId }: Candidate,
  environment: string,
  ourVpcId: string | undefined,
): string | undefined {
  if (tags !== undefined && !tags.some(({ Key, Value }) => Key === "Environment" && Value === environment))
    return `is without the tag Environment=${environment}`;
  if (vpcId !== undefined && ourVpcId !== undefined && vpcId !== ourVpcId) return `is in ${vpcId}, not in ${ourVpcId}`;
  return undefined;
}

/** Reads a resource's attributes, with the ids of what they refer to. */
export async function wantedFrom(
  attributes: Attributes,
  idOf: (address: string) => Promise<string | undefined>,
): Promise<Wanted> {
  const values = new Map<string, string | undefined>();
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value !== "string" && typeof value !== "number") continue;
    const address = REFERENCE.exec(String(value))?.[1];
    values.set(attribute, address === undefined ? String(value) : await idOf(address));
  }
  const { tags } = attributes as { tags?: { Name?: string } };
  return {
    name: tags?.Name ?? "",
    optional: (attribute) => values.get(attribute),
    needed: (attribute) => {
      const value = values.get(attribute);
      if (value === undefined) throw new NotThere(attribute);
      return value;
    },
  };
}

async function unlessNotThere(search: Promise<readonly Candidate[]>): Promise<readonly Candidate[]> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof NotThere) return [];
    throw error;
  }
}
