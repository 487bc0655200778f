/** Makes the bucket for the state in an account: as often as one likes, from any machine. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { S3Client, HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Problem } from "../problem";
import { REMOTE_STATE } from "../naming";
import { readStack } from "../terraform/synthesized";
import { clientConfig } from "../verify/client-config";
import { cdktf, synth, terraform, type Listener } from "./cdktf";
import { stackFolder, type Workspace } from "./workspace";

/**
 * Deploys the remote-state stack. A bucket that is there already, and whose local state is not (another machine made it), is
 * imported first.
 *
 * @throws Problem if there are no credentials, or the bucket's name is taken by somebody else
 */
export async function bootstrap(workspace: Workspace, onLine: Listener): Promise<void> {
  const { bucket } = workspace.remoteState;
  if ((await ownerOf(workspace)) === "us" && !existsSync(join(workspace.output, "..", "remote-state.tfstate"))) {
    await synth(workspace);
    await terraform(workspace, REMOTE_STATE, ["init", "-input=false"], [0], onLine);
    for (const address of bucketResources(workspace)) {
      await terraform(workspace, REMOTE_STATE, ["import", "-input=false", address, bucket], [0], onLine);
    }
  }
  await cdktf("deploy", workspace, REMOTE_STATE, onLine);
}

/** All resources of the stack are the bucket or a part of it, and AWS knows each by the bucket's name. */
function bucketResources(workspace: Workspace): string[] {
  const { resource = {} } = readStack(stackFolder(workspace, REMOTE_STATE));
  return Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
}

async function ownerOf(workspace: Workspace): Promise<"us" | "nobody"> {
  const { bucket, region } = workspace.remoteState;
  const config = clientConfig(workspace, region);
  const account = await new STSClient(config).send(new GetCallerIdentityCommand({})).catch((error: unknown) => {
    throw new Problem(
      `AWS does not know who you are (${error instanceof Error ? error.message : String(error)}); sign in, for instance with: aws configure sso`,
    );
  });
  try {
    await new S3Client(config).send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account.Account }));
    return "us";
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return "nobody";
    if (status === 403) {
      throw new Problem(
        `The bucket name ${bucket} is taken by another AWS account (or you may not look at it); choose another: remoteState.bucket in src/config/environments.ts`,
      );
    }
    if (status === 301) {
      throw new Problem(
        `The bucket ${bucket} is in another region than ${region}; mend remoteState in src/config/environments.ts`,
      );
    }
    throw error;
  }
}
