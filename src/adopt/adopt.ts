/** Brings into an environment's state what stands in the account without it, as after a deploy that was killed. */
import type { Listener } from "../machine/run";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { find, type Findings, type Found } from "./find";
import { finders, MADE_ANEW, WRITTEN_OVER } from "./import-ids";
import { tagsOf } from "../aws/names";
import { Problem } from "../machine/problem";
import { readStack } from "../terraform/synthesized";
import { clientConfig } from "../verify/client-config";
import { synth, terraform, terraformJson } from "../deploy/cdktf";
import { stackFolder, type Workspace } from "../deploy/workspace";

const IMPORTS = "adopt.tf.json";
const PLAN = "adopt.tfplan";

interface Plan {
  readonly resource_changes?: readonly ResourceChange[];
}

interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: { readonly actions: readonly string[] };
}

interface State {
  readonly values?: { readonly root_module?: { readonly resources?: readonly StateResource[] } };
}

interface StateResource {
  readonly address: string;
  readonly values: { readonly id?: string };
}

/**
 * Imports what is found under the environment's names and tags, and puts onto it what the kill left undone, such as a bucket's
 * policy. Nothing else is made, and nothing that stands is replaced or deleted.
 *
 * @throws Problem if something stands there twice, or cannot be imported as it is; then nothing has been changed
 */
export async function adopt(workspace: Workspace, onLine: Listener): Promise<Findings> {
  const { environment, settings } = workspace;
  await synth(workspace);
  await terraform(workspace, environment, ["init", "-input=false"], [0], onLine);
  const findings = await find(
    readStack(stackFolder(workspace, environment)),
    tagsOf(environment, settings.tags)["Environment"] ?? environment,
    await idsInState(workspace),
    clientsFor(clientConfig(workspace, settings.region)),
  );
  if (findings.doubled.length > 0)
    throw new Problem(
      `${findings.doubled.join("\n")}\nNothing was changed. Delete the ones that are not in use first.`,
    );
  if (findings.found.length > 0) await importAll(workspace, findings.found, onLine);
  return findings;
}

async function idsInState(workspace: Workspace): Promise<Map<string, string>> {
  const state = await shown<State>(workspace);
  const resources = state.values?.root_module?.resources ?? [];
  return new Map(resources.map(({ address, values }) => [address, values.id ?? ""]));
}

/** All at once, for `terraform import` reads and writes the state for each. */
async function importAll(workspace: Workspace, found: readonly Found[], onLine: Listener): Promise<void> {
  const { environment } = workspace;
  const folder = stackFolder(workspace, environment);
  const files = [join(folder, IMPORTS), join(folder, PLAN)] as const;
  try {
    writeFileSync(files[0], JSON.stringify({ import: found.map(({ address, id }) => ({ to: address, id })) }));
    const targets = found.map(({ address }) => `-target=${address}`);
    await terraform(workspace, environment, ["plan", "-input=false", `-out=${PLAN}`, ...targets], [0], onLine);
    refuseMore(await shown<Plan>(workspace, PLAN), found);
    await terraform(workspace, environment, ["apply", "-input=false", PLAN], [0], onLine);
  } finally {
    for (const file of files) rmSync(file, { force: true });
  }
}

/** @throws Problem if a plan makes, replaces or deletes what a deploy would not put onto what stands */
function refuseMore({ resource_changes = [] }: Plan, found: readonly Found[]): void {
  const more = resource_changes.filter(
    ({ type, change: { actions } }) =>
      actions.some((action) => action === "create" || action === "delete") &&
      finders[type] !== WRITTEN_OVER &&
      type !== MADE_ANEW,
  );
  if (more.length === 0) return;
  throw new Problem(
    [
      "Nothing was changed: Terraform would not only import, but also",
      ...more.map(({ address, change }) => `  ${change.actions.join(" and ")} ${address}`),
      "Import by hand what is yours (terraform import ADDRESS ID), and delete what is not. Found were",
      ...found.map(({ address, id }) => `  ${address} ${id}`),
    ].join("\n"),
  );
}

/** `terraform show`, of the state or of a plan. */
function shown<Document>(workspace: Workspace, ...plan: readonly string[]): Promise<Document> {
  return terraformJson(workspace, workspace.environment, ["show", "-json", ...plan]);
}

function clientsFor(config: ReturnType<typeof clientConfig>) {
  return {
    ec2: new EC2Client(config),
    iam: new IAMClient(config),
    balancing: new ElasticLoadBalancingV2Client(config),
    scaling: new AutoScalingClient(config),
    alarms: new CloudWatchClient(config),
    s3: new S3Client(config),
  };
}
