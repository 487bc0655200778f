/** Checks the resources in the account against the settings, and what a takeover keeps against what is kept. */
import { clientConfig } from "../account/client-config";
import { clientsFor } from "../account/clients";
import { factsOf, observe } from "../account/tables";
import { keyPairNameIn, nameIn, UNPREFIXED } from "../aws/names";
import { keptIn, type Kept } from "../config/kept";
import type { Settings } from "../config/schema";
import { keptSettings, withKept } from "../resources/kept-settings";
import { isAt } from "../terraform/addresses";
import type { Fact } from "../verify/fact";
import { check } from "../verify/verify";
import type { Workspace } from "./workspace";

/**
 * @returns the number of checks
 * @throws Problem with a line for each check that fails
 */
export async function verify(workspace: Workspace): Promise<number> {
  const { environment, emulated } = workspace;
  const kept = keptIn(environment, emulated);
  const settings = withKept(asInAws(environment, workspace.settings), keptSettings(kept));
  const clients = clientsFor(clientConfig(workspace, settings.region));
  const facts = factsOf(UNPREFIXED, settings, await observe({ environment: UNPREFIXED, settings, clients }));
  return check(
    environment,
    facts.map((each) => ({ ...each, isKept: isKept(each, kept) })),
  );
}

/** With the names that things have in AWS: what is kept has no environment's prefix. */
export function asInAws(environment: string, settings: Settings): Settings {
  const { names, fleet, bastion } = settings;
  const inAws = <Section extends { keyPair?: Settings["fleet"]["keyPair"] }>(section: Section): Section =>
    section.keyPair === undefined
      ? section
      : { ...section, keyPair: { name: keyPairNameIn(environment, section.keyPair) } };
  const prefixed = Object.entries(names).map(([key, name]) => [
    key,
    key === "style" ? name : nameIn(environment, name),
  ]);
  return {
    ...settings,
    names: Object.fromEntries(prefixed) as Settings["names"],
    fleet: inAws(fleet),
    ...(bastion && { bastion: inAws(bastion) }),
  };
}

/** Whether a check is about a resource of which something is kept that has no setting, or is not created yet. */
export const isKept = ({ construct }: Fact, { kept, later }: Kept) =>
  construct !== undefined &&
  [...kept.map(({ address }) => address), ...later].some((address) => isAt(address, construct));
