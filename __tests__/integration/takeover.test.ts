/** A stack that somebody has written with plain Terraform, taken over on an emulated AWS, with the real Terraform on both sides. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DeleteAlarmsCommand, CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CreateVpcCommand, DescribeInstancesCommand, DescribeLaunchTemplatesCommand } from "@aws-sdk/client-ec2";
import { environments } from "../../src/config/environments";
import type { Kept } from "../../src/config/kept";
import { findAll } from "../../src/deploy/takeover";
import { synthesized } from "../../src/deploy/read-stack";
import { run } from "../../src/machine/run";
import { candidateLines } from "../../src/takeover/ids";
import { forLater } from "../../src/takeover/differences";
import { refersTo, type Known } from "../../src/takeover/find";
import { resourceTypes } from "../../src/resources/tables";
import { Checkout } from "../checkout";
import { consoleMade } from "./console-made";
import { Cloud } from "./support";

const FIXTURE = join(__dirname, "..", "fixtures", "takeover", "main.tf");

let cloud: Cloud;
let checkout: Checkout;
let old: string;
let servers: readonly string[];

beforeAll(async () => {
  cloud = await Cloud.start("made");
  checkout = await Checkout.into(join(cloud.folder, "checkout"), cloud.folder);
  old = join(cloud.folder, "old");
  mkdirSync(old);
  cpSync(FIXTURE, join(old, "main.tf"));
  expect((await terraform("init", "-input=false")).code).toBe(0);
  expect((await terraform("apply", "-auto-approve", "-input=false", "-no-color")).output).toContain("29 added");
  servers = await instances();
  expect(servers).toHaveLength(2); // the bastion and the group's one
});

afterAll(() => cloud.stop());

const terraform = (...args: readonly string[]) => run("terraform", args, { cwd: old, env: cloud.workspace.env });
const takeover = (...args: readonly string[]) => checkout.command("takeover", "local", ...args);
const instances = async () =>
  ((await cloud.ec2.send(new DescribeInstancesCommand({}))).Reservations ?? [])
    .flatMap(({ Instances = [] }) => Instances)
    .filter(({ State }) => State?.Name === "running")
    .flatMap(({ InstanceId }) => InstanceId ?? [])
    .sort();
const group = async () => (await cloud.scaling.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups?.[0];
const kept = () => JSON.parse(readFileSync(checkout.path("takeover/local.json"), "utf8")) as Kept;
const releaseable = (type: string, attribute: string) => {
  const found = kept().kept.find((each) => each.address.startsWith(`${type}.`) && each.attribute === attribute);
  return `${String(found?.address)}.${attribute}`;
};

test("adopt does not say of it that nothing is missing", async () => {
  const { code, output } = await checkout.command("adopt", "local");
  expect(output).toContain(
    "✓ 0 resources adopted: the state of local has 0 of 46; a deploy creates the other 46: npm run deploy -- local",
  );
  expect(code).toBe(0);
});

test("is taken over: 36 imported, nothing deleted or replaced, the same servers, and the next plan is empty", async () => {
  const { code, output } = await takeover("--from", join(old, "terraform.tfstate"), "--apply");
  expect(output).toContain("✓ 36 of 46 resources exist");
  expect(output).toContain("✓ Plan: 36 to import, 8 to add, 28 to change, 0 to destroy");
  expect(output).toMatch(/Apply complete! Resources: 36 imported, 8 added, 28 changed, 0 destroyed/);
  expect(output).toContain("✓ The next plan is empty");
  expect(output).toContain("✓ All checks passed");
  expect(output).toContain("Kept as it is: local.fleet.healthCheckGraceSeconds: 120 must be at least 150");
  expect(code).toBe(0);
  expect(await instances()).toEqual(servers);
  // Both states are kept, for the way back.
  const backups = readdirSync(join(cloud.folder, "cdktf.out", "takeover"));
  expect(backups.filter((file) => file.startsWith("local-other-"))).toHaveLength(1);
});

test("what would replace or interrupt is kept, and what is harmless is taken", () => {
  const of = (one: string) => kept().kept.flatMap((each) => (each.class === one ? each.attribute : []));
  expect(of("harmless")).toEqual([]);
  expect(of("replaces")).toEqual(expect.arrayContaining(["name", "description", "alarm_name", "root_block_device"]));
  expect(of("interrupts")).toEqual(
    expect.arrayContaining([
      "launch_template",
      "network_interfaces",
      "metadata_options",
      "route_table_id",
      "threshold",
    ]),
  );
  expect(kept().later.map((address) => address.split(".")[0])).toEqual([
    "aws_default_security_group",
    "aws_vpc_endpoint",
  ]);
  // As it is, with references in the place of ids.
  expect(kept().kept.find(({ attribute }) => attribute === "launch_template")?.is).toEqual([
    expect.objectContaining({
      id: expect.stringMatching(/^\$\{aws_launch_template\..*\.id\}$/) as unknown,
      version: "$Latest",
    }),
  ]);
});

test("the simulation reads what is kept: its alarm is the old one", async () => {
  const args = ["--require", "tsx/cjs", "src/cli.ts", "simulate", "local"];
  const { output } = await run(process.execPath, args, { cwd: checkout.folder, env: process.env });
  expect(output).toContain("shop-idle");
});

test("one release changes one thing, and no server", async () => {
  const what = releaseable("aws_autoscaling_group", "health_check_grace_period");
  const { code, output } = await takeover("--release", what, "--apply");
  expect(output).toMatch(/Apply complete! Resources: 0 added, 1 changed, 0 destroyed/);
  expect(code).toBe(0);
  expect((await group())?.HealthCheckGracePeriod).toBe(300);
  expect(await instances()).toEqual(servers);
});

test("the release of a template's attribute says that only new servers get it, and none is replaced", async () => {
  const what = releaseable("aws_launch_template", "metadata_options");
  const { code, output } = await takeover("--release", what, "--apply");
  expect(output).toContain("launch template v2: no rolling replacement starts; only new instances get it");
  expect(code).toBe(0);
  const { LaunchTemplates = [] } = await cloud.ec2.send(new DescribeLaunchTemplatesCommand({}));
  expect(LaunchTemplates.map(({ LatestVersionNumber }) => LatestVersionNumber)).toEqual([2]);
  expect(await instances()).toEqual(servers);
  expect(kept().kept.some((each) => `${each.address}.${each.attribute}` === what)).toBe(false);
});

test("the old side lets go of everything, and destroys nothing", async () => {
  const before = await cloud.census();
  const removed = readFileSync(join(cloud.folder, "cdktf.out", "takeover", "local-removed.tf"), "utf8");
  const [head = ""] = readFileSync(join(old, "main.tf"), "utf8").split('resource "aws_vpc"');
  writeFileSync(join(old, "main.tf"), `${head}\n${removed}`);
  const { code, output } = await terraform("apply", "-auto-approve", "-input=false", "-no-color");
  expect(output).toMatch(/Apply complete! Resources: 0 added, 0 changed, 0 destroyed/);
  expect(code).toBe(0);
  expect((await terraform("state", "list")).stdout.trim()).toBe("");
  expect(await cloud.census()).toEqual(before);
  expect(await instances()).toEqual(servers);
});

describe("of another account, as it is found", () => {
  const stack = synthesized("local", environments.local);
  const NONE: Known = { ids: new Map(), state: new Map(), other: new Map() };
  const find = (known: Partial<Known> = {}) => findAll(cloud.workspace, stack, { ...NONE, ...known });
  const [vpc = ""] = stack.of("aws_vpc").map(({ address }) => address);
  let second = "";

  test("two VPCs of the same block are two candidates, a line each that the file of --ids takes", async () => {
    second = (await cloud.ec2.send(new CreateVpcCommand({ CidrBlock: "192.168.1.0/24" }))).Vpc?.VpcId ?? "";
    const found = await find();
    expect(candidateLines(found)).toEqual(
      expect.arrayContaining([expect.stringMatching(`^${vpc} vpc-\\w+   # local-myvpc$`), `${vpc} ${second}`]),
    );
    expect(found.found).toEqual([]);
    const [first = ""] = found.ambiguous[0]?.candidates.flatMap(({ id }) => (id === second ? [] : id)) ?? [];
    expect((await find({ ids: new Map([[vpc, first]]) })).found).toHaveLength(36);
    expect((await find({ other: new Map([["aws_vpc", new Set([first])]]) })).found).toHaveLength(36);
  });

  test("made by the console, with a load balancer of our name: it is found in its own VPC, and by no name", async () => {
    await consoleMade(cloud, second, environments.local);
    const { found, ambiguous, missing } = await find({ ids: new Map([[vpc, second]]) });
    expect(ambiguous).toEqual([]);
    const types = found.map(({ address }) => address.split(".")[0]);
    expect(types).toEqual(
      expect.arrayContaining([
        "aws_subnet",
        "aws_internet_gateway",
        "aws_route_table",
        "aws_lb",
        "aws_lb_listener",
        "aws_lb_target_group",
        "aws_security_group",
        "aws_launch_template",
        "aws_autoscaling_group",
      ]),
    );
    expect(found.find(({ address }) => address.startsWith("aws_lb."))?.called).toBe("local-web-app-albb");
    // No NAT gateway, no bastion, no scaling: only what nothing else needs can be left for later.
    const { later, needed } = forLater(stack, missing, resourceTypes, refersTo);
    expect(later.map((address) => address.split(".")[0])).toEqual(
      expect.arrayContaining(["aws_instance", "aws_cloudwatch_metric_alarm"]),
    );
    expect([...needed, ...later].every((address) => missing.includes(address))).toBe(true);
    // The other system's is not taken for a foreign one of that name.
    const others = await find({ ids: new Map([[vpc, (await firstVpc()) ?? ""]]) });
    expect(others.found.find(({ address }) => address.startsWith("aws_lb."))?.called).toBe("shop");
  });

  test("with an alarm missing, that is what is missing, and it is left for later", async () => {
    const ids = new Map([[vpc, (await firstVpc()) ?? ""]]);
    const before = await find({ ids });
    await new CloudWatchClient(cloud.config).send(new DeleteAlarmsCommand({ AlarmNames: ["shop-idle"] }));
    const { missing } = await find({ ids });
    const gone = missing.filter((address) => !before.missing.includes(address));
    expect(gone).toEqual([expect.stringMatching(/^aws_cloudwatch_metric_alarm\.scaling_cpu-in_/)]);
    expect(forLater(stack, gone, resourceTypes, refersTo)).toEqual({ later: gone, needed: [] });
  });

  const firstVpc = async () => (await find()).ambiguous[0]?.candidates.find(({ id }) => id !== second)?.id;
});
