/** Creates the bucket for the state in an account. It can be repeated, from any computer. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Listener } from "../machine/run";
import { S3Client, HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Problem } from "../machine/problem";
import { REMOTE_STATE } from "../aws/names";
import { clientConfig } from "../account/client-config";
import { clientsFor } from "../account/clients";
import { readStack, stackOf } from "../terraform/stack";
import { importsOf, type Import } from "./bootstrap-imports";
import { idsInState } from "./state";
import { addressesInState, cdktfDeploy, CHANGES, explain, FAILED, PLAN, synth, terraform } from "./cdktf";
import { stackFolder, type Workspace } from "./workspace";

const IMPORTS = "bootstrap.tf.json";

/**
 * Deploys the remote-state stack. If the bucket exists and its local state does not (it was created on another computer), the
 * bucket is imported first, and so are the roles of GitHub's workflows.
 *
 * @param onBucket called when the bucket can take a state and all stacks are synthesized, long before the bucket's lifecycle is
 *   complete, for which the provider waits a minute
 * @throws Problem if there are no credentials, or the bucket's name, a role or the identity provider belongs to somebody else
 */
export async function bootstrap(
  workspace: Workspace,
  onLine: Listener,
  onBucket: () => void = () => undefined,
): Promise<void> {
  const owner = await ownerOf(workspace);
  await synth(workspace);
  if (owner === "us") {
    onBucket();
    await terraform(workspace, REMOTE_STATE, ["init", "-input=false"], [0], onLine);
  }
  const imports = join(stackFolder(workspace, REMOTE_STATE), IMPORTS);
  try {
    if (owner === "us" && !(await hasChanges(workspace, imports, onLine))) return;
    await cdktfDeploy(workspace, REMOTE_STATE, (line) => {
      onLine(line);
      if (/aws_s3_bucket_lifecycle_configuration\.\S+: Creating/.test(line)) onBucket();
    });
  } finally {
    rmSync(imports, { force: true });
  }
}

/**
 * Whether a deploy has anything to do, with what exists and the state does not have to be imported.
 *
 * @param file of the import blocks
 * @throws Problem if Terraform cannot plan
 */
async function hasChanges(workspace: Workspace, file: string, onLine: Listener): Promise<boolean> {
  let imports = await missing(workspace);
  for (;;) {
    if (imports.length > 0)
      writeFileSync(file, JSON.stringify({ import: imports.map(({ address, id }) => ({ to: address, id })) }));
    const planned = await terraform(workspace, REMOTE_STATE, PLAN, [0, CHANGES, FAILED], onLine);
    if (planned.code !== FAILED) return planned.code === CHANGES;
    // A part of the bucket that does not exist is created.
    const absent = imports.filter(({ address, part }) => part && isAbsent(planned.output, address));
    if (absent.length === 0) throw new Problem(explain(REMOTE_STATE, planned));
    imports = imports.filter((each) => !absent.includes(each));
  }
}

const isAbsent = (output: string, address: string) =>
  stripVTControlCharacters(output)
    .replace(/[\s│]+/g, " ")
    .includes(`import an existing object to "${address}", the provider detected that no object exists`);

/** What exists of the remote-state stack, or may exist, and its state does not have. */
async function missing(workspace: Workspace): Promise<Import[]> {
  const { bucket, region } = workspace.remoteState;
  const stack = stackOf(readStack(stackFolder(workspace, REMOTE_STATE)));
  const addresses = await addressesInState(workspace, REMOTE_STATE);
  if (stack.resources.every(({ address }) => addresses.includes(address))) return [];
  const known = await idsInState(workspace, REMOTE_STATE);
  return importsOf(stack, bucket, clientsFor(clientConfig(workspace, region)), known);
}

/** Who owns the bucket. */
async function ownerOf(workspace: Workspace): Promise<"us" | "nobody"> {
  const { bucket, region } = workspace.remoteState;
  const config = clientConfig(workspace, region);
  const { Account: account = "" } = await new STSClient(config)
    .send(new GetCallerIdentityCommand({}))
    .catch((error: unknown) => {
      throw new Problem(
        `AWS does not know who you are (${error instanceof Error ? error.message : String(error)}); sign in, for instance with: aws configure sso`,
      );
    });
  try {
    await new S3Client(config).send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account }));
    return "us";
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return "nobody";
    if (status === 403) {
      throw new Problem(
        `The bucket name ${bucket} is taken by another AWS account (or you have no access to it); choose another: remoteState.bucket in src/config/environments.ts`,
      );
    }
    if (status === 301) {
      throw new Problem(
        `The bucket ${bucket} is in another region than ${region}, or belongs to somebody else there; correct remoteState in src/config/environments.ts`,
      );
    }
    throw error;
  }
}
