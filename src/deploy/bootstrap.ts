/** Creates the bucket for the state in an account. It can be repeated, from any computer. */
import type { Listener } from "../machine/run";
import { S3Client, HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Problem } from "../machine/problem";
import { REMOTE_STATE } from "../aws/names";
import { clientConfig } from "../account/client-config";
import { clientsFor } from "../account/clients";
import { readStack, stackOf } from "../terraform/stack";
import { diagnosticsIn } from "./diagnostics";
import { importsOf } from "./bootstrap-imports";
import { idsInState } from "./state";
import { cdktf, FAILED, synth, terraform } from "./cdktf";
import { stackFolder, type Workspace } from "./workspace";

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
    await importMissing(workspace, onLine);
  }
  await cdktf("deploy", workspace, REMOTE_STATE, (line) => {
    onLine(line);
    if (/aws_s3_bucket_lifecycle_configuration\.\S+: Creating/.test(line)) onBucket();
  });
}

/** Imports what exists of the remote-state stack and its state does not know. */
async function importMissing(workspace: Workspace, onLine: Listener): Promise<void> {
  const { bucket, region } = workspace.remoteState;
  await terraform(workspace, REMOTE_STATE, ["init", "-input=false"], [0], onLine);
  const known = await idsInState(workspace, REMOTE_STATE);
  const stack = stackOf(readStack(stackFolder(workspace, REMOTE_STATE)));
  const clients = clientsFor(clientConfig(workspace, region));
  for (const { address, id, part } of await importsOf(stack, bucket, clients, known)) {
    const args = ["import", "-input=false", address, id];
    const imported = await terraform(workspace, REMOTE_STATE, args, part ? [0, FAILED] : [0], onLine);
    if (imported.code === FAILED && !imported.output.replace(/[\s│]+/g, " ").includes("non-existent remote object")) {
      throw new Problem(`${address} cannot be imported:\n${diagnosticsIn(imported.output).join("\n")}`);
    }
  }
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
