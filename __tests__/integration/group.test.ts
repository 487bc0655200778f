/** The Auto Scaling group through later deploys, with the real Terraform and provider on an emulated AWS. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeAutoScalingGroupsCommand, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { stackFolder } from "../../src/deploy/workspace";
import { run } from "../../src/machine/run";
import { Cloud } from "./support";

let cloud: Cloud;

beforeAll(async () => {
  cloud = await Cloud.deployed();
});
afterAll(() => cloud.stop());

const group = async () => (await cloud.scaling.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups?.[0];
const groupSize = async () => (await group())?.DesiredCapacity;

test("a group that has grown to 3 stays at 3 through another deploy", async () => {
  const AutoScalingGroupName = (await group())?.AutoScalingGroupName;
  await cloud.scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 }));
  const { code } = await cloud.command(["deploy", "local"]);
  expect(code).toBe(0);
  expect(await groupSize()).toBe(3);
  expect((await group())?.Instances).toHaveLength(3);
});

test("a new version of the launch template rolls through the group, which keeps its size", async () => {
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
});
