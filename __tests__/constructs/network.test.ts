import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Testing } from "cdktf";
import { Network, type NetworkProps } from "../../src/constructs/network";
import { synth } from "../support";

Testing.setupJest();

const network = (props: Partial<NetworkProps> = {}) =>
  synth((stack) => {
    new Network(stack, "network", {
      name: "myvpc",
      region: "ap-south-1",
      cidr: "192.168.1.0/24",
      zones: ["ap-south-1a", "ap-south-1b"],
      nat: "single",
      ...props,
    });
  });

const privateExits = (built: ReturnType<typeof network>) =>
  ["a", "b"].map((zone) => built.at("aws_route", `network/private-route-${zone}`)["nat_gateway_id"]);

test("has one internet gateway, which cdktf's own matcher finds as well", () => {
  const built = network();
  expect(
    Testing.toHaveResourceWithProperties(built.json, InternetGateway.tfResourceType, {
      tags: { Name: "myvpc-internet-gateway" },
    }),
  ).toBe(true);
  expect(built.count("aws_internet_gateway")).toBe(1);
});

test.each([
  ["single", 1, ["network/nat-gateway-a", "network/nat-gateway-a"]],
  ["perZone", 2, ["network/nat-gateway-a", "network/nat-gateway-b"]],
] as const)("nat %s: %i NAT gateways, each with an address of its own in a public subnet", (nat, count, exits) => {
  const built = network({ nat });
  expect(built.count("aws_nat_gateway")).toBe(count);
  expect(built.count("aws_eip")).toBe(count);
  expect(privateExits(built)).toEqual(exits);
  for (const exit of new Set(exits)) {
    expect(built.at("aws_nat_gateway", exit)).toMatchObject({
      subnet_id: exit.replace("nat-gateway", "public-subnet"),
    });
  }
});

test("nat none: no gateway, no address, no route from the private subnets to the internet", () => {
  const built = network({ nat: "none" });
  expect(["aws_nat_gateway", "aws_eip"].map((type) => built.count(type))).toEqual([0, 0]);
  expect(built.count("aws_route")).toBe(1);
  expect(built.only("aws_route")).toHaveProperty("gateway_id");
});

test("a switch from one NAT gateway to one per zone moves no subnet and no route table", () => {
  const [single, perZone] = [network().addresses, network({ nat: "perZone" }).addresses];
  expect(single.filter((address) => !perZone.includes(address))).toEqual([]);
  expect(perZone.filter((address) => !single.includes(address)).map((address) => address.split(".")[0])).toEqual([
    "aws_eip",
    "aws_nat_gateway",
  ]);
});

test("routes are resources of their own: no table has a route in it, which would fight them", () => {
  const tables = Object.values(network().all("aws_route_table"));
  expect(tables).toHaveLength(3);
  expect(tables.filter((table) => "route" in table)).toEqual([]);
});

test("whatever has a public address waits for the internet gateway", () => {
  const built = network();
  const gateway = `aws_internet_gateway.${Object.keys(built.all("aws_internet_gateway"))[0] ?? ""}`;
  expect(built.only("aws_eip")["depends_on"]).toEqual([gateway]);
  expect(built.only("aws_nat_gateway")["depends_on"]).toEqual([gateway]);
});

test("the VPC's default security group has no rule", () => {
  const group = network().only("aws_default_security_group");
  expect(group).not.toHaveProperty("ingress");
  expect(group).not.toHaveProperty("egress");
});

test("S3 is reached from the private subnets without the NAT gateway", () => {
  expect(network().at("aws_vpc_endpoint", "network/s3-endpoint")).toMatchObject({
    service_name: "com.amazonaws.ap-south-1.s3",
    vpc_endpoint_type: "Gateway",
    route_table_ids: ["network/private-route-table-a", "network/private-route-table-b"],
  });
});

test("no subnet gives out public addresses by itself", () => {
  expect(
    Object.values(network().all("aws_subnet")).filter((subnet) => subnet["map_public_ip_on_launch"] === true),
  ).toEqual([]);
});

test("three zones: three subnets of each kind, in blocks of a size", () => {
  const built = network({ zones: ["ap-south-1a", "ap-south-1b", "ap-south-1c"] });
  expect(Object.values(built.all("aws_subnet")).map(({ cidr_block }) => String(cidr_block).split("/")[1])).toEqual(
    Array(6).fill("27"),
  );
  expect(built.count("aws_route_table")).toBe(4);
});

test("no subnet is given to a table before that has its way out: a move would leave it without one for seconds", () => {
  const built = network();
  const table = (kind: string, zone: string) =>
    built.at("aws_route_table_association", `network/${kind}-route-table-association-${zone}`);
  for (const zone of ["a", "b"]) {
    expect(table("public", zone)["depends_on"]).toEqual([expect.stringMatching(/^aws_route\.network_public-route_/)]);
    expect(table("private", zone)["depends_on"]).toEqual([
      expect.stringMatching(new RegExp(`^aws_route\\.network_private-route-${zone}_`)),
    ]);
  }
});

test("nat none: a private subnet waits for no route", () =>
  expect(
    network({ nat: "none" }).at("aws_route_table_association", "network/private-route-table-association-a"),
  ).not.toHaveProperty("depends_on"));
