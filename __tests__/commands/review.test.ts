/** `npm run review` with a plan that is there already. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reviewed, type View } from "../../src/commands/review";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { planIn } from "../../src/deploy/plan";
import { targetOf } from "../../src/deploy/read-stack";
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

test("a protection that is off for a reason, metadata without a token, and a bucket of access logs, are accepted with it", () => {
  const off = { off: "taken down after each try" };
  const accessLogs = { bucket: "logs", retentionDays: 30 };
  const settings = derive(environments.production, {
    bastion: undefined,
    fleet: { metadataTokens: { optional: "the old SDK knows no token" } },
    loadBalancer: { deletionProtection: off, accessLogs },
  });
  const { addresses } = synthWebApp(settings);
  const resources = addresses.map((address) => ({ address, type: "", mode: "managed", values: {} }));
  const accepted = intended(readPlan({ planned_values: { root_module: { resources } } }), settings);
  expect(accepted.map(({ id, address, reason }) => [id, address.split(".")[0], reason])).toEqual([
    ["load-balancer-protection", "aws_lb", "loadBalancer.deletionProtection is off: taken down after each try"],
    ["imdsv2", "aws_launch_template", "fleet.metadataTokens is optional: the old SDK knows no token"],
    ["bucket-protection", "aws_s3_bucket", "access logs are deleted with their load balancer"],
  ]);
});

describe("a plan is known by its content", () => {
  const named = (name: string, content: string | Buffer) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const plan = JSON.stringify(fixture("no-change").plan);

  test.each(["tfplan", "plan.out", "plan.tfplan", "with space.txt"])("not by the name %s", async (name) => {
    expect((await planIn(named(name, plan), {})).plan.after.environment).toBe("production");
  });

  test.each<[string, string | Buffer, string]>([
    ["a byte order mark", `\ufeff${plan}`, ""],
    ["UTF-16", Buffer.from(`\ufeff${plan}`, "utf16le"), "x.json is UTF-16: write it as UTF-8"],
    [
      "a wrapper's line",
      `[command]/opt/terraform-bin show -json p\n${plan}`,
      "a wrapper has put a line before it ([command]",
    ],
    ["a state", '{"format_version":"1.0","values":{}}', "x.json is a state, not a plan"],
    [
      "a failed plan",
      JSON.stringify(fixture("errored").plan),
      "the planning failed, so this is no plan to apply\nterraform_data.refused: The image is for arm64",
    ],
    ["nothing", "", "x.json is not JSON"],
  ])("with %s: %s", async (_, content, message) => {
    const read = planIn(named("x.json", content), {});
    await (message === "" ? expect(read).resolves.toHaveProperty("plan") : expect(read).rejects.toThrow(message));
  });

  test("a folder is none, whatever it is called", async () => {
    mkdirSync(join(folder, "folder.json"));
    await expect(planIn(join(folder, "folder.json"), {})).rejects.toThrow("cannot be read: it is a folder");
  });

  test("nor is the bill of a failed plan or of a state a bill", () => {
    expect(() => targetOf(named("failed.json", JSON.stringify(fixture("errored").plan)))).toThrow(
      "the planning failed",
    );
    expect(() => targetOf(named("state.json", '{"format_version":"1.0","values":{}}'))).toThrow("is neither");
    expect(() => targetOf(named("tfplan", "PK\u0003\u0004"))).toThrow("write its JSON with terraform show -json");
    expect(targetOf(named("bom", `\ufeff${plan}`)).stack.environment).toBe("production");
  });
});

test("a database that is added is in the headline, though it has no price", async () => {
  const { text } = reviewed(await planIn(written("database-unprotected"), {}), view());
  expect(text).toMatch(/^cost: 103\.93 → 103\.93 \+ 2 not priced USD a month$/m);
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
