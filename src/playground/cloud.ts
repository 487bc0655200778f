/** Reads what the playground plays from the emulated account. */
import type { Clients } from "../account/clients";
import { notPlayed } from "./balancer/not-played";
import { readAlarms } from "./cloud/alarms";
import { readBalancers, readTargetGroups } from "./cloud/balancers";
import { readGroups } from "./cloud/groups";
import { readNatGateways, readSubnets } from "./cloud/network";
import type { BalancerState, TargetGroupState } from "./cloud-state";
import type { AlarmOfMetric, GroupState, NatGatewayState, SubnetState } from "./group-state";

export interface CloudState {
  readonly groups: readonly GroupState[];
  readonly balancers: readonly BalancerState[];
  readonly targetGroups: readonly TargetGroupState[];
  readonly alarms: readonly AlarmOfMetric[];
  /** Of the networks that groups and load balancers are in. */
  readonly subnets: readonly SubnetState[];
  readonly natGateways: readonly NatGatewayState[];
  /** What exists and is not played, a sentence each. */
  readonly notes: readonly string[];
}

/** What is deleted while it is read is left out. @throws Error of the AWS SDK where the emulator does not answer */
export async function readCloud(clients: Clients): Promise<CloudState> {
  const notes: string[] = [];
  const note = (sentence: string) => void notes.push(sentence);
  const [groups, { balancers, networks }, targetGroups, alarms] = await Promise.all([
    readGroups(clients, note),
    readBalancers(clients, note),
    readTargetGroups(clients, note),
    readAlarms(clients, note),
  ]);
  const subnets = await readSubnets(clients, networks, groups);
  const natGateways = await readNatGateways(clients, subnets);
  notes.push(...notPlayed({ balancers, targetGroups }));
  return { groups, balancers, targetGroups, alarms, subnets, natGateways, notes: notes.sort() };
}

/** Takes a sentence on what exists and is not played. */
export type Note = (sentence: string) => void;
