/** Finds the resources of a stack that exists already: by the ids that are given, by another state, by their relations. */
import type { Clients } from "../account/clients";
import type { Resource, Stack } from "../terraform/stack";
import { NoWay, type Relations, type Seeker, type Thing } from "./relation";

export interface Found extends Thing {
  readonly address: string;
}

export interface Findings {
  readonly found: readonly Found[];
  /** Resources for which there are two or more. */
  readonly ambiguous: readonly { readonly address: string; readonly candidates: readonly Thing[] }[];
  /** Addresses of resources that do not exist, or to which nothing leads. */
  readonly missing: readonly string[];
}

export interface Known {
  /** Ids that are given, by address. */
  readonly ids: ReadonlyMap<string, string>;
  /** Ids in the environment's own state, by address: they are not looked for. */
  readonly state: ReadonlyMap<string, string>;
  /** Ids for `terraform import` of the resources in another state, by type. */
  readonly other: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A reference as cdktf writes it: `${aws_vpc.network_vpc_4E8F0223.id}`. */
const REFERENCE = /^\$\{([a-z]\w*\.[\w-]+)\.\w+\}$/;

export async function findRelated(
  stack: Stack,
  known: Known,
  relations: Relations,
  clientsIn: (region: string | undefined) => Clients,
): Promise<Findings> {
  const resources = new Map(stack.resources.map((resource) => [resource.address, resource]));
  const ambiguous: Findings["ambiguous"][number][] = [];
  const searches = new Map<string, Promise<Thing | undefined>>();

  const find = (address: string): Promise<Thing | undefined> => {
    const id = known.state.get(address) ?? known.ids.get(address);
    const search = searches.get(address) ?? (id === undefined ? seek(address) : Promise.resolve({ id }));
    searches.set(address, search);
    return search;
  };

  const seek = async (address: string): Promise<Thing | undefined> => {
    const resource = resources.get(address);
    const relation = relations[resource?.type ?? ""];
    if (resource === undefined || relation === undefined || relation === "new") return undefined;
    const candidates = await unlessNoWay(relation(clientsIn(resource.region), seekerOf(resource)));
    const inOther = candidates.filter(({ id }) => known.other.get(resource.type)?.has(id));
    const [only, ...more] = distinct(inOther.length > 0 ? inOther : candidates);
    if (only !== undefined && more.length > 0) ambiguous.push({ address, candidates: [only, ...more] });
    return more.length > 0 ? undefined : only;
  };

  const seekerOf = ({ address, values }: Resource): Seeker => ({
    address,
    values,
    async needed(attribute) {
      const text = textOf([values[attribute]].flat()[0]);
      const to = REFERENCE.exec(text ?? "")?.[1];
      const value = to === undefined ? text : (await find(to))?.id;
      if (value === undefined) throw new NoWay(attribute);
      return value;
    },
    written: (attribute) => textOf(values[attribute]),
    async self() {
      const found = await find(address);
      if (found === undefined) throw new NoWay(address);
      return found.id;
    },
    referring: (type, attribute) =>
      stack
        .of(type)
        .filter((other) => refersTo(attribute === undefined ? other.values : other.values[attribute], address))
        .map(seekerOf),
  });

  const missing: string[] = [];
  const found: Found[] = [];
  const taken = new Set<string>();
  for (const { address, type } of stack.resources) {
    if (known.state.has(address)) continue;
    const one = await find(address);
    // Where one thing serves in two places, such as one route table for two zones, only the first place can have it.
    const key = `${type} ${one?.id ?? ""}`;
    if (one !== undefined && !taken.has(key)) found.push({ address, ...one });
    else if (!ambiguous.some((each) => each.address === address)) missing.push(address);
    taken.add(key);
  }
  return { found, ambiguous, missing };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;

/** Whether any attribute refers to a resource; an order among resources (`depends_on`) is no relation. */
export function refersTo(value: unknown, address: string): boolean {
  if (typeof value === "string") return value.includes(`\${${address}.`);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, part]) => key !== "depends_on" && refersTo(part, address));
}

function distinct(things: readonly Thing[]): readonly Thing[] {
  return [...new Map(things.map((each) => [each.id, each])).values()];
}

async function unlessNoWay(search: Promise<readonly Thing[]>): Promise<readonly Thing[]> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof NoWay) return [];
    throw error;
  }
}
