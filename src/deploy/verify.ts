/** Checks the resources in the account against the settings. */
import { clientConfig } from "../account/client-config";
import { clientsFor } from "../account/clients";
import { factsOf, observe } from "../account/tables";
import { check } from "../verify/verify";
import type { Workspace } from "./workspace";

/**
 * @returns the number of checks
 * @throws Problem with a line for each check that fails
 */
export async function verify(workspace: Workspace): Promise<number> {
  const { environment, settings } = workspace;
  const clients = clientsFor(clientConfig(workspace, settings.region));
  return check(environment, factsOf(environment, settings, await observe({ environment, settings, clients })));
}
