/** How what exists is found: by given ids, by another state, by relations; no account is asked. */
import type { Clients } from "../../src/account/clients";
import { relations } from "../../src/account/related/tables";
import { accountTypes } from "../../src/account/tables";
import { findRelated, type Known } from "../../src/takeover/find";
import type { Relations } from "../../src/takeover/relation";
import { stackOf, type SynthesizedStack } from "../../src/terraform/stack";

const RESOURCES = {
  aws_vpc: { vpc: { cidr_block: "10.0.0.0/16" } },
  aws_lb: { lb: { vpc: "${aws_vpc.vpc.id}" } },
  aws_lb_listener: {
    http: { load_balancer_arn: "${aws_lb.lb.arn}", action: [{ to: "${aws_lb_target_group.tg.arn}" }] },
  },
  aws_lb_target_group: { tg: { depends_on: ["aws_lb.lb"] } },
};
const things = (...ids: readonly string[]) => ids.map((id) => ({ id }));

/** A listener by its balancer, a target group by its listener: down and up along the references. */
const RELATIONS: Relations = {
  aws_vpc: () => Promise.resolve(things("vpc-1")),
  aws_lb: async (_, { needed }) => things(`lb in ${await needed("vpc")}`),
  aws_lb_listener: async (_, { needed }) => things(`listener of ${await needed("load_balancer_arn")}`),
  aws_lb_target_group: async (_, { referring }) =>
    things(...(await Promise.all(referring("aws_lb_listener").map((listener) => listener.self())))),
};

const search = (known: Partial<Known> = {}, own: Relations = {}, resource: object = RESOURCES) =>
  findRelated(
    stackOf({ resource } as SynthesizedStack),
    { ids: new Map(), state: new Map(), other: new Map(), ...known },
    { ...RELATIONS, ...own },
    () => ({}) as Clients,
  );
const idsOf = async (...args: Parameters<typeof search>) =>
  Object.fromEntries((await search(...args)).found.map(({ address, id }) => [address, id]));

test("every type that can be found by its name can be found by its relations, or is said to be new", () => {
  const ofEnvironments = Object.keys(accountTypes).filter(
    (type) => !/^aws_(iam_(policy|openid_connect_provider|role_policy)|s3_bucket_versioning)$/.test(type),
  );
  expect(Object.keys(relations).sort()).toEqual(ofEnvironments.sort());
});

test("from the VPC alone all follows, along references in both directions", async () => {
  expect(await idsOf()).toEqual({
    "aws_vpc.vpc": "vpc-1",
    "aws_lb.lb": "lb in vpc-1",
    "aws_lb_listener.http": "listener of lb in vpc-1",
    "aws_lb_target_group.tg": "listener of lb in vpc-1",
  });
});

test("a given id comes first, and what follows from it follows", async () => {
  expect(await idsOf({ ids: new Map([["aws_vpc.vpc", "vpc-2"]]) })).toMatchObject({ "aws_lb.lb": "lb in vpc-2" });
});

test("what the environment's own state has is not looked for, and leads on", async () => {
  const found = await idsOf({ state: new Map([["aws_vpc.vpc", "vpc-3"]]) });
  expect(found).not.toHaveProperty(["aws_vpc.vpc"]);
  expect(found).toMatchObject({ "aws_lb.lb": "lb in vpc-3" });
});

describe("of two", () => {
  const two: Relations = { aws_vpc: () => Promise.resolve(things("vpc-1", "vpc-2")) };

  test("neither is guessed: both are candidates, and what depends on them is not called missing twice", async () => {
    const { found, ambiguous } = await search({}, two);
    expect(found).toEqual([]);
    expect(ambiguous).toEqual([{ address: "aws_vpc.vpc", candidates: things("vpc-1", "vpc-2") }]);
  });

  test("the one in the other state is it", async () => {
    expect(await idsOf({ other: new Map([["aws_vpc", new Set(["vpc-2"])]]) }, two)).toMatchObject({
      "aws_vpc.vpc": "vpc-2",
    });
  });
});

test("what nothing leads to is missing", async () => {
  const { missing } = await search({}, { aws_lb: () => Promise.resolve([]) });
  expect(missing).toEqual(["aws_lb.lb", "aws_lb_listener.http", "aws_lb_target_group.tg"]);
});

test("one thing in two places, such as one route table for two zones, is the first one's, and the second is new", async () => {
  const { found, missing } = await search({}, {}, { aws_vpc: { a: {}, b: {} } });
  expect(found).toEqual([{ address: "aws_vpc.a", id: "vpc-1" }]);
  expect(missing).toEqual(["aws_vpc.b"]);
});
