import { driftOf } from "../../src/terraform/drift";
import { readPlan } from "../../src/terraform/plan";
import { stackOf } from "../../src/terraform/stack";
import type { PlanJson } from "../../src/terraform/plan-json";

const change = (before: object | null, after: object | null, marks: object = {}) => ({
  drift: [{ address: "aws_security_group.app", change: { before, after, ...marks } as never }],
});

test("reports each attribute that changed, before and after, and no other", () => {
  expect(driftOf(change({ name: "app", ingress: [] }, { name: "app", ingress: [{ from_port: 8080 }] }))).toEqual([
    'aws_security_group.app ingress: [] → [{"from_port":8080}]',
  ]);
});

test("reports what was deleted", () => {
  expect(driftOf(change({ name: "app" }, null))).toEqual(["aws_security_group.app was deleted"]);
});

test.each([[true], [{ password: true }], [{ password: [{ text: true }] }]])(
  "reports no sensitive value (marks %j)",
  (before_sensitive) => {
    expect(
      driftOf(change({ password: "old" }, { password: "new" }, { before_sensitive, after_sensitive: {} })),
    ).toEqual(["aws_security_group.app password: (sensitive)"]);
  },
);

test("marks that mark nothing hide nothing", () => {
  const marks = { before_sensitive: { ingress: [{ cidr_blocks: [false] }] }, after_sensitive: { ingress: [] } };
  expect(driftOf(change({ ingress: [1] }, { ingress: [2] }, marks))).toEqual([
    "aws_security_group.app ingress: [1] → [2]",
  ]);
});

test("a group that has scaled is no drift", () => {
  const drift = (address: string) =>
    driftOf({
      drift: [
        { address, change: { actions: ["update"], before: { desired_capacity: 1 }, after: { desired_capacity: 3 } } },
      ],
    });
  expect(drift("aws_autoscaling_group.fleet")).toEqual([]);
  expect(drift("aws_something_else.fleet")).toHaveLength(1);
});

test("no drift, no line", () => {
  expect(driftOf(readPlan({}))).toEqual([]);
});

test("knows by its tag which environment a plan is for, or that it belongs to no environment", () => {
  const environment = (plan: PlanJson) => readPlan(plan).after.environment;
  const expressions = {
    default_tags: [{ tags: { constant_value: { Environment: "staging", ManagedBy: "terraform" } } }],
  };
  expect(environment({ configuration: { provider_config: { aws: { expressions } } } })).toBe("staging");
  expect(environment({ configuration: { provider_config: { aws: {} } } })).toBeUndefined();
  expect(environment({})).toBeUndefined();
});

test("before the apply exists what is deleted or changed, and not what is created or only read", () => {
  const change = (actions: string[], before: object | null, after: object | null) => ({
    mode: "managed",
    change: {
      actions,
      before: before as Record<string, unknown> | null,
      after: after as Record<string, unknown> | null,
    },
  });
  const planned = (address: string, values: Record<string, unknown>) => ({
    address,
    type: address.split(".")[0] ?? "",
    mode: "managed",
    values,
  });
  const plan: PlanJson = {
    planned_values: {
      root_module: {
        resources: [planned("aws_eip.new", {}), planned("aws_eip.same", { a: 1 }), planned("aws_lb.changed", { a: 2 })],
      },
    },
    resource_changes: [
      { address: "aws_eip.new", type: "aws_eip", ...change(["create"], null, {}) },
      { address: "aws_lb.changed", type: "aws_lb", ...change(["update"], { a: 1 }, { a: 2 }) },
      { address: "aws_nat_gateway.gone", type: "aws_nat_gateway", ...change(["delete"], { a: 3 }, null) },
      { address: "data.aws_lb.read", type: "aws_lb", ...change(["read"], { a: 4 }, { a: 4 }), mode: "data" },
    ],
  };
  const before = readPlan(plan).before.resources;
  expect(Object.fromEntries(before.map(({ address, values }) => [address, values]))).toEqual({
    "aws_eip.same": { a: 1 },
    "aws_lb.changed": { a: 1 },
    "aws_nat_gateway.gone": { a: 3 },
  });
});

describe("the region of a resource", () => {
  const resource = (address: string) => ({
    address,
    type: address.split(".")[0] ?? "",
    mode: "managed",
    values: { a: 1 },
  });
  const regions = ({ after }: { readonly after: { readonly resources: readonly { readonly region?: unknown }[] } }) =>
    after.resources.map(({ region }) => region);

  test("is its provider's, in a plan: written down, by a variable, or not known", () => {
    const plan: PlanJson = {
      variables: { elsewhere: { value: "eu-west-1" } },
      configuration: {
        provider_config: {
          aws: { expressions: { region: { constant_value: "ap-south-1" } } },
          "aws.virginia": { expressions: { region: { constant_value: "us-east-1" } } },
          "aws.variable": { expressions: { region: { references: ["var.elsewhere"] } } },
          "aws.unknown": { expressions: { region: { references: ["data.aws_region.x.name"] } } },
        },
        root_module: {
          resources: ["virginia", "variable", "unknown"].map((alias) => ({
            address: `aws_vpc.${alias}`,
            provider_config_key: `aws.${alias}`,
          })),
        },
      },
      planned_values: {
        root_module: {
          resources: ["main", "virginia", "variable", "unknown"].map((name) => resource(`aws_vpc.${name}`)),
        },
      },
    };
    expect(regions(readPlan(plan))).toEqual(["ap-south-1", "us-east-1", "eu-west-1", undefined]);
    expect(regions(readPlan({ planned_values: { root_module: { resources: [resource("aws_vpc.x")] } } }))).toEqual([
      undefined,
    ]);
  });

  test.each<[string, object, object, string | undefined]>([
    ["a variable", { region: { references: ["var.region"] } }, {}, "ap-south-1"],
    [
      "a variable, in JSON",
      { region: { constant_value: "${var.region}", references: ["var.region"] } },
      {},
      "ap-south-1",
    ],
    ["a variable and other text", { region: { references: ["var.continent"] } }, {}, undefined],
    ["one of two variables", { region: { references: ["var.region", "var.other"] } }, {}, undefined],
    ["a variable without a value", { region: { references: ["var.unset"] } }, {}, undefined],
    ["a part of a variable", { region: { references: ["var.regions.main", "var.regions"] } }, {}, undefined],
    ["nothing", {}, {}, undefined],
    ["nothing, of a resource that exists", {}, { arn: "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1" }, "eu-west-1"],
    [
      "a constant, of a resource with its own",
      { region: { constant_value: "ap-south-1" } },
      { region: "eu-west-1" },
      "eu-west-1",
    ],
    [
      "a constant, of a global resource",
      { region: { constant_value: "ap-south-1" } },
      { arn: "arn:aws:iam::1:role/x" },
      "ap-south-1",
    ],
  ])("is known by %s only where it is certain", (_, expressions, values, region) => {
    const made = { ...resource("aws_vpc.x"), values: values as Record<string, unknown> };
    const plan: PlanJson = {
      variables: { region: { value: "ap-south-1" }, other: { value: "x" }, continent: { value: "ap" } },
      configuration: { provider_config: { aws: { expressions } } },
      planned_values: { root_module: { resources: [made] } },
    };
    expect(regions(readPlan(plan))).toEqual([region]);
  });

  test("is its provider's, in the synthesized JSON, unless it names one of its own", () => {
    const after = stackOf({
      provider: { aws: [{ region: "ap-south-1" }, { alias: "virginia", region: "us-east-1" }] },
      resource: {
        aws_vpc: {
          main: {},
          virginia: { provider: "aws.virginia" },
          unknown: { provider: "aws.nobody" },
          own: { region: "eu-west-1" },
        },
      },
    });
    expect(regions({ after })).toEqual(["ap-south-1", "us-east-1", undefined, "eu-west-1"]);
  });
});
