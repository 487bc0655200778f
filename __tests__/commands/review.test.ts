/** `npm run review` with a plan that is there already. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reviewed, type View } from "../../src/commands/review";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { planIn } from "../../src/deploy/plan";
import { readPlan } from "../../src/terraform/plan";
import { intended } from "../../src/resources/intended";
import { pathIn } from "../../src/terraform/addresses";
import { fixture } from "../fixtures/plans";
import { synthWebApp } from "../support";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "review-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(fixture(name).plan));
  return file;
}
const view = (format = "terminal"): View => ({ format, colour: false, width: 100 });

test.each([
  ["no-change", 0],
  ["ami-change", 2],
  ["safety-overridden", 3],
])("%s ends with %d", async (name, code) => {
  expect(reviewed(await planIn(written(name), {}), view()).code).toBe(code);
});

test("another format is refused", async () => {
  const planned = await planIn(written("no-change"), {});
  expect(() => reviewed(planned, view("html"))).toThrow("--format html: must be one of markdown, terminal, json");
});

test("JSON has all of it, and the cost", async () => {
  const { text } = reviewed(await planIn(written("nat-per-zone"), {}), view("json"));
  expect(JSON.parse(text)).toMatchObject({
    counts: { create: expect.any(Number) as number },
    cost: { lines: expect.arrayContaining([expect.objectContaining({ item: "NAT gateways" })]) as object },
  });
});

describe("SSH from the internet", () => {
  const isAccepted = (name: string, settings = environments.production) =>
    intended(readPlan(fixture(name).plan), settings).map(({ reason }) => reason);

  test("is accepted where the setting allows it, whether or not the constructs' paths are known", async () => {
    expect(isAccepted("first-deploy")).toEqual(["bastion.sshSources allows it"]);
    const { text } = reviewed(await planIn(written("no-change"), {}), view());
    expect(text.replace(/\s+/g, " ")).toContain("accepted: bastion.sshSources allows it");
    expect(text).not.toContain("9999");
  });

  test("is not where another source is named, or there is no bastion", () => {
    const narrow = derive(environments.production, { bastion: { sshSources: ["203.0.113.0/24"] } });
    expect(isAccepted("first-deploy", narrow)).toEqual([]);
    expect(isAccepted("first-deploy", derive(environments.production, { bastion: undefined }))).toEqual([]);
  });

  test("is not where an override widens what the setting keeps narrow", () => {
    const narrow = derive(environments.production, { bastion: { sshSources: ["203.0.113.0/24"] } });
    expect(isAccepted("ssh-widened", narrow)).toEqual([]);
  });

  test("a plan of an environment that is not known here accepts nothing", async () => {
    expect(reviewed(await planIn(written("ssh-opened"), {}), view()).code).toBe(3);
  });
});

test("a protection that is off for a reason, and a bucket of access logs, are accepted with it", () => {
  const off = { off: "taken down after each try" };
  const accessLogs = { bucket: "logs", retentionDays: 30 };
  const settings = derive(environments.production, {
    bastion: undefined,
    loadBalancer: { deletionProtection: off, accessLogs },
  });
  const { addresses } = synthWebApp(settings);
  const resources = addresses.map((address) => ({ address, type: "", mode: "managed", values: {} }));
  const accepted = intended(readPlan({ planned_values: { root_module: { resources } } }), settings);
  expect(accepted.map(({ id, address, reason }) => [id, address.split(".")[0], reason])).toEqual([
    ["load-balancer-protection", "aws_lb", "loadBalancer.deletionProtection is off: taken down after each try"],
    ["bucket-protection", "aws_s3_bucket", "access logs are deleted with their load balancer"],
  ]);
});

test("the paths of the constructs are read from the stack's folder", async () => {
  const stack = join(folder, "stack");
  mkdirSync(stack);
  copyFileSync(written("ami-change"), join(stack, "plan.json"));
  const resource = { aws_lb: { x: { "//": { metadata: { path: "production/some/where" } } } } };
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ resource }));
  expect((await planIn(join(stack, "plan.json"), {})).paths).toEqual({ "aws_lb.x": "some/where" });
});

test("the path is read from the address, unless letters are missing from it", () => {
  const stack = synthWebApp();
  expect(stack.addresses).toContain("aws_vpc.network_vpc_4E8F0223");
  expect(pathIn("aws_vpc.network_vpc_4E8F0223")).toBe("network/vpc");
  expect(pathIn("aws_vpc.network_vpc_4E8F0224")).toBeUndefined();
  expect(pathIn("aws_db_instance.database")).toBeUndefined();
  const ssh = stack.addresses.find((address) => address.includes("tcp-22-from-0000-0")) ?? "";
  expect(pathIn(ssh)).toBeUndefined();
});
