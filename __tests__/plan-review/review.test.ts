import { exitCodeOf } from "../../src/plan-review/review";
import { meaningOf } from "../../src/plan-review/consequences";
import { suppressionsOf } from "../../src/plan-review/suppressions";
import { resourceTypes } from "../../src/resources/tables";
import { readPlan } from "../../src/terraform/plan";
import type { PlanJson } from "../../src/terraform/plan-json";
import { fixture } from "../fixtures/plans";
import { reviewOf } from "./corpus";

const consequences = (plan: PlanJson) => meaningOf(readPlan(plan), resourceTypes);
const kinds = (name: string) =>
  Object.fromEntries(Object.entries(reviewOf(name).counts).filter(([, count]) => count > 0));
const failing = (name: string) =>
  reviewOf(name).findings.flatMap(({ id, severity }) => (severity === "error" ? [id] : []));

test("a first deploy only creates, and an alarm is not raised", () => {
  expect(Object.keys(kinds("first-deploy"))).toEqual(["create"]);
  expect(reviewOf("first-deploy").alarms).toEqual([]);
});

test("no change is no change", () => expect(kinds("no-change")).toEqual({}));

test.each([
  ["moved", "move"],
  ["imported", "import"],
  ["forgotten", "forget"],
])("what is %s is reported", (name, kind) => expect(kinds(name)).toHaveProperty(kind, 1));

test.each([
  // As many beside them: one batch, which waits for 300 s of grace and 60 s of last requests
  ["ami-change", /^launch template v2: rolling replacement of up to 4 instances, 4 at a time, about 6 minutes$/],
  ["load-balancer-renamed", /^ALB web-app-albb is replaced: its DNS name changes/],
  ["port-change", /^target group is replaced while the listener uses it/],
  ["port-change-prefix", /^target group is replaced, the new one first/],
  ["nat-moves", /^NAT address [\d.]+ changes: allow-lists at partners break$/],
  ["nat-per-zone", /^what leaves by network\/private-route-b gets another address/],
  ["desired-capacity-set", /^desired capacity is set: a scaled-out group would shrink from 3 to 1$/],
  ["security-group-replaced", /^security group app_sg is replaced while attached: this apply will hang/],
  ["ssh-opened", /^port 22 opens to the internet$/],
  ["subnet-replaced", /^subnet 192\.168\.1\.192\/26 is replaced/],
  ["destroy", /^Auto Scaling group web-app_asg is deleted or replaced/],
  ["safety-overridden", /no rolling replacement starts/],
  ["template-version-left-out", /^launch template v2: no rolling replacement starts/],
])("%s is explained", (name, sentence) => {
  expect(reviewOf(name).consequences.map((consequence) => consequence.sentence)).toContainEqual(
    expect.stringMatching(sentence),
  );
});

test.each([
  ["load-balancer-renamed", "load-balancer/load-balancer is replaced"],
  ["nat-moves", "network/nat-gateway-b is"],
  ["port-change", "load-balancer/target-group is replaced"],
])("%s raises an alarm", (name, alarm) => {
  const { alarms } = reviewOf(name);
  expect(alarms.join("; ")).toContain(name === "nat-moves" ? "nat" : alarm);
});

test("each change has the path of its construct, why, and only what changes", () => {
  const change = reviewOf("port-change").changes.find(({ type }) => type === "aws_lb_target_group");
  expect(change).toMatchObject({
    path: "load-balancer/target-group",
    why: "port cannot be changed in place",
    attributes: [{ name: "port", before: "5000", after: "8080" }],
  });
});

test("a resource that is removed from the state is reported as staying in AWS", () => {
  expect(reviewOf("forgotten").changes).toMatchObject([
    { path: "scaling/cpu-in", why: expect.stringContaining("is removed from the state and stays in AWS") as string },
  ]);
});

test("the path of a resource that the program no longer has is read from its address", () => {
  const [gone] = reviewOf("port-change").changes;
  expect(gone).toMatchObject({ kind: "delete", path: "app-firewall/tcp-5000-from-alb-firewall" });
  expect(fixture("port-change").paths).not.toHaveProperty([gone?.address ?? ""]);
  // The dots of 0.0.0.0 are not in the address: no path rather than a wrong one.
  expect(reviewOf("ssh-closed").changes[0]).not.toHaveProperty("path");
});

/** What a new image means for a group with such values, which replaces its servers with such preferences. */
function replacing(values: object, preferences: object): string[] {
  const { plan } = fixture("ami-change");
  const resources = plan.planned_values?.root_module?.resources?.map((each) =>
    each.type === "aws_autoscaling_group"
      ? { ...each, values: { ...each.values, ...values, instance_refresh: [{ preferences: [preferences] }] } }
      : each,
  );
  const changed = { ...plan, planned_values: { root_module: { resources: resources ?? [] } } };
  return consequences(changed).map(({ sentence }) => sentence);
}

// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
test.each([
  [{}, { min_healthy_percentage: 100, max_healthy_percentage: 200 }, "4 at a time, about 6 minutes"],
  [{}, { min_healthy_percentage: 100, max_healthy_percentage: 150 }, "2 at a time, about 12 minutes"],
  [{}, { min_healthy_percentage: 100, max_healthy_percentage: 110 }, "1 at a time, about 24 minutes"],
  [{}, { min_healthy_percentage: 50, max_healthy_percentage: 100 }, "2 at a time, about 12 minutes"],
  [{}, { min_healthy_percentage: 0, max_healthy_percentage: 100 }, "4 at a time, about 6 minutes"],
  [{ max_size: 5 }, { min_healthy_percentage: 90, max_healthy_percentage: 130 }, "1 at a time, about 30 minutes"],
  [{ default_instance_warmup: 60 }, { instance_warmup: "" }, "4 at a time, about 2 minutes"],
  [{ default_instance_warmup: 60 }, { instance_warmup: "240" }, "4 at a time, about 5 minutes"],
  [{ instance_maintenance_policy: [] }, {}, "1 at a time, about 24 minutes"],
])("a rolling replacement of a group with %j by %j takes %s", (values, preferences, expected) => {
  expect(replacing(values, preferences)[0]).toMatch(new RegExp(`${expected}$`));
});

test("overrides cannot hide from the policies", () => {
  expect(failing("safety-overridden")).toEqual(expect.arrayContaining(["imdsv2", "numbered-template-version"]));
  expect(reviewOf("safety-overridden").findings.map(({ id }) => id)).toContain("load-balancer-protection");
});

test("a secret in user data fails, and is nowhere in the review", () => {
  expect(failing("secret-in-user-data")).toContain("literal-secret");
  const text = JSON.stringify(reviewOf("secret-in-user-data"));
  const encoded = Buffer.from("#!/bin/sh\nexport DB_PASSWORD=correct-horse-battery\n").toString("base64");
  expect(JSON.stringify(fixture("secret-in-user-data"))).toContain(encoded);
  expect(text).not.toContain(encoded);
  expect(text).not.toContain("correct-horse");
});

test("a suppression applies until its last day, and fails after it", () => {
  const found = reviewOf("no-change").findings.filter(({ id }) => id === "ssh-from-internet");
  expect(found).toHaveLength(1);
  const entry = (expires: string) =>
    suppressionsOf([
      { id: "ssh-from-internet", address: found[0]?.address, reason: "as the document has it", expires },
    ]);
  expect(exitCodeOf(reviewOf("no-change"))).toBe(3);
  expect(exitCodeOf(reviewOf("no-change", entry("2026-11-23")))).toBe(0);
  expect(exitCodeOf(reviewOf("ami-change", entry("2026-11-23")))).toBe(2);
  const ended = reviewOf("no-change", entry("2026-11-22"));
  expect(exitCodeOf(ended)).toBe(3);
  expect(ended.findings.map(({ id }) => id)).toContain("expired-suppression");
});

test("a suppression without a reason is refused", () => {
  expect(() => suppressionsOf([{ id: "tags", address: "x", reason: "", expires: "2026-12-31" }])).toThrow();
});

test("a replacement is as fast as its range and its warm-up allow", () => {
  const sentence = (preferences: object, warmUp: number) => replacing({ default_instance_warmup: warmUp }, preferences);
  // A tenth of 4 is none, so one: 4 × (120 + 60 s)
  const tenth = { min_healthy_percentage: 90, max_healthy_percentage: 100 };
  expect(sentence(tenth, 120)).toContainEqual(expect.stringContaining("1 at a time, about 12 minutes"));
  // Half of 4 beside them: 2 × (300 + 60 s)
  const half = { min_healthy_percentage: 100, max_healthy_percentage: 150 };
  expect(sentence(half, 0)).toContainEqual(expect.stringContaining("2 at a time, about 12 minutes"));
  const wide = { min_healthy_percentage: 50, max_healthy_percentage: 150 };
  expect(sentence(wide, 0)).toContainEqual(expect.stringContaining("4 at a time, about 6 minutes"));
});

describe("a group of mixed instances", () => {
  const template = { id: "lt-1", name: "web", latest_version: 1 };
  const policy = (version: unknown, more: object = {}) => [
    {
      launch_template: [
        {
          launch_template_specification: [{ launch_template_id: "lt-1", ...(version !== undefined && { version }) }],
          ...more,
        },
      ],
    },
  ];
  const group = (mixed: unknown, more: object = {}) => ({
    ...{ max_size: 4, default_instance_warmup: 60, instance_refresh: [{ preferences: [] }] },
    mixed_instances_policy: mixed,
    ...more,
  });
  const changed = (address: string, type: string, before: object, after: object) => ({
    ...{ address, type, mode: "managed" },
    change: { actions: ["update"], before: before as Record<string, unknown>, after: after as Record<string, unknown> },
  });
  const sentences = (before: object, after: object, image = true) =>
    consequences({
      resource_changes: [
        ...(image
          ? [changed("aws_launch_template.x", "aws_launch_template", template, { ...template, image_id: "ami-2" })]
          : []),
        changed("aws_autoscaling_group.x", "aws_autoscaling_group", before, after),
      ],
    }).map(({ sentence }) => sentence);
  const rolling = (what: string) => [
    expect.stringMatching(new RegExp(`^${what}: rolling replacement of up to 4 instances`)) as string,
  ];

  test("starts a rolling replacement with a new version of its launch template", () => {
    expect(sentences(group(policy("1")), group(policy(undefined)))).toEqual(rolling("launch template v2"));
  });

  test("with another instance type, too, and with another launch template", () => {
    const override = [{ instance_type: "t3a.micro" }];
    expect(sentences(group(policy("1")), group(policy("1", { override })), false)).toEqual(
      rolling("another launch template"),
    );
    const own = (id: string) => group(undefined, { launch_template: [{ id, version: "1" }] });
    expect(sentences(own("lt-1"), own("lt-2"), false)).toEqual(rolling("another launch template"));
  });

  test("finds the version in an override of a type as well", () => {
    const override = (version: unknown) => [
      { launch_template_specification: [{ launch_template_name: "web", ...(version !== undefined && { version }) }] },
    ];
    const mixed = (version: unknown) =>
      group([
        {
          launch_template: [
            { launch_template_specification: [{ launch_template_id: "lt-9" }], override: override(version) },
          ],
        },
      ]);
    expect(sentences(mixed("1"), mixed(undefined))).toEqual(rolling("launch template v2"));
  });

  test.each<[string, object, object]>([
    ["its version is left out", group(policy("1")), { ...group(policy("1")), max_size: 5 }],
    ["its version is no number", group(policy("$Latest")), group(policy("$Latest", { override: [] }))],
    [
      "it has no refresh",
      group(policy("1"), { instance_refresh: [] }),
      group(policy(undefined), { instance_refresh: [] }),
    ],
  ])("starts none where %s", (_, before, after) => {
    expect(sentences(before, after)).toEqual([
      "launch template v2: no rolling replacement starts; only new instances get it",
    ]);
  });
});
