/** The table of all resource types: a line an area. */
import { bastion } from "./bastion";
import { buckets } from "./buckets";
import { firewall } from "./firewall";
import { fleet } from "./fleet";
import { loadBalancer } from "./load-balancer";
import { network } from "./network";
import { POLICIES } from "./policies";
import type { ResourceTypes } from "./resource-type";
import { roles } from "./roles";
import { scaling } from "./scaling";
import { stores } from "./stores";

/** In the order in which a review lists the consequences. */
export const resourceTypes: ResourceTypes = {
  ...loadBalancer,
  ...network,
  ...fleet,
  ...firewall,
  ...scaling,
  ...bastion,
  ...roles,
  ...buckets,
  ...stores,
};

/** The tables that a review needs. */
export const reviewTables = { types: resourceTypes, policies: POLICIES };
