/** What a plan finds beside the settings, with the real Terraform and provider on an emulated AWS. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { PROJECT } from "../../src/machine/project";
import { run } from "../../src/machine/run";
import { Cloud } from "./support";

let cloud: Cloud;

beforeAll(async () => {
  cloud = await Cloud.deployed();
});
afterAll(() => cloud.stop());

test("a rule added by hand is shown by the plan", async () => {
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
});

test("the HCL that cdktf synthesizes plans to no change against the same state", async () => {
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
});
