/** The network in an account. */
import { INTERNET } from "../aws/internet";
import {
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { nameIn } from "../aws/names";
import { subnetsOf } from "../aws/subnets";
import { fact } from "../verify/fact";
import type { Clients } from "./clients";
import { byNameTag, nameTag, type Account, type Part } from "./part";
import type { Observed } from "./tables";
import { tagged } from "./tagged";

/** Whether something still exists: AWS also lists what was deleted a while ago. */
export const isLive = ({ State }: { State?: string | undefined }) =>
  ["pending", "available"].includes((State ?? "").toLowerCase());

const routeTable = async ({ ec2 }: Clients, id: string) =>
  (await ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: "route-table-id", Values: [id] }] })))
    .RouteTables?.[0];

/** All VPCs of the environment's name; there should be one. */
export const vpcsOf = async ({ clients: { ec2 }, environment, settings: { names } }: Account) =>
  (await ec2.send(new DescribeVpcsCommand({ Filters: [byNameTag(nameIn(environment, names.vpc))] }))).Vpcs ?? [];

async function observe(account: Account) {
  const { ec2 } = account.clients;
  const vpcs = await vpcsOf(account);
  const [vpc] = vpcs;
  const VpcId = vpc?.VpcId ?? "none";
  const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
  const attribute = async (Attribute: "enableDnsHostnames" | "enableDnsSupport") =>
    vpc && (await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute })));
  const attached = [{ Name: "attachment.vpc-id", Values: [VpcId] }];
  const nats = (await ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters }))).NatGateways ?? [];
  return {
    vpc,
    vpcCount: vpcs.length,
    dnsHostnames: (await attribute("enableDnsHostnames"))?.EnableDnsHostnames?.Value,
    dnsSupport: (await attribute("enableDnsSupport"))?.EnableDnsSupport?.Value,
    subnets: (await ec2.send(new DescribeSubnetsCommand({ Filters }))).Subnets ?? [],
    internetGateways:
      (await ec2.send(new DescribeInternetGatewaysCommand({ Filters: attached }))).InternetGateways ?? [],
    natGateways: nats.filter(({ State }) => State === "available"),
    routeTables: (await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables ?? [],
  };
}

export const network: Part<Awaited<ReturnType<typeof observe>>> = {
  types: {
    aws_vpc: tagged(async (ec2, Filters) =>
      (await ec2.send(new DescribeVpcsCommand({ Filters }))).Vpcs?.map(({ VpcId: id, Tags: tags }) => ({ id, tags })),
    ),
    aws_subnet: tagged(async (ec2, Filters) =>
      (await ec2.send(new DescribeSubnetsCommand({ Filters }))).Subnets?.map(
        ({ SubnetId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
      ),
    ),
    aws_internet_gateway: tagged(async (ec2, Filters) =>
      (await ec2.send(new DescribeInternetGatewaysCommand({ Filters }))).InternetGateways?.map(
        ({ InternetGatewayId: id, Tags: tags, Attachments }) => ({ id, tags, vpcId: Attachments?.[0]?.VpcId }),
      ),
    ),
    aws_route_table: tagged(async (ec2, Filters) =>
      (await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables?.map(
        ({ RouteTableId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
      ),
    ),
    aws_eip: tagged(async (ec2, Filters) =>
      (await ec2.send(new DescribeAddressesCommand({ Filters }))).Addresses?.map(
        ({ AllocationId: id, Tags: tags }) => ({ id, tags }),
      ),
    ),
    aws_nat_gateway: tagged(async (ec2, Filter) =>
      (await ec2.send(new DescribeNatGatewaysCommand({ Filter }))).NatGateways?.filter(isLive).map(
        ({ NatGatewayId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
      ),
    ),
    aws_vpc_endpoint: tagged(async (ec2, Filters) =>
      (await ec2.send(new DescribeVpcEndpointsCommand({ Filters }))).VpcEndpoints?.filter(isLive).map(
        ({ VpcEndpointId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
      ),
    ),
    aws_route: {
      async find(clients, { needed }) {
        const [table, destination] = [needed("route_table_id"), needed("destination_cidr_block")];
        const routes = (await routeTable(clients, table))?.Routes ?? [];
        return routes
          .filter(({ DestinationCidrBlock }) => DestinationCidrBlock === destination)
          .map(() => ({ id: `${table}_${destination}` }));
      },
    },
    aws_route_table_association: {
      async find(clients, { needed }) {
        const [subnet, table] = [needed("subnet_id"), needed("route_table_id")];
        const associations = (await routeTable(clients, table))?.Associations ?? [];
        return associations.filter(({ SubnetId }) => SubnetId === subnet).map(() => ({ id: `${subnet}/${table}` }));
      },
    },
  },

  observe,

  facts(environment, { names, network: { cidr, zones, nat } }, seen) {
    const subnets = subnetsOf(cidr, zones);
    const exits = { public: "internet gateway", private: nat === "none" ? "none" : "NAT gateway" };
    return [
      fact(
        "VPC",
        `${nameIn(environment, names.vpc)} ${cidr}`,
        `${nameTag(seen.vpc?.Tags)} ${String(seen.vpc?.CidrBlock)}`,
      ),
      fact("VPCs of that name", 1, seen.vpcCount),
      fact("DNS hostnames and resolution", [true, true], [seen.dnsHostnames, seen.dnsSupport]),
      ...subnets.map(({ kind, zone, cidr: block }) => {
        const subnet = seen.subnets.find(({ CidrBlock }) => CidrBlock === block);
        return fact(
          `${kind} subnet in ${zone}`,
          `${block} ${zone} → ${exits[kind]}`,
          `${String(subnet?.CidrBlock)} ${String(subnet?.AvailabilityZone)} → ${exitOf(seen, subnet?.SubnetId)}`,
        );
      }),
      fact("subnets", subnets.length, seen.subnets.length),
      fact("internet gateways", 1, seen.internetGateways.length),
      fact(
        "NAT gateways",
        { single: zones.slice(0, 1), perZone: zones, none: [] }[nat]
          .map((zone) => `public in ${zone} with an Elastic IP`)
          .sort(),
        seen.natGateways
          .map(({ SubnetId, NatGatewayAddresses }) => {
            const side = exitOf(seen, SubnetId) === "internet gateway" ? "public" : "private";
            const address = NatGatewayAddresses?.some(({ AllocationId }) => AllocationId) ? "with" : "without";
            return `${side} in ${String(zoneOf(seen, SubnetId))} ${address} an Elastic IP`;
          })
          .sort(),
      ),
    ];
  },
};

export const zoneOf = ({ subnets }: Pick<Observed, "subnets">, subnetId: string | undefined) =>
  subnets.find(({ SubnetId }) => SubnetId === subnetId)?.AvailabilityZone;

/** How traffic leaves a subnet. */
export function exitOf({ routeTables }: Pick<Observed, "routeTables">, subnetId: string | undefined): string {
  const table = routeTables.find(({ Associations }) =>
    Associations?.some(({ SubnetId }) => subnetId !== undefined && SubnetId === subnetId),
  );
  const route = table?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === INTERNET);
  if (route?.NatGatewayId !== undefined) return "NAT gateway";
  return route?.GatewayId?.startsWith("igw-") ? "internet gateway" : "none";
}
