/** Makes the bucket for the state in an account: as often as one likes, from any machine. */
import { S3Client, HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Problem } from "../problem";
import { REMOTE_STATE } from "../naming";
import { readStack } from "../terraform/synthesized";
import { clientConfig } from "../verify/client-config";
import { cdktf, FAILED, synth, terraform, type Listener } from "./cdktf";
import { stackFolder, type Workspace } from "./workspace";

/**
 * Deploys the remote-state stack. A bucket that is there already, and whose local state is not (another machine made it), is
 * imported first.
 *
 * @throws Problem if there are no credentials, or the bucket's name is taken by somebody else
 */
export async function bootstrap(workspace: Workspace, onLine: Listener): Promise<void> {
  const { bucket } = workspace.remoteState;
  if ((await ownerOf(workspace)) === "us") {
    await synth(workspace);
    await terraform(workspace, REMOTE_STATE, ["init", "-input=false"], [0], onLine);
    const known = (await terraform(workspace, REMOTE_STATE, ["state", "list"], [0, NO_STATE])).stdout.split("\n");
    // The bucket itself first: its parts may not be there yet, where a bootstrap was killed.
    const missing = bucketResources(workspace).filter(({ address }) => !known.includes(address));
    for (const { address, part } of missing) {
      const imported = await terraform(
        workspace,
        REMOTE_STATE,
        ["import", "-input=false", address, bucket],
        part ? [0, FAILED] : [0],
        onLine,
      );
      if (imported.code === FAILED && !imported.output.replace(/[\s│]+/g, " ").includes("non-existent remote object")) {
        throw new Problem(`${address} cannot be imported:\n${imported.output.trim()}`);
      }
    }
  }
  await cdktf("deploy", workspace, REMOTE_STATE, onLine);
}

/** What `state list` ends with where there is no state yet. */
const NO_STATE = FAILED;

/** All resources of the stack are the bucket or a part of it, and AWS knows each by the bucket's name. */
function bucketResources(workspace: Workspace): { address: string; part: boolean }[] {
  const { resource = {} } = readStack(stackFolder(workspace, REMOTE_STATE));
  return Object.entries(resource)
    .flatMap(([type, named]) =>
      Object.keys(named).map((name) => ({ address: `${type}.${name}`, part: type !== "aws_s3_bucket" })),
    )
    .sort((a, b) => Number(a.part) - Number(b.part));
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
        `The bucket ${bucket} is in another region than ${region}, or somebody else's there; mend remoteState in src/config/environments.ts`,
      );
    }
    throw error;
  }
}
