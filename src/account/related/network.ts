/** The network, found from its VPC and the blocks of its subnets. */
import {
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type RouteTable,
} from "@aws-sdk/client-ec2";
import type { Relations, Seeker } from "../../takeover/relation";
import type { Clients } from "../clients";
import { isLive } from "../network";
import { thing } from "./thing";

const by = (Name: string, ...Values: string[]) => ({ Name, Values });
const inVpc = async (seeker: Seeker) => by("vpc-id", await seeker.needed("vpc_id"));

async function tables({ ec2 }: Clients, ...Filters: ReturnType<typeof by>[]): Promise<readonly RouteTable[]> {
  return (await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables ?? [];
}

export const network: Relations = {
  async aws_vpc({ ec2 }, { needed }) {
    const Filters = [by("cidr", await needed("cidr_block"))];
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters }));
    return Vpcs.flatMap(({ VpcId, Tags }) => thing(VpcId, Tags));
  },

  async aws_subnet({ ec2 }, seeker) {
    const Filters = [await inVpc(seeker), by("cidr-block", await seeker.needed("cidr_block"))];
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    return Subnets.flatMap(({ SubnetId, Tags }) => thing(SubnetId, Tags));
  },

  async aws_internet_gateway({ ec2 }, { needed }) {
    const Filters = [by("attachment.vpc-id", await needed("vpc_id"))];
    const { InternetGateways = [] } = await ec2.send(new DescribeInternetGatewaysCommand({ Filters }));
    return InternetGateways.flatMap(({ InternetGatewayId, Tags }) => thing(InternetGatewayId, Tags));
  },

  /** That of its subnets; without an association of their own, the VPC's main table serves them. */
  async aws_route_table(clients, { needed, referring }) {
    const subnets = await Promise.all(
      referring("aws_route_table_association").map((association) => association.needed("subnet_id")),
    );
    if (subnets.length === 0) return [];
    const own = await tables(clients, by("association.subnet-id", ...subnets));
    const found =
      own.length > 0
        ? own
        : await tables(clients, by("vpc-id", await needed("vpc_id")), by("association.main", "true"));
    return found.flatMap(({ RouteTableId, Tags }) => thing(RouteTableId, Tags));
  },

  async aws_route_table_association(clients, { needed }) {
    const subnet = await needed("subnet_id");
    const found = await tables(clients, by("association.subnet-id", subnet));
    return found.flatMap(({ RouteTableId = "" }) => thing(`${subnet}/${RouteTableId}`));
  },

  async aws_route(clients, { needed }) {
    const [table, destination] = [await needed("route_table_id"), await needed("destination_cidr_block")];
    const [found] = await tables(clients, by("route-table-id", table));
    const exists = found?.Routes?.some(({ DestinationCidrBlock }) => DestinationCidrBlock === destination) ?? false;
    return exists ? thing(`${table}_${destination}`) : [];
  },

  async aws_nat_gateway({ ec2 }, { needed }) {
    const Filter = [by("subnet-id", await needed("subnet_id"))];
    const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({ Filter }));
    return NatGateways.filter(isLive).flatMap(({ NatGatewayId, Tags }) => thing(NatGatewayId, Tags));
  },

  async aws_eip({ ec2 }, { referring }) {
    const NatGatewayIds = await Promise.all(referring("aws_nat_gateway").map((gateway) => gateway.self()));
    // Without an id AWS lists all of them.
    if (NatGatewayIds.length === 0) return [];
    const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds }));
    const AllocationIds = NatGateways.flatMap(({ NatGatewayAddresses = [] }) =>
      NatGatewayAddresses.flatMap(({ AllocationId }) => AllocationId ?? []),
    );
    if (AllocationIds.length === 0) return [];
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({ AllocationIds }));
    return Addresses.flatMap(({ AllocationId, Tags, PublicIp }) => thing(AllocationId, Tags, PublicIp));
  },

  async aws_vpc_endpoint({ ec2 }, seeker) {
    const Filters = [await inVpc(seeker), by("service-name", await seeker.needed("service_name"))];
    const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters }));
    return VpcEndpoints.filter(isLive).flatMap(({ VpcEndpointId, Tags }) => thing(VpcEndpointId, Tags));
  },
};
