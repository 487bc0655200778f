/** `npm run review` with a plan that is there already. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { reviewed, type View } from "../../src/commands/review";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { planIn } from "../../src/deploy/plan";
import { readPlan } from "../../src/terraform/plan";
import { intended } from "../../src/resources/intended";
import { pathIn } from "../../src/terraform/addresses";
import { fixture } from "../plan-review/corpus";
import { synthWebApp } from "../support";

const MINUTES = 120_000;
const PROJECT = resolve(__dirname, "..", "..");
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "review-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(fixture(name).plan));
  return file;
}
const view = (format = "terminal"): View => ({ format, colour: false, width: 100 });

/** The real command. */
function review(...args: string[]) {
  const node = ["--require", "tsx/cjs", join(PROJECT, "src", "cli.ts"), "review", ...args];
  return spawnSync(process.execPath, node, { cwd: PROJECT, encoding: "utf8" });
}

test.each([
  ["no-change", 0],
  ["ami-change", 2],
  ["safety-overridden", 3],
])("%s ends with %d", async (name, code) => {
  expect(reviewed(await planIn(written(name), {}), view()).code).toBe(code);
});

test(
  "the command prints the review, and its exit code is the verdict",
  () => {
    const { stdout, status } = review(written("safety-overridden"));
    expect(status).toBe(3);
    expect(stdout).toContain("numbered-template-version (error)");
    expect(stdout).toMatch(/^cost: [\d.]+ USD a month, as before$/m);
    expect(Math.max(...stdout.split("\n").map((line) => (line.trim().includes(" ") ? line.length : 0)))).toBeLessThan(
      81,
    );
  },
  MINUTES,
);

test.each([
  ["missing.json", "There is no plan missing.json"],
  ["package.json", "package.json is not a plan as terraform show -json writes it"],
  ["nowhere", "nowhere is not an environment"],
])(
  "%s is an error in one line, and 1",
  (target, message) => {
    const { stderr, status } = review(target);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  },
  MINUTES,
);

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

test(
  "a plan file of Terraform's is shown in the folder it lies in",
  () => {
    const stack = join(folder, "terraform");
    mkdirSync(stack);
    // Terraform's own resource type: no provider, so no network.
    const resource = { terraform_data: { x: { input: "1", "//": { metadata: { path: "staging/some/where" } } } } };
    writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ resource }));
    const terraform = (...args: string[]) => spawnSync("terraform", args, { cwd: stack, encoding: "utf8" }).status;
    expect([terraform("init"), terraform("plan", "-out=kept.tfplan")]).toEqual([0, 0]);
    const { stdout, status } = review(join(stack, "kept.tfplan"));
    expect(stdout).toMatch(/^1 created$/m);
    expect(stdout).toContain("create some/where\n    terraform_data.x");
    expect(status).toBe(2);

    writeFileSync(join(stack, "broken.tfplan"), "not a plan");
    const broken = review(join(stack, "broken.tfplan"));
    expect(broken.stderr).toContain("broken.tfplan: Terraform cannot show it");
    expect(broken.status).toBe(1);
  },
  MINUTES,
);

test("the path is read from the address, unless letters are missing from it", () => {
  const stack = synthWebApp();
  expect(stack.addresses).toContain("aws_vpc.network_vpc_4E8F0223");
  expect(pathIn("aws_vpc.network_vpc_4E8F0223")).toBe("network/vpc");
  expect(pathIn("aws_vpc.network_vpc_4E8F0224")).toBeUndefined();
  expect(pathIn("aws_db_instance.database")).toBeUndefined();
  const ssh = stack.addresses.find((address) => address.includes("tcp-22-from-0000-0")) ?? "";
  expect(pathIn(ssh)).toBeUndefined();
});
