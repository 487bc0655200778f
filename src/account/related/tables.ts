/** The table of how every type is found by its relations: a line an area. */
import type { Relations } from "../../takeover/relation";
import { firewall } from "./firewall";
import { fleet } from "./fleet";
import { loadBalancer } from "./load-balancer";
import { network } from "./network";
import { buckets, scaling } from "./scaling";

export const relations: Relations = { ...network, ...firewall, ...loadBalancer, ...fleet, ...scaling, ...buckets };
