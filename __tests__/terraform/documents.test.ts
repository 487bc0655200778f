import { failedChecks, failureOf, notAPlan } from "../../src/terraform/documents";
import { fixture, fixtureNames } from "../fixtures/plans";

test.each(fixtureNames())("%s is a plan", (name) => expect(notAPlan(fixture(name).plan)).toBeUndefined());

test.each<[string, unknown, string]>([
  [
    "a state",
    { format_version: "1.0", terraform_version: "1.11.4", values: { root_module: {} } },
    "is a state, not a plan",
  ],
  ["an empty state", { format_version: "1.0" }, "is an empty state, not a plan"],
  ["a state file", { version: 4, terraform_version: "1.11.4", serial: 1, lineage: "x" }, "is a state file, not a plan"],
  [
    "terraform validate",
    { format_version: "1.0", valid: true, error_count: 0, warning_count: 0, diagnostics: [] },
    "is the output of terraform validate, not a plan",
  ],
  [
    "terraform providers schema",
    { format_version: "1.0", provider_schemas: {} },
    "is the output of terraform providers schema",
  ],
  ["a synthesized stack", { resource: {}, terraform: {} }, "is a synthesized stack, not a plan"],
  ["a review", { alarms: [], findings: [] }, "is a review, not a plan"],
  ["a plan of another format", { format_version: "2.0", planned_values: {} }, "is a plan in format 2.0"],
  ["a list", [], "is not a plan as terraform show -json writes it"],
  ["nothing", null, "is not a plan as terraform show -json writes it"],
])("%s is no plan, and is named", (_, document, why) => expect(notAPlan(document)).toContain(why));

test("a plan that failed says which condition failed", () => {
  const message = "terraform_data.refused: The image is for arm64, the instance type for x86_64.";
  expect(failureOf(fixture("errored").plan)).toBe(message);
  expect(failureOf({ errored: true })).toBe("the plan does not say why; terraform plan does");
  expect(failureOf(fixture("check-failed").plan)).toBeUndefined();
});

test.each<[string, string, object, string[]]>([
  ["passes", "pass", {}, []],
  ["is not known yet", "unknown", {}, []],
  ["fails without a message", "fail", {}, ["check.x: its condition fails"]],
  ["cannot be evaluated", "error", {}, ["check.x: its condition cannot be evaluated"]],
  [
    "fails in one of two instances",
    "fail",
    {
      instances: [
        { address: { to_display: "check.x[0]" }, status: "pass" },
        { address: { to_display: "check.x[1]" }, status: "fail", problems: [{ message: "silent" }] },
      ],
    },
    ["check.x[1]: silent"],
  ],
])("a condition that %s", (_, status, more, expected) => {
  expect(failedChecks({ checks: [{ address: { to_display: "check.x" }, status, ...more }] })).toEqual(expected);
});
