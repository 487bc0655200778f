/** What exists after a deploy into an empty account, with the real Terraform and provider on an emulated AWS. */
import { DescribeInstancesCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import { GetBucketEncryptionCommand, GetBucketVersioningCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { remoteState } from "../../src/config/environments";
import { DEPLOYED } from "./census";
import { deployment, type Deployment } from "./deployment";
import { Cloud } from "./support";

let made: Deployment;
let cloud: Cloud;

beforeAll(async () => {
  made = await deployment();
  cloud = await Cloud.deployed();
});
afterAll(() => cloud.stop());

test("deploys the document, each thing once", async () => {
  expect(made.local.output).toContain("✓ Nothing left to change");
  expect(await cloud.census()).toEqual(DEPLOYED);
});

test("refuses a second deploy while one runs, and names who holds the lock", () => {
  expect(made.second.code).toBe(1);
  expect(made.second.output).toMatch(/The state of local is locked by \S+@\S+ since .* nothing was changed/);
  expect(made.second.output).toMatch(/npm run unlock -- local [0-9a-f-]{36}/);
});

test("what stands there is what the document says, asked of AWS", async () => {
  const { code, output } = await cloud.command(["verify", "local"]);
  expect(output).toMatch(/✓ \d+ checks passed: local is as its settings say/);
  expect(code).toBe(0);
});

test("a second plan is strictly empty", async () => {
  const { code, output } = await cloud.command(["plan", "local"]);
  expect(output).toContain("No changes.");
  expect(output).not.toContain("Changed outside of Terraform");
  expect(code).toBe(0);
});

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
