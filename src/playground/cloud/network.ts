/** The subnets of the networks that are played, and their ways to the internet. */
import {
  paginateDescribeNatGateways,
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  type RouteTable,
  type Subnet,
} from "@aws-sdk/client-ec2";
import type { Clients } from "../../account/clients";
import type { GroupState, NatGatewayState, SubnetState } from "../group-state";

/** @param networks ids of VPCs; those of the groups' subnets are added */
export async function readSubnets(
  { ec2: client }: Clients,
  networks: readonly string[],
  groups: readonly Pick<GroupState, "subnets">[],
): Promise<SubnetState[]> {
  const all: Subnet[] = [];
  for await (const { Subnets = [] } of paginateDescribeSubnets({ client }, {})) all.push(...Subnets);
  const tables: RouteTable[] = [];
  for await (const { RouteTables = [] } of paginateDescribeRouteTables({ client }, {})) tables.push(...RouteTables);
  const used = groups.flatMap(({ subnets }) => subnets);
  const played = new Set([
    ...networks,
    ...all.filter(({ SubnetId = "" }) => used.includes(SubnetId)).map(({ VpcId }) => VpcId),
  ]);
  return all
    .filter(({ VpcId }) => played.has(VpcId))
    .map((subnet) => subnetOf(subnet, tables))
    .sort((one, other) => one.zone.localeCompare(other.zone) || one.cidr.localeCompare(other.cidr));
}

function subnetOf(
  { SubnetId = "", VpcId, AvailabilityZone = "", CidrBlock = "" }: Subnet,
  tables: readonly RouteTable[],
) {
  const ofNetwork = tables.filter((table) => table.VpcId === VpcId);
  const associated = (is: { readonly SubnetId?: string; readonly Main?: boolean }) => (table: RouteTable) =>
    (table.Associations ?? []).some((each) => (is.Main ? each.Main : each.SubnetId === is.SubnetId));
  // A subnet without a route table of its own has the network's main one.
  const table = ofNetwork.find(associated({ SubnetId })) ?? ofNetwork.find(associated({ Main: true }));
  const route = table?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0");
  return {
    id: SubnetId,
    zone: AvailabilityZone,
    cidr: CidrBlock,
    isPublic: route?.GatewayId?.startsWith("igw-") ?? false,
    natGateway: route?.NatGatewayId,
  };
}

/** Those that are in these subnets. */
export async function readNatGateways(
  { ec2: client }: Clients,
  subnets: readonly Pick<SubnetState, "id">[],
): Promise<NatGatewayState[]> {
  const found: NatGatewayState[] = [];
  for await (const { NatGateways = [] } of paginateDescribeNatGateways({ client }, {}))
    for (const { NatGatewayId: id = "", SubnetId: subnetId = "", State: state = "" } of NatGateways)
      if (state !== "deleted" && subnets.some((subnet) => subnet.id === subnetId)) found.push({ id, subnetId, state });
  return found;
}
