/**
 * `npm run plans`: makes the plans in `__tests__/fixtures/plans` with the real Terraform on emulators of its own; with names
 * of scenarios (`npm run plans -- forgotten`) those alone.
 *
 * Deployments are made (names fixed and prefixed, and each kind of scaling), then each scenario is planned, and nothing of it applied.
 * Plans that need no emulator are those of plan-small.ts.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateImageCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { App } from "cdktf";
import { writeFixture } from "../__tests__/fixtures/plans";
import { terraform, terraformJson } from "../src/deploy/cdktf";
import { stackFolder, type Workspace } from "../src/deploy/workspace";
import { derive } from "../src/config/derive";
import { environments, remoteState } from "../src/config/environments";
import type { Settings } from "../src/config/schema";
import { emulatorEnvironment, startEmulator, stopEmulator } from "../src/emulator/emulator";
import { WebApp } from "../src/stacks/web-app";
import { constructPaths } from "../src/terraform/stack";
import { clientConfig } from "../src/account/client-config";
import { writeDocs } from "./docs";
import { SCALING, scenarios, type Deployment, type Document } from "./plan-scenarios";
import { writeSmallPlans } from "./plan-small";
import { trimmed } from "./plan-trim";

const { production } = environments;
const BASES: Record<Deployment, Settings> = {
  production,
  staging: derive(production, { names: { style: "prefix" }, bastion: { sshSources: ["203.0.113.0/24"] } }),
  step: derive(production, SCALING.step),
  targetTracking: derive(production, SCALING.targetTracking),
};

const FIRST = { name: "first-deploy", deployment: "production" } as const;
const asked = process.argv.slice(2);
const wanted = (deployment: Deployment) =>
  [FIRST, ...scenarios].filter(
    (each) => each.deployment === deployment && (asked.length === 0 || asked.includes(each.name)),
  );

const folder = mkdtempSync(join(tmpdir(), "plan-corpus-"));
const say = (text: string) => process.stderr.write(`${text}\n`);

function synthesize(workspace: Workspace, settings: Settings, edit: (document: Document) => void): void {
  const app = new App({ outdir: workspace.output });
  new WebApp(app, workspace.environment, { settings, remoteState, emulated: true });
  app.synth();
  const file = join(stackFolder(workspace, workspace.environment), "cdk.tf.json");
  const document = JSON.parse(readFileSync(file, "utf8")) as Document;
  edit(document);
  writeFileSync(file, JSON.stringify(document));
}

async function write(workspace: Workspace, name: string, options: readonly string[] = []): Promise<void> {
  const { environment } = workspace;
  await terraform(workspace, environment, ["plan", "-input=false", "-no-color", "-out=scenario.tfplan", ...options]);
  const plan = await terraformJson<object>(workspace, environment, ["show", "-json", "scenario.tfplan"]);
  const paths = constructPaths(stackFolder(workspace, environment));
  writeFixture(name, trimmed({ paths, plan }, image));
  say(`✓ ${name}`);
}

let image = "";

async function deployment(deployment: Deployment, env: NodeJS.ProcessEnv): Promise<void> {
  const settings = BASES[deployment];
  const output = join(folder, deployment, "cdktf.out");
  const workspace: Workspace = { environment: deployment, settings, remoteState, output, env, emulated: true };
  const config = clientConfig(workspace, settings.region);
  synthesize(workspace, settings, () => undefined);
  await terraform(workspace, deployment, ["init", "-input=false"]);
  if (wanted(deployment).includes(FIRST)) await write(workspace, FIRST.name);
  await terraform(workspace, deployment, ["apply", "-auto-approve", "-input=false"]);
  await terraform(workspace, deployment, ["apply", "-refresh-only", "-auto-approve", "-input=false"]);

  if (deployment === "production") {
    const groups = await new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({}));
    const group = groups.AutoScalingGroups?.find(
      ({ AutoScalingGroupName: name }) => name === settings.names.autoScalingGroup,
    );
    const InstanceId = group?.Instances?.[0]?.InstanceId;
    image = (await new EC2Client(config).send(new CreateImageCommand({ InstanceId, Name: "web-app-6" }))).ImageId ?? "";
  }
  for (const scenario of scenarios.filter((each) => wanted(deployment).includes(each))) {
    try {
      const changed = derive(settings, scenario.settings?.(image) ?? {});
      synthesize(workspace, changed, scenario.edit ?? (() => undefined));
      const { forget = [] } = scenario;
      const forgotten = Object.keys(constructPaths(stackFolder(workspace, deployment))).filter((address) =>
        forget.some((beginning) => address.startsWith(beginning)),
      );
      if (forgotten.length > 0) await terraform(workspace, deployment, ["state", "rm", ...forgotten]);
      if (scenario.capacity !== undefined)
        await new AutoScalingClient(config).send(
          new SetDesiredCapacityCommand({
            AutoScalingGroupName: settings.names.autoScalingGroup,
            DesiredCapacity: scenario.capacity,
          }),
        );
      if (scenario.openedByHand !== undefined) await openPort22(new EC2Client(config), scenario.openedByHand);
      await write(workspace, scenario.name, scenario.destroy === true ? ["-destroy"] : []);
    } catch (error) {
      say(`✗ ${scenario.name}: ${String(error)}`);
      process.exitCode = 1;
    }
  }
}

/** As somebody does it in the console. @param name beginning of the security group's name */
async function openPort22(client: EC2Client, name: string): Promise<void> {
  const groups = (await client.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups;
  const GroupId = groups?.find(({ GroupName }) => GroupName?.startsWith(name))?.GroupId;
  const port22 = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
  await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [port22] }));
}

/** On an emulator of its own: moto knows scaling policies by name alone, and both deployments call theirs alike. */
async function onEmulator(name: Deployment): Promise<void> {
  const own = join(folder, name);
  const emulator = await startEmulator(own, production, "process", process.env);
  try {
    const env = emulatorEnvironment(own, emulator, process.env);
    const config = clientConfig({ emulated: true, env }, production.region);
    const place = { LocationConstraint: "ap-south-1" } as const;
    await new S3Client(config).send(
      new CreateBucketCommand({ Bucket: remoteState.bucket, CreateBucketConfiguration: place }),
    );
    await deployment(name, env);
  } finally {
    await stopEmulator(own);
  }
}

async function main(): Promise<void> {
  try {
    const small = await writeSmallPlans(asked, { ...process.env, CHECKPOINT_DISABLE: "1" });
    for (const name of small) say(`✓ ${name}`);
    const deployments = (Object.keys(BASES) as Deployment[]).filter((each) => wanted(each).length > 0);
    if (deployments.length + small.length === 0)
      throw new Error(`There is no scenario ${asked.join(", ")} (scripts/plan-scenarios.ts)`);
    await Promise.all(deployments.map(onEmulator));
    await writeDocs();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  say(String(error));
  process.exitCode = 1;
});
