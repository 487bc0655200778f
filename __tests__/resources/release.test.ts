/** What the release of something kept does to what runs, as a review says it. */
import { meaningOf } from "../../src/plan-review/consequences";
import { resourceTypes } from "../../src/resources/tables";
import { readPlan } from "../../src/terraform/plan";
import type { ResourceChange } from "../../src/terraform/plan-json";

const change = (type: string, before: object | null, after: object, actions: readonly string[]) => ({
  address: `${type}.x`,
  type,
  change: { actions, before, after } as ResourceChange["change"],
});
const update = (type: string, before: object, after: object) => change(type, before, after, ["update"]);
const create = (type: string, after: object = {}) => change(type, null, after, ["create"]);
const same = (type: string, values: object) => change(type, values, values, ["no-op"]);

const sentences = (...resource_changes: ReturnType<typeof change>[]) => {
  const resources = resource_changes.map(({ address, type, change: { after } }) => ({
    address,
    type,
    mode: "managed",
    values: after ?? {},
  }));
  return meaningOf(readPlan({ resource_changes, planned_values: { root_module: { resources } } }), resourceTypes)
    .map(({ sentence }) => sentence)
    .join("\n");
};

const template = update("aws_launch_template", { id: "lt-1", latest_version: 1 }, { id: "lt-1" });
const group = (version: string) => same("aws_autoscaling_group", { launch_template: [{ id: "lt-1", version }] });

test.each([
  ["$Latest", "launch template v2: no rolling replacement starts; only new instances get it"],
  ["1", "launch template v2: no server gets it, since the group stays at v1"],
])("a template's attribute, while the group keeps version %s", (version, expected) =>
  expect(sentences(template, group(version))).toBe(expected),
);

test("another route table", () =>
  expect(
    sentences(update("aws_route_table_association", { route_table_id: "rtb-1" }, { route_table_id: "rtb-2" })),
  ).toBe(
    "aws_route_table_association.x: the subnet gets another route table; connections that leave by another gateway than before break",
  ));

test.each([
  ["aws_vpc_endpoint", "open connections from the servers to S3 are cut"],
  ["aws_default_security_group", "the VPC's default security group loses its rules"],
])("%s in a VPC that exists, and not in a new one", (type, expected) => {
  expect(sentences(same("aws_vpc", {}), create(type))).toContain(expected);
  expect(sentences(create("aws_vpc"), create(type))).toBe("");
});
