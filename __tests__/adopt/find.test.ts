/** What `adopt` knows of each type of resource, and how it distinguishes ours from others'; no account is asked. */
import type { Clients } from "../../src/account/clients";
import { accountTypes } from "../../src/account/tables";
import * as adopt from "../../src/adopt/find";
import { NotThere } from "../../src/adopt/finder";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import { stackOf, type SynthesizedStack } from "../../src/terraform/stack";
import { synthWebApp } from "../support";

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDx operator";
const everything: Settings = derive(environments.production, {
  names: { style: "prefix" },
  network: { nat: "perZone" },
  loadBalancer: { accessLogs: { bucket: "web-app-logs", retentionDays: 30 } },
  fleet: { keyPair: { name: "nn", publicKey } },
  scaling: { schedules: { night: { recurrence: "0 1 * * *", timeZone: "UTC", desiredCapacity: 1 } } },
  bastion: { keyPair: { name: "host", publicKey } },
});

const { foreignness, wantedFrom } = adopt;
const stackFor = (settings: Settings) => stackOf(JSON.parse(synthWebApp(settings).json) as SynthesizedStack);
/** Everything in one region. */
const find = (resource: object, environment: string, known: ReadonlyMap<string, string>, clients: Clients) =>
  adopt.find(stackOf({ resource } as SynthesizedStack), environment, known, accountTypes, () => clients);

/** Answers `send` with the same, whatever it is asked. */
const answering = (answer: object) => ({ send: () => Promise.resolve(answer) });
const clients = (parts: object) => parts as unknown as Clients;

test("what is not looked for is what a deploy writes over, a bucket's parts and the VPC's own security group", () => {
  const notSought = Object.keys(accountTypes).filter((type) => accountTypes[type]?.find === "written over");
  expect(notSought.filter((type) => !type.startsWith("aws_s3_bucket_"))).toEqual(["aws_default_security_group"]);
});

test("everything that is found by its tag has a tag Name", () => {
  for (const { address, values: attributes } of stackFor(everything).resources) {
    if (!/^aws_(vpc|subnet|internet_gateway|route_table|eip|nat_gateway|launch_template|instance)\./.test(address))
      continue;
    expect(attributes).toMatchObject({ tags: { Name: expect.any(String) as string } });
  }
});

test("a resource's references are read as the ids of what they refer to", async () => {
  const wanted = await wantedFrom(
    {
      route_table_id: "${aws_route_table.network_public-route-table_A6CE870C.id}",
      nat_gateway_id: "${aws_nat_gateway.gone.id}",
      ami: "${data.aws_ssm_parameter.image.insecure_value}",
      destination_cidr_block: "0.0.0.0/0",
      from_port: 80,
      tags: { Name: "myvpc-public" },
    },
    (address) => Promise.resolve(address === "aws_nat_gateway.gone" ? undefined : `id of ${address}`),
  );
  expect(wanted.needed("route_table_id")).toBe("id of aws_route_table.network_public-route-table_A6CE870C");
  expect(wanted.needed("destination_cidr_block")).toBe("0.0.0.0/0");
  expect(wanted.optional("from_port")).toBe("80");
  expect(wanted.optional("to_port")).toBeUndefined();
  expect(() => wanted.needed("nat_gateway_id")).toThrow(NotThere);
  expect(wanted.name).toBe("myvpc-public");
});

test("a resource with another environment's tag, or none, or in another VPC, does not belong to the environment", () => {
  const tags = [{ Key: "Environment", Value: "production" }];
  expect(foreignness({ id: "a", tags, vpcId: "vpc-1" }, "production", "vpc-1")).toBeUndefined();
  expect(foreignness({ id: "a" }, "production", "vpc-1")).toBeUndefined();
  expect(foreignness({ id: "a", tags }, "staging", "vpc-1")).toBe("does not have the tag Environment=staging");
  expect(foreignness({ id: "a", tags: [] }, "staging", undefined)).toBe("does not have the tag Environment=staging");
  expect(foreignness({ id: "a", tags, vpcId: "vpc-2" }, "production", "vpc-1")).toBe("is in vpc-2, not in vpc-1");
});

describe("a search", () => {
  const tags = [
    { Key: "Name", Value: "myvpc" },
    { Key: "Environment", Value: "production" },
  ];
  const vpc = { aws_vpc: { vpc: { tags: { Name: "myvpc" } } } };

  test("names both where two exist under one name, and adopts neither by guess", async () => {
    const ec2 = answering({ Vpcs: ["vpc-1", "vpc-2"].map((VpcId) => ({ VpcId, Tags: tags })) });
    const { doubled } = await find(vpc, "production", new Map(), clients({ ec2 }));
    expect(doubled).toEqual(["aws_vpc.vpc: vpc-1 and vpc-2 both exist"]);
  });

  test("does not take a name for another that only looks like it in a filter", async () => {
    const ec2 = answering({ Vpcs: [{ VpcId: "vpc-1", Tags: [{ Key: "Name", Value: "myvpc2" }] }] });
    const { found, foreign } = await find(vpc, "production", new Map(), clients({ ec2 }));
    expect({ found, foreign }).toEqual({ found: [], foreign: [] });
  });

  test("skips what the state has, and uses its id", async () => {
    const route = { route_table_id: "${aws_route_table.public.id}", destination_cidr_block: "0.0.0.0/0" };
    const { found } = await find(
      { aws_route_table: { public: {} }, aws_route: { out: route } },
      "production",
      new Map([["aws_route_table.public", "rtb-1"]]),
      clients({ ec2: answering({ RouteTables: [{ Routes: [{ DestinationCidrBlock: "0.0.0.0/0" }] }] }) }),
    );
    expect(found).toEqual([{ address: "aws_route.out", id: "rtb-1_0.0.0.0/0" }]);
  });

  test("treats a resource as missing if it refers to one that does not exist", async () => {
    const route = { route_table_id: "${aws_route_table.public.id}", destination_cidr_block: "0.0.0.0/0" };
    const { found } = await find(
      { aws_route_table: { public: { tags: { Name: "public" } } }, aws_route: { out: route } },
      "production",
      new Map(),
      clients({ ec2: answering({ RouteTables: [] }) }),
    );
    expect(found).toEqual([]);
  });

  test("reports each resource whose type it does not know", async () => {
    const { unknown } = await find({ aws_lambda_function: { f: {} } }, "production", new Map(), clients({}));
    expect(unknown).toEqual(["aws_lambda_function.f"]);
  });
});

test("a resource is looked for in its own region", async () => {
  const stack = stackOf({
    provider: { aws: [{ region: "ap-south-1" }, { alias: "virginia", region: "us-east-1" }] },
    resource: { aws_vpc: { main: { tags: { Name: "a" } }, other: { provider: "aws.virginia", tags: { Name: "b" } } } },
  });
  const asked: (string | undefined)[] = [];
  await adopt.find(stack, "production", new Map(), accountTypes, (region) => {
    asked.push(region);
    return clients({ ec2: answering({ Vpcs: [] }) });
  });
  expect(asked).toEqual(["ap-south-1", "us-east-1"]);
});
