/** What a plan has beside changes of resources: outputs, conditions, what is deferred or left out, leftovers. */
import { costDifference } from "../../src/commands/priced";
import { meaningOf } from "../../src/plan-review/consequences";
import { markdown } from "../../src/plan-review/markdown";
import { exitCodeOf, review } from "../../src/plan-review/review";
import { terminal } from "../../src/plan-review/terminal";
import { resourceTypes, reviewTables } from "../../src/resources/tables";
import { readPlan } from "../../src/terraform/plan";
import type { PlanJson } from "../../src/terraform/plan-json";
import { reviewOf } from "./corpus";

const reviewed = (plan: PlanJson) => review(readPlan(plan), {}, [], "2026-11-23", reviewTables);
const text = (name: string) => terminal(reviewOf(name), { colour: false, width: 200 });

test("outputs that change are listed, sensitive ones without their values, and are changes", () => {
  const found = reviewOf("output-changed");
  expect(found.outputs).toEqual([
    "create added",
    "delete gone",
    "update password: (sensitive) → (sensitive)",
    'update url: "http://old.example" → "http://new.example"',
  ]);
  expect(exitCodeOf(found)).toBe(2);
  expect(text("output-changed")).toMatch(/^Only outputs change\n/);
  expect(markdown(found)).toContain("**Outputs**");
  expect(JSON.stringify(found)).not.toContain("correct-horse");
});

test("an output's old secret is hidden elsewhere as well, and what is not known is said to be so", () => {
  const change = { actions: ["update"], before: "battery-staple", after: null, after_unknown: true };
  const found = reviewed({
    output_changes: {
      token: { ...change, before_sensitive: true, after_sensitive: true },
      note: { actions: ["update"], before: "it is battery-staple", after: "it is gone" },
      same: { actions: ["no-op"], before: 1, after: 1 },
    },
  });
  expect(found.outputs).toEqual([
    "update token: (sensitive) → (known after apply)",
    'update note: "it is (sensitive)" → "it is gone"',
  ]);
});

test.each([
  ["check-failed", "condition fails: check.site: The site is silent."],
  ["targeted", "the plan leaves resources out (-target): plan again after the apply"],
])("%s is listed, and never ends with 0", (name, line) => {
  expect(reviewOf(name).unfinished).toEqual([line]);
  expect(exitCodeOf(reviewOf(name))).toBe(2);
  expect(text(name)).toContain(line);
  expect(text(name)).toMatch(/^No changes in the part that is planned\n/);
  expect(markdown(reviewOf(name))).toContain("**Not all of it**");
});

test("what is deferred to another plan is listed with its reason, and never ends with 0", () => {
  // Only experimental builds of Terraform defer changes.
  const resource_change = {
    address: 'aws_eip.x["a"]',
    type: "aws_eip",
    change: { actions: ["create"], before: null, after: {} },
  };
  const found = reviewed({
    complete: false,
    deferred_changes: [{ reason: "resource_config_unknown", resource_change }],
  });
  expect(found.unfinished).toEqual(['deferred to another plan: aws_eip.x["a"]: resource config unknown']);
  expect(exitCodeOf(found)).toBe(2);
});

describe("a leftover of an earlier replacement", () => {
  const values = { name: "web-app-albb", subnets: ["subnet-1", "subnet-2"] };
  const plan: PlanJson = {
    configuration: { provider_config: { aws: { expressions: { region: { constant_value: "ap-south-1" } } } } },
    planned_values: {
      root_module: { resources: [{ address: "aws_lb.x", type: "aws_lb", mode: "managed", values }] },
    },
    resource_changes: [
      { address: "aws_lb.x", type: "aws_lb", change: { actions: ["no-op"], before: values, after: values } },
      {
        address: "aws_lb.x",
        type: "aws_lb",
        deposed: "0000000d",
        change: { actions: ["delete"], before: values, after: null },
      },
    ],
  };

  test("is listed as what it is, in a plan of the real Terraform", () => {
    expect(reviewOf("deposed").changes).toMatchObject([
      {
        kind: "delete",
        leftover: true,
        why: expect.stringContaining("left over from an interrupted replacement") as string,
      },
    ]);
    expect(exitCodeOf(reviewOf("deposed"))).toBe(2);
  });

  test("of a load balancer has no consequence and raises no alarm: the live one serves", () => {
    expect(meaningOf(readPlan(plan), resourceTypes)).toEqual([]);
    expect(reviewed(plan).alarms).toEqual([]);
    expect(reviewed(plan).counts).toMatchObject({ delete: 1 });
  });

  test("is not in the bill, and is listed", () => {
    expect(costDifference(readPlan(plan))).toMatchObject({
      lines: [],
      unpriced: [
        "aws_lb.x (deposed 0000000d): it is left over from an earlier replacement, and paid for until it is deleted",
      ],
      unpricedResources: { before: 1, after: 0, change: true },
    });
  });
});

test("a secret in a name is hidden in the bill's lines, too", () => {
  const values = { instance_type: "t3.micro", associate_public_ip_address: true, password: "battery-staple" };
  const address = 'aws_instance.x["battery-staple"]';
  const plan: PlanJson = {
    configuration: { provider_config: { aws: { expressions: { region: { constant_value: "ap-south-1" } } } } },
    planned_values: {
      root_module: {
        resources: [
          { address, type: "aws_instance", mode: "managed", values: { ...values, tags: { Name: "battery-staple" } } },
        ],
      },
    },
    resource_changes: [
      { address, type: "aws_instance", change: { actions: ["create"], before: null, after: { ...values, tags: {} } } },
    ],
  };
  const text = JSON.stringify([costDifference(readPlan(plan)), reviewed(plan)]);
  expect(text).toContain("(sensitive), t3.micro");
  expect(text).not.toContain("battery-staple");
});
