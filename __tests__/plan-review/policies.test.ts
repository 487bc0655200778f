/** The policies and rules, over plans of the corpus and over made-up plans. */
import { judge } from "../../src/plan-review/judge";
import type { Accepted } from "../../src/plan-review/suppressions";
import { isSecretName, maskAll, secretsOf } from "../../src/plan-review/masking";
import { isInternet } from "../../src/aws/internet";
import { resourceTypes, reviewTables } from "../../src/resources/tables";
import { readPlan } from "../../src/terraform/plan";
import type { PlanJson } from "../../src/terraform/plan-json";
import { fixture, fixtureNames } from "../fixtures/plans";
import { reviewOf } from "./corpus";

const TODAY = "2026-11-23";
const names = fixtureNames();
const { policies } = reviewTables;
const consequences = [
  ...new Set(Object.values(resourceTypes).flatMap(({ consequences: all = [] }) => all.map(({ id }) => id))),
];
const judged = (plan: PlanJson, accepted: readonly Accepted[] = [], today = TODAY) =>
  judge(readPlan(plan), accepted, today, reviewTables);

test.each(policies.map(({ id }) => id))("a plan of the real Terraform breaks %s", (id) => {
  const breaking = names.filter((name) => reviewOf(name).findings.some((finding) => finding.id === id));
  expect(breaking).not.toEqual([]);
});

test.each(consequences)("a plan of the real Terraform has the consequence %s", (id) => {
  expect(names.filter((name) => reviewOf(name).consequences.some(({ rule }) => rule === id))).not.toEqual([]);
});

test.each([
  ["encryption-overridden", ["aws_instance", "aws_launch_template"], "encryption"],
  ["database-unprotected", ["aws_db_instance", "aws_elasticache_replication_group"], "encryption"],
  ["database-unprotected", ["aws_db_instance"], "database-protection"],
  ["database-unprotected", ["aws_db_instance"], "literal-secret"],
  ["launch-overridden", ["aws_launch_template"], "encryption"],
  ["stores-unprotected", ["aws_efs_file_system"], "encryption"],
  ["stores-unprotected", ["aws_dynamodb_table"], "database-protection"],
  ["stores-unprotected", ["aws_db_instance", "var"], "literal-secret"],
  [
    "ssh-widened",
    ["aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_ingress_rule"],
    "ssh-from-internet",
  ],
  ["ssh-opened-by-hand", ["aws_security_group"], "ssh-from-internet"],
  ["no-change", ["aws_vpc_security_group_ingress_rule"], "ssh-from-internet"],
  ["ssh-closed", [], "ssh-from-internet"],
])("%s: %j break %s, with its cure", (name, types, id) => {
  const found = reviewOf(name).findings.filter((finding) => finding.id === id);
  expect(found.map(({ address }) => address.split(".")[0]).sort()).toEqual(types);
  expect(found.filter(({ severity, cure }) => severity !== "error" || cure === "")).toEqual([]);
});

test("nothing but SSH is wrong with the deployment as it is synthesized", () => {
  expect([...new Set(reviewOf("first-deploy").findings.map(({ id }) => id))]).toEqual(["ssh-from-internet"]);
});

test("a value that Terraform marks as sensitive is hidden wherever it appears", () => {
  const { plan } = fixture("database-unprotected");
  const database = plan.resource_changes?.find(({ type }) => type === "aws_db_instance")?.change;
  expect(database?.after_sensitive).toMatchObject({ password: true });
  expect(JSON.stringify(database?.after?.["tags"])).toContain("correct-horse-battery-staple");
  const text = JSON.stringify(reviewOf("database-unprotected"));
  expect(text).not.toContain("correct-horse");
  expect(text).toContain("the password is (sensitive)");
});

test("a sensitive variable and what is made of it are hidden, and its default is a literal secret", () => {
  expect(JSON.stringify(fixture("stores-unprotected").plan.variables)).toContain("correct-horse-battery-staple");
  expect(JSON.stringify(reviewOf("stores-unprotected"))).not.toContain("correct-horse");
  const root_module = { variables: { pin: { sensitive: true } } };
  const passedIn: PlanJson = { variables: { pin: { value: "battery-staple" } }, configuration: { root_module } };
  expect(judged(passedIn)).toEqual([]);
  expect(maskAll("it is battery-staple", secretsOf(readPlan(passedIn)))).toBe("it is (sensitive)");
  expect(judged({ variables: { api_key: { value: "battery-staple" } } })).toMatchObject([
    { id: "literal-secret", address: "var.api_key" },
  ]);
});

test.each([
  ["password", true],
  ["environment.DB_PASSWORD", true],
  ["auth_token", true],
  ["creation_token", false],
  ["tokens", false],
])("whether %s is the name of a secret: %s", (name, expected) => expect(isSecretName(name)).toBe(expected));

test.each([
  ["0.0.0.0/0", true],
  ["0.0.0.0/1", true],
  ["128.0.0.0/1", true],
  ["::/0", true],
  ["2000::/3", true],
  ["10.0.0.0/8", false],
  ["203.0.113.7/32", false],
  ["2001:db8::/32", false],
  ["pl-0a1b2c3d4e5f60718", false],
])("whether %s is the internet: %s", (cidr, expected) => expect(isInternet(cidr)).toBe(expected));

const rule = (from: number, to: number, values: object = { cidr_ipv4: "0.0.0.0/0" }) => ({
  ip_protocol: "tcp",
  from_port: from,
  to_port: to,
  ...values,
});
const inline = { from_port: 0, to_port: 65535, protocol: "tcp" };
test.each<[string, string, Record<string, unknown>, boolean]>([
  ["port 22", "aws_vpc_security_group_ingress_rule", rule(22, 22), true],
  ["a range that has it", "aws_vpc_security_group_ingress_rule", rule(0, 1023), true],
  ["a range beside it", "aws_vpc_security_group_ingress_rule", rule(23, 1023), false],
  ["UDP", "aws_vpc_security_group_ingress_rule", { ...rule(22, 22), ip_protocol: "udp" }, false],
  ["TCP by its number", "aws_vpc_security_group_ingress_rule", { ...rule(22, 22), ip_protocol: "6" }, true],
  ["every protocol", "aws_vpc_security_group_ingress_rule", { ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0" }, true],
  ["IPv6", "aws_vpc_security_group_ingress_rule", rule(22, 22, { cidr_ipv6: "::/0" }), true],
  [
    "another group",
    "aws_vpc_security_group_ingress_rule",
    rule(22, 22, { referenced_security_group_id: "sg-1" }),
    false,
  ],
  ["a group's own rule", "aws_security_group", { ingress: [{ ...inline, cidr_blocks: ["0.0.0.0/0"] }] }, true],
  ["a group's IPv6 rule", "aws_security_group", { ingress: [{ ...inline, ipv6_cidr_blocks: ["::/0"] }] }, true],
  [
    "a rule of the old kind",
    "aws_security_group_rule",
    { type: "ingress", ...inline, cidr_blocks: ["0.0.0.0/0"] },
    true,
  ],
  ["outgoing traffic", "aws_security_group_rule", { type: "egress", ...inline, cidr_blocks: ["0.0.0.0/0"] }, false],
])("SSH from the internet by %s", (_, type, values, expected) => {
  const opened = resourceTypes[type]?.policies?.["ssh-from-internet"]?.(values, readPlan({}));
  expect(opened).toBe(expected);
});

const resource = { mode: "managed", type: "aws_instance", values: { metadata_options: [{ http_tokens: "optional" }] } };

test("a version that is no number is found in a policy of mixed instances as well", () => {
  const launch_template_specification = [{ launch_template_id: "lt-1", version: "$Default" }];
  const values = { mixed_instances_policy: [{ launch_template: [{ launch_template_specification }] }] };
  const group = { mode: "managed", type: "aws_autoscaling_group", address: "aws_autoscaling_group.x", values };
  const plan: PlanJson = { planned_values: { root_module: { resources: [group] } } };
  expect(judged(plan).map(({ id }) => id)).toContain("numbered-template-version");
});

test("resources of a module are checked as well", () => {
  const inModule = { resources: [{ ...resource, address: "module.a.module.b.aws_instance.x" }] };
  const plan: PlanJson = { planned_values: { root_module: { child_modules: [{ child_modules: [inModule] }] } } };
  expect(judged(plan)).toContainEqual(
    expect.objectContaining({ id: "imdsv2", address: "module.a.module.b.aws_instance.x" }),
  );
});

test("an output that is not sensitive must not hold a secret; a sensitive one is hidden elsewhere", () => {
  const outputs = {
    open: { value: "DB_PASSWORD=correct-horse" },
    api_key: { value: "correct-horse" },
    closed: { sensitive: true, value: "DB_PASSWORD=battery-staple" },
  };
  const plan: PlanJson = { planned_values: { outputs } };
  expect(judged(plan).map(({ id, address }) => [id, address])).toEqual([
    ["literal-secret", "output.open"],
    ["literal-secret", "output.api_key"],
  ]);
  expect(maskAll("it is DB_PASSWORD=battery-staple", secretsOf(readPlan(plan)))).toBe("it is (sensitive)");
});

test("a suppression that suppresses nothing is reported, unless the resource is being deleted", () => {
  const entry = (address: string) => ({ id: "imdsv2", address, reason: "not for long", expires: "2026-12-31" });
  const stale = (name: string, address: string) =>
    judged(fixture(name).plan, [entry(address)]).filter(({ id }) => id === "stale-suppression");
  const { plan } = fixture("no-change");
  const bastion = plan.planned_values?.root_module?.resources?.find(({ type }) => type === "aws_instance");
  expect(stale("no-change", "aws_instance.gone")).toMatchObject([
    {
      severity: "warning",
      address: "aws_instance.gone",
      cure: expect.stringContaining("nothing here violates") as string,
    },
  ]);
  expect(stale("no-change", bastion?.address ?? "")).toHaveLength(1);
  expect(stale("destroy", bastion?.address ?? "")).toEqual([]);
});

test("what the settings accept does not expire", () => {
  const accepted = { id: "imdsv2", address: "aws_instance.x", reason: "the settings say so" };
  const plan: PlanJson = {
    planned_values: { root_module: { resources: [{ ...resource, address: "aws_instance.x" }] } },
  };
  expect(judged(plan, [accepted], "9999-12-31").find(({ id }) => id === "imdsv2")?.suppressed).toBe(accepted.reason);
  expect(judged({}, [accepted])).toEqual([]);
});

test.each([
  ["postgres://web:battery-staple@database/web", "(sensitive)database/web"],
  ["redis://:battery-staple@cache:6379", "(sensitive)cache:6379"],
  ["git+https://bot:battery-staple@example.com/x", "(sensitive)example.com/x"],
  ["https://example.com:8080/path?mail=a@example.com", "https://example.com:8080/path?mail=a@example.com"],
])("a password in the address %s is hidden", (address, shown) => {
  expect(maskAll(`it is ${address}`, [])).toBe(`it is ${shown}`);
  expect(judged({ variables: { url: { value: address } } }).length).toBe(address === shown ? 0 : 1);
});

test.each(["password: (sensitive)", "DB_TOKEN: (known after apply)", "secret: (none)"])(
  "%s keeps its name: it holds no secret",
  (text) => expect(maskAll(text, [])).toBe(text),
);
