/** The life of a deployment, from an empty account and back, with the real Terraform and provider on an emulated AWS. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeAutoScalingGroupsCommand, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import { stackFolder } from "../../src/deploy/workspace";
import { PROJECT } from "../../src/machine/project";
import { remoteState } from "../../src/config/environments";
import { run } from "../../src/machine/run";
import { Cloud, DEPLOYED, MINUTE, NOTHING_DEPLOYED } from "./support";

let cloud: Cloud;
let deployed: { code: number; output: string };
let refused: { code: number; output: string };

beforeAll(async () => {
  cloud = await Cloud.start("missing");
  const bootstrapped = await cloud.command(["bootstrap", "local"]);
  expect(bootstrapped).toMatchObject({ code: 0 });
  // The second deploy starts while the first waits for its load balancer, which takes AWS's provider a minute.
  let second: Promise<typeof refused> | undefined;
  deployed = await cloud.command(["deploy", "local"], (line) => {
    if (/aws_lb\..*Creating/.test(line)) second ??= cloud.command(["deploy", "local"]);
  });
  refused = (await second) ?? { code: 0, output: "the second deploy never started" };
}, 6 * MINUTE);

afterAll(() => cloud.stop(), MINUTE);

const group = async () => (await cloud.scaling.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups?.[0];
const groupSize = async () => (await group())?.DesiredCapacity;

test("deploys the document, each thing once", async () => {
  expect(deployed.output).toContain("local is deployed");
  expect(deployed.code).toBe(0);
  expect(await cloud.census()).toEqual(DEPLOYED);
});

test("refuses a second deploy while one runs, and names who holds the lock", () => {
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(/The state of local is locked by \S+@\S+ since .* nothing was changed/);
  expect(refused.output).toMatch(/npm run unlock -- local [0-9a-f-]{36}/);
});

test(
  "what stands there is what the document says, asked of AWS",
  async () => {
    const { code, output } = await cloud.command(["verify", "local"]);
    expect(output).toMatch(/✓ \d+ checks passed: local is as its settings say/);
    expect(code).toBe(0);
  },
  MINUTE,
);

test(
  "a second plan is strictly empty",
  async () => {
    const { code, output } = await cloud.command(["plan", "local"]);
    expect(output).toContain("No changes.");
    expect(output).not.toContain("Changed outside of Terraform");
    expect(code).toBe(0);
  },
  MINUTE,
);

test("tags reach the launched instances and their volumes", async () => {
  const instances =
    (await cloud.ec2.send(new DescribeInstancesCommand({}))).Reservations?.flatMap(({ Instances = [] }) => Instances) ??
    [];
  const volumes = (await cloud.ec2.send(new DescribeVolumesCommand({}))).Volumes ?? [];
  const wanted = expect.arrayContaining([
    { Key: "Project", Value: "web-app" },
    { Key: "Environment", Value: "local" },
    { Key: "ManagedBy", Value: "terraform" },
  ]) as unknown;
  expect(instances.map(({ Tags }) => Tags)).toEqual([wanted, wanted]);
  expect(volumes.map(({ Tags, Encrypted }) => ({ Tags, Encrypted }))).toEqual([
    { Tags: wanted, Encrypted: true },
    { Tags: wanted, Encrypted: true },
  ]);
});

test("the state and its versions are in the encrypted, versioned bucket, and no lock is left", async () => {
  const Bucket = remoteState.bucket;
  const { Versions = [], DeleteMarkers = [] } = await cloud.s3.send(new ListObjectVersionsCommand({ Bucket }));
  const states = Versions.filter(({ Key }) => Key === "local/terraform.tfstate");
  expect(states.length).toBeGreaterThan(0);
  expect(Versions.filter(({ Key, IsLatest }) => Key === "local/terraform.tfstate.tflock" && IsLatest)).toEqual([]);
  expect(DeleteMarkers.some(({ Key }) => Key === "local/terraform.tfstate.tflock")).toBe(true);
  expect((await cloud.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
  const encryption = await cloud.s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(
    encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
  ).toBe("AES256");
});

test(
  "a group that has grown to 3 stays at 3 through another deploy",
  async () => {
    const AutoScalingGroupName = (await group())?.AutoScalingGroupName;
    await cloud.scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 }));
    const { code } = await cloud.command(["deploy", "local"]);
    expect(code).toBe(0);
    expect(await groupSize()).toBe(3);
    expect((await group())?.Instances).toHaveLength(3);
  },
  2 * MINUTE,
);

test(
  "a new version of the launch template rolls through the group, which keeps its size",
  async () => {
    const before = (await group())?.Instances?.map(({ InstanceId }) => InstanceId) ?? [];
    const file = join(stackFolder(cloud.workspace, "local"), "cdk.tf.json");
    const synthesized = readFileSync(file, "utf8");
    writeFileSync(
      file,
      synthesized.replace('"instance_metadata_tags": "enabled"', '"instance_metadata_tags": "disabled"'),
    );
    const { env } = cloud.workspace;
    const applied = await run("terraform", ["apply", "-auto-approve", "-input=false", "-no-color"], {
      cwd: join(file, ".."),
      env,
    });
    expect(applied.output).toContain("Apply complete!");
    const after = (await group())?.Instances?.map(({ InstanceId }) => InstanceId) ?? [];
    expect(after).toHaveLength(before.length);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    writeFileSync(file, synthesized);
    expect((await cloud.command(["deploy", "local"])).code).toBe(0);
  },
  3 * MINUTE,
);

test(
  "a rule added by hand is shown by the plan",
  async () => {
    const groups = (await cloud.ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups ?? [];
    const GroupId = groups.find(({ GroupName }) => GroupName === "local-app_sg")?.GroupId;
    const rule = {
      GroupId,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 8080, ToPort: 8080, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    };
    await cloud.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
    const { code, output } = await cloud.command(["plan", "local"]);
    expect(output).toContain("Changed outside of Terraform");
    expect(output).toMatch(/aws_security_group\.app-firewall\S* ingress: .*8080/);
    expect(code).toBe(2);
    const deployed = await cloud.command(["deploy", "local"]);
    expect(deployed.output).toMatch(/this deploy reverts it, or keeps it where it is not managed:\n.*ingress: .*8080/);
    await cloud.ec2.send(new RevokeSecurityGroupIngressCommand(rule));
  },
  2 * MINUTE,
);

test(
  "the HCL that cdktf synthesizes plans to no change against the same state",
  async () => {
    const output = join(cloud.folder, "hcl");
    const { env } = cloud.workspace;
    const cdktf = join(PROJECT, "node_modules", ".bin", "cdktf");
    expect(await run(cdktf, ["synth", "--hcl", "--output", output], { cwd: PROJECT, env })).toMatchObject({ code: 0 });
    const cwd = join(output, "stacks", "local");
    expect(existsSync(join(cwd, "cdk.tf"))).toBe(true);
    expect(await run("terraform", ["init", "-input=false"], { cwd, env })).toMatchObject({ code: 0 });
    const plan = await run("terraform", ["plan", "-input=false", "-no-color", "-detailed-exitcode"], { cwd, env });
    expect(plan.output).toContain("No changes.");
    expect(plan.code).toBe(0);
  },
  2 * MINUTE,
);

test(
  "bootstrap completes a bucket that a kill has left half made and unknown, and then changes nothing",
  async () => {
    rmSync(join(cloud.folder, "remote-state.tfstate"));
    await cloud.s3.send(new DeletePublicAccessBlockCommand({ Bucket: remoteState.bucket }));
    const { code, output } = await cloud.command(["bootstrap", "local"]);
    expect(output).toContain("Import successful!");
    expect(output).toMatch(/Apply complete! Resources: 1 added, 0 changed, 0 destroyed/);
    expect(code).toBe(0);
    expect((await cloud.command(["bootstrap", "local"])).output).toMatch(
      /No changes\.|Apply complete! Resources: 0 added, 0 changed, 0 destroyed/,
    );
  },
  3 * MINUTE,
);

test(
  "destroy leaves nothing but the state's bucket",
  async () => {
    const { code } = await cloud.command(["destroy", "local", "local"]);
    expect(code).toBe(0);
    expect(await cloud.census()).toEqual(NOTHING_DEPLOYED);
  },
  2 * MINUTE,
);
