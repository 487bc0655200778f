/** A bucket for the state that was left half made, and the end of a deployment, on an emulated AWS. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DeletePublicAccessBlockCommand } from "@aws-sdk/client-s3";
import { remoteState } from "../../src/config/environments";
import { DEPLOYED, NOTHING_DEPLOYED } from "./census";
import { Cloud } from "./support";

let cloud: Cloud;

beforeAll(async () => {
  cloud = await Cloud.deployed();
});
afterAll(() => cloud.stop());

test("bootstrap completes a bucket that a kill has left half made and unknown, and then changes nothing", async () => {
  rmSync(join(cloud.folder, "remote-state.tfstate"));
  await cloud.s3.send(new DeletePublicAccessBlockCommand({ Bucket: remoteState.bucket }));
  const { code, output } = await cloud.command(["bootstrap", "local"]);
  expect(output).toMatch(/Apply complete! Resources: [1-9]\d* imported, 1 added, 0 changed, 0 destroyed/);
  expect(code).toBe(0);
  expect((await cloud.command(["bootstrap", "local"])).output).toContain("No changes.");
});

test("a load balancer that somebody has protected: AWS would refuse it last of all, so nothing is destroyed", async () => {
  const elb = new ElasticLoadBalancingV2Client(cloud.config);
  const { LoadBalancerArn } = (await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers?.[0] ?? {};
  const protect = (Value: string) =>
    elb.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn,
        Attributes: [{ Key: "deletion_protection.enabled", Value }],
      }),
    );
  await protect("true");
  await expect(elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }))).rejects.toThrow(
    /cannot be deleted because deletion protection is enabled/,
  );
  const { code, output } = await cloud.command(["destroy", "local", "local"]);
  expect(output).toMatch(/aws_lb\.\S+ is protected against deletion: set loadBalancer.deletionProtection to { off: /);
  expect(output).toContain("Nothing was destroyed. After that: npm run deploy -- local, then npm run destroy");
  expect(code).toBe(1);
  expect(await cloud.census()).toEqual(DEPLOYED);
  await protect("false");
});

test("destroy leaves nothing but the state's bucket", async () => {
  const { code } = await cloud.command(["destroy", "local", "local"]);
  expect(code).toBe(0);
  expect(await cloud.census()).toEqual(NOTHING_DEPLOYED);
});
