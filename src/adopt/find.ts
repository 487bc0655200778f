/** Finds the resources in the account that a state does not have. */
import type { AccountTypes } from "../account/part";
import type { Clients } from "../account/clients";
import { ENVIRONMENT_TAG } from "../aws/names";
import type { Stack } from "../terraform/stack";
import type { Values } from "../terraform/values";
import { NotThere, type Candidate, type Wanted } from "./finder";

export interface Found {
  /** Address of the resource, such as `aws_vpc.network_vpc`. */
  readonly address: string;
  readonly id: string;
}

export interface Findings {
  readonly found: readonly Found[];
  /** A line each: a resource for which there are two or more candidates. */
  readonly doubled: readonly string[];
  /** A line each: a candidate that has the resource's name and does not belong to the environment. */
  readonly foreign: readonly string[];
  /** Addresses of resources whose type cannot be found. */
  readonly unknown: readonly string[];
}

const REFERENCE = /^\$\{([a-z]\w*\.[\w-]+)\.\w+\}$/;

/**
 * @param environment value of the tag `Environment` of the environment's resources
 * @param known ids of the resources in the state, by address
 * @param types how each type is found
 * @param clientsIn a region; undefined for the environment's own
 */
export async function find(
  stack: Stack,
  environment: string,
  known: ReadonlyMap<string, string>,
  types: AccountTypes,
  clientsIn: (region: string | undefined) => Clients,
): Promise<Findings> {
  const resources = new Map(stack.resources.map((resource) => [resource.address, resource]));
  const findings = { doubled: [] as string[], foreign: [] as string[], unknown: [] as string[] };
  const searches = new Map<string, Promise<string | undefined>>();

  const idOf = (address: string): Promise<string | undefined> => {
    const search = searches.get(address) ?? (known.has(address) ? Promise.resolve(known.get(address)) : seek(address));
    searches.set(address, search);
    return search;
  };

  const seek = async (address: string): Promise<string | undefined> => {
    const resource = resources.get(address);
    if (resource === undefined) return undefined;
    const finder = types[resource.type]?.find;
    if (finder === undefined) findings.unknown.push(address);
    if (finder === undefined || finder === "written over") return undefined;
    const wanted = await wantedFrom(resource.values, idOf);
    const candidates = await unlessNotThere(finder(clientsIn(resource.region), wanted));
    const vpc = stack.of("aws_vpc")[0]?.address;
    const vpcId = vpc === undefined || vpc === address ? undefined : await idOf(vpc);
    const ours: string[] = [];
    for (const candidate of candidates) {
      if (candidate.id === undefined) continue;
      const reason = foreignness(candidate, environment, vpcId);
      if (reason === undefined) ours.push(candidate.id);
      else findings.foreign.push(`${address}: ${candidate.id} ${reason}`);
    }
    if (ours.length > 1) findings.doubled.push(`${address}: ${ours.join(" and ")} both exist`);
    return ours[0];
  };

  const missing = [...resources.keys()].filter((address) => !known.has(address));
  const ids = await Promise.all(missing.map(async (address) => ({ address, id: await idOf(address) })));
  return { ...findings, found: ids.flatMap(({ address, id }) => (id === undefined ? [] : { address, id })) };
}

/** Why a candidate does not belong to the environment, as the end of a sentence; undefined if it does. */
export function foreignness(
  { tags, vpcId }: Candidate,
  environment: string,
  ourVpcId: string | undefined,
): string | undefined {
  if (tags !== undefined && !tags.some(({ Key, Value }) => Key === ENVIRONMENT_TAG && Value === environment))
    return `does not have the tag ${ENVIRONMENT_TAG}=${environment}`;
  if (vpcId !== undefined && ourVpcId !== undefined && vpcId !== ourVpcId) return `is in ${vpcId}, not in ${ourVpcId}`;
  return undefined;
}

/** Reads a resource's attributes, with references replaced by ids. */
export async function wantedFrom(
  attributes: Values,
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
