/** The network: a VPC, its subnets, and the ways out of them. */
import { HOURS, type Item } from "../cost/model";
import { pathIn } from "../terraform/addresses";
import { count } from "../terraform/values";
import { addresses, fixed, used } from "./charges";
import { alike, type ResourceTypes } from "./resource-type";

const natGatewayCost: Item = (_, { stack, usage: { gbThroughNat } }) => {
  const gateways = stack.of("aws_nat_gateway").length;
  const counts = stack.of("aws_autoscaling_group").map(({ values }) => count(values, "vpc_zone_identifier"));
  const isKnown = !counts.includes(undefined);
  const zones = Math.max(1, ...counts.map((each) => each ?? 0));
  // Traffic from a zone without a gateway crosses to another zone, and is billed on both sides.
  const across = gbThroughNat * Math.max(0, 1 - gateways / zones);
  const rounded = String(Math.round(across * 10) / 10);
  return [
    fixed("NAT gateways", "nat.hour", HOURS),
    used("data through NAT", "nat.gb", gbThroughNat / gateways, `${String(gbThroughNat)} GB`),
    ...(isKnown ? [] : [{ unpriced: "how much data comes from other zones is not known" }]),
    ...(isKnown && across > 0
      ? [used("data between zones, to NAT", "transfer.zone", (2 * across) / gateways, `${rounded} GB, both ways`)]
      : []),
  ];
};

export const network: ResourceTypes = {
  ...alike(["aws_vpc", "aws_internet_gateway", "aws_eip_association"], { cost: "free" }),

  aws_route_table_association: {
    cost: "free",
    consequences: [
      {
        id: "subnet-route-table",
        on: ["update", "replace"],
        sentence: ({ address, change: { before, after } }) =>
          before?.["route_table_id"] === after?.["route_table_id"]
            ? undefined
            : `${pathIn(address) ?? address}: the subnet gets another route table; connections that leave by another gateway than before break`,
      },
    ],
  },

  // Without an association nothing uses it.
  aws_route_table: { cost: "free", harmlessNew: true },

  aws_nat_gateway: { cost: natGatewayCost, precious: true },

  aws_eip: {
    cost: () => [addresses(1)],
    precious: true,
    consequences: [
      {
        id: "nat-address",
        on: ["replace", "delete"],
        sentence: ({ change }) =>
          `NAT address ${String(change.before?.["public_ip"])} changes: allow-lists at partners break`,
      },
    ],
  },

  aws_route: {
    cost: "free",
    harmlessNew: { in: "route_table_id" },
    consequences: [
      {
        id: "nat-route",
        on: ["update"],
        sentence: ({ address, change: { before, after } }) =>
          before?.["nat_gateway_id"] && before["nat_gateway_id"] !== after?.["nat_gateway_id"]
            ? `what leaves by ${pathIn(address) ?? address} gets another address: it must be on partners' allow-lists first`
            : undefined,
      },
    ],
  },

  aws_subnet: {
    cost: "free",
    consequences: [
      {
        id: "subnet",
        on: ["replace", "delete"],
        sentence: ({ change }) =>
          `subnet ${String(change.before?.["cidr_block"])} is replaced or deleted, with every instance in it`,
      },
    ],
  },

  aws_vpc_endpoint: {
    cost: ({ vpc_endpoint_type }) =>
      (vpc_endpoint_type ?? "Gateway") === "Gateway"
        ? []
        : [{ unpriced: `${String(vpc_endpoint_type)} endpoints are not in the price book` }],
    consequences: [
      {
        // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
        id: "gateway-endpoint",
        on: ["create"],
        sentence: (_, { before }) =>
          before.of("aws_vpc").length === 0
            ? undefined
            : "a gateway endpoint switches routes: open connections from the servers to S3 are cut",
      },
    ],
  },
};
