/** The table of all areas of the deployment in an AWS account: a line an area. */
import type { Settings } from "../config/schema";
import type { Fact } from "../verify/fact";
import { bastion } from "./bastion";
import { buckets } from "./buckets";
import { firewall } from "./firewall";
import { fleet } from "./fleet";
import { loadBalancer } from "./load-balancer";
import { network } from "./network";
import type { Account, AccountTypes, Part } from "./part";
import { roles } from "./roles";
import { scaling } from "./scaling";

/** In the document's order. */
const parts = { network, firewall, loadBalancer, fleet, scaling, bastion };

type SeenOf<One> = One extends Part<infer Seen> ? Seen : never;
type All<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer Each) => void
  ? Each
  : never;

/** The observations of all parts of an environment. */
export type Observed = All<SeenOf<(typeof parts)[keyof typeof parts]>>;

export const accountTypes: AccountTypes = {
  ...network.types,
  ...firewall.types,
  ...loadBalancer.types,
  ...fleet.types,
  ...scaling.types,
  ...bastion.types,
  ...roles,
  ...buckets,
};

/** Asks AWS for everything that is checked. */
export async function observe(account: Account): Promise<Observed> {
  const seen = await Promise.all(Object.values(parts).map((part) => part.observe(account)));
  return Object.assign({}, ...seen) as Observed;
}

/** The values that the settings expect of an environment, beside the observed ones. */
export const factsOf = (environment: string, settings: Settings, seen: Observed): Fact[] =>
  Object.values(parts).flatMap(({ facts }) => facts(environment, settings, seen));
