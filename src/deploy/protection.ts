/** What keeps an environment from being deleted. */
import { Problem } from "../machine/problem";
import type { ResourceTypes } from "../resources/resource-type";
import type { Resource } from "../terraform/stack";

/** AWS is going to refuse to delete a resource. */
export class Protected extends Problem {}

/**
 * @param resources as the settings have them, and as they are in the account
 * @throws Protected with a line for each protected resource, and the steps that lead on
 */
export function refuseProtected(environment: string, resources: readonly Resource[], types: ResourceTypes): void {
  const found = new Map(
    resources.flatMap(({ type, address, values }) => {
      const protection = types[type]?.protection;
      return protection !== undefined && values[protection.attribute] === true ? [[address, protection.cure]] : [];
    }),
  );
  if (found.size === 0) return;
  throw new Protected(
    [
      ...[...found].map(([address, cure]) => `${address} is protected against deletion: ${cure}`),
      `Nothing was destroyed. After that: npm run deploy -- ${environment}, then npm run destroy -- ${environment} ${environment}`,
    ].join("\n"),
  );
}
