/** What a plan's differences are called, and which of them are kept. */
import { NOTHING_KEPT } from "../../src/config/kept";
import { differencesOf, forLater, toKeep } from "../../src/takeover/differences";
import { refersTo } from "../../src/takeover/find";
import type { PlanJson, ResourceChange } from "../../src/terraform/plan-json";
import { stackOf, type SynthesizedStack } from "../../src/terraform/stack";

type Change = Partial<ResourceChange["change"]>;

const planned = (resources: Readonly<Record<string, Change>>): PlanJson => ({
  resource_changes: Object.entries(resources).map(([address, change]) => ({
    address,
    type: address.split(".")[0] ?? "",
    change: { actions: ["update"], before: {}, after: {}, ...change },
  })),
});
const written = (resource: object) => stackOf({ resource } as SynthesizedStack);
const TYPES = { aws_group: { harmless: ["metrics"] } };
const of = (change: Change, values: object = {}) =>
  differencesOf(planned({ "aws_group.g": change }), written({ aws_group: { g: values } }), TYPES);

test.each<[string, Change, object, object | undefined]>([
  [
    "an attribute that cannot be changed in place",
    { before: { name: "a" }, after: { name: "b" }, replace_paths: [["name"]] },
    {},
    { class: "replaces", is: "a", wanted: "b" },
  ],
  ["any other attribute", { before: { size: 1 }, after: { size: 2 } }, {}, { class: "interrupts" }],
  ["tags", { before: { tags: null }, after: { tags: { Name: "a" } } }, {}, { class: "harmless" }],
  ["a description in place", { before: { description: "a" }, after: { description: "b" } }, {}, { class: "harmless" }],
  [
    "a description that replaces",
    { before: { description: "a" }, after: { description: "b" }, replace_paths: [["description"]] },
    {},
    { class: "replaces" },
  ],
  ["what its type calls harmless", { before: { metrics: [] }, after: { metrics: ["a"] } }, {}, { class: "harmless" }],
  [
    "a block that the settings do not have",
    { before: { interface: [{ index: 1 }] }, after: { interface: [] } },
    {},
    { class: "interrupts", is: [{ index: 1 }], wanted: [] },
  ],
  [
    "what is written and not known yet",
    { before: { role: "" }, after: {}, after_unknown: { role: true } },
    { role: "${x.y.arn}" },
    { unknown: true, wanted: "(known after apply)" },
  ],
  [
    "what differs where it is known",
    {
      before: { disk: [{ encrypted: false }] },
      after: { disk: [{ encrypted: true }] },
      after_unknown: { disk: [{ id: true }] },
    },
    { disk: {} },
    { unknown: false },
  ],
  [
    "a secret",
    { before: { password: "a" }, after: { password: "b" }, before_sensitive: { password: true } },
    {},
    { is: "(hidden)", wanted: "(hidden)" },
  ],
  [
    "user data, which may hold one",
    { before: { user_data: "IyEvYmlu" }, after: { user_data: null } },
    {},
    { is: "(hidden)" },
  ],
  ["nothing and an empty text", { before: { name: null }, after: { name: "" } }, {}, undefined],
  [
    "the provider's zeros where nothing is set",
    { before: { size: 0, on: false, logs: [{ bucket: "" }] }, after: { size: null, on: null, logs: [] } },
    {},
    undefined,
  ],
  ["what is computed", { before: { arn: "a" }, after: {}, after_unknown: { arn: true } }, {}, undefined],
  [
    "what is ignored already",
    { before: { size: 1 }, after: { size: 2 } },
    { lifecycle: { ignore_changes: ["size"] } },
    undefined,
  ],
])("%s", (_, change, values, expected) => {
  const [found, ...more] = of(change, values);
  expect(more).toEqual([]);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(expected);
});

test("what refers to a difference differs because of it: an alarm to the name of its group", () => {
  const plan = planned({
    "aws_group.g": { before: { name: "a" }, after: { name: "b" }, replace_paths: [["name"]] },
    "aws_alarm.a": { before: { dimensions: { Group: "a" } }, after: { dimensions: { Group: "b" } } },
  });
  const stack = written({
    aws_group: { g: { name: "b" } },
    aws_alarm: { a: { dimensions: { Group: "${aws_group.g.name}" } } },
  });
  expect(differencesOf(plan, stack, {}).map(({ address }) => address)).toEqual(["aws_group.g"]);
});

test("ids of resources in the stack are written as references, which are true in any account", () => {
  const plan = planned({
    "aws_table.t": { before: { id: "rtb-0123456789" }, after: { id: "rtb-0123456789" } },
    "aws_association.a": { before: { table: "rtb-0123456789" }, after: { table: "rtb-9876543210" } },
  });
  expect(differencesOf(plan, written({}), {})).toMatchObject([
    { address: "aws_association.a", is: "${aws_table.t.id}", wanted: "rtb-9876543210" },
  ]);
});

describe("kept", () => {
  const found = of(
    { before: { size: 1, role: "", tags: {} }, after: { size: 2, tags: { a: "b" } }, after_unknown: { role: true } },
    { role: "${x.y.arn}" },
  );
  const attributes = (harmless: boolean, kept = NOTHING_KEPT) =>
    toKeep(found, kept, harmless).map((each) => each.attribute);

  test("are all differences, and not twice", () => {
    expect(attributes(false)).toEqual(["size", "role"]);
    expect(attributes(false, { kept: toKeep(found, NOTHING_KEPT, false), later: [] })).toEqual([]);
  });

  test("are those that are known alone while something is replaced, which may have made the others", () => {
    const replaced = of(
      {
        before: { name: "a", role: "" },
        after: { name: "b" },
        after_unknown: { role: true },
        replace_paths: [["name"]],
      },
      { role: "${x.y.arn}" },
    );
    const first = toKeep(replaced, NOTHING_KEPT, false);
    expect(first.map((each) => each.attribute)).toEqual(["name"]);
    expect(toKeep(replaced, { kept: first, later: [] }, false).map((each) => each.attribute)).toEqual(["role"]);
  });

  test("is what is harmless only on request", () => expect(attributes(true)).toEqual(["size", "role", "tags"]));
});

test("what may interrupt is created later, unless something needs it; what is harmless is created at once", () => {
  const stack = written({
    aws_endpoint: { s3: {} },
    aws_role: { server: {} },
    aws_route: { new: { table: "${aws_table.new.id}" }, old: { table: "${aws_table.old.id}" } },
    aws_table: { new: {}, old: {} },
    aws_group: { g: { target: "${aws_target.t.arn}" } },
    aws_target: { t: {} },
    aws_policy: { p: {} },
    aws_alarm: { a: { action: "${aws_policy.p.arn}" } },
  });
  const types = {
    aws_role: { harmlessNew: true },
    aws_table: { harmlessNew: true },
    aws_route: { harmlessNew: { in: "table" } },
  } as const;
  const missing = stack.resources.flatMap(({ address }) =>
    /(old|group\.g)$/.test(address) && !address.startsWith("aws_route") ? [] : address,
  );
  expect(forLater(stack, missing, types, refersTo)).toEqual({
    later: ["aws_endpoint.s3", "aws_route.old", "aws_policy.p", "aws_alarm.a"],
    needed: ["aws_target.t"],
  });
});
