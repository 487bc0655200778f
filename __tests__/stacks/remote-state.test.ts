import { Testing } from "cdktf";
import { environments, remoteState } from "../../src/config/environments";
import { REMOTE_STATE } from "../../src/aws/names";
import { RemoteState } from "../../src/stacks/remote-state";
import { synthStack, synthWebApp } from "../support";

const { production } = environments;
const stack = synthStack(
  new RemoteState(Testing.app(), REMOTE_STATE, { remoteState, environments: { production, staging: production } }),
);

test("the bucket is never destroyed, keeps old versions for a while, and is encrypted and closed", () => {
  expect(stack.only("aws_s3_bucket")).toMatchObject({
    bucket: remoteState.bucket,
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(stack.only("aws_s3_bucket_versioning")["versioning_configuration"]).toEqual({ status: "Enabled" });
  expect(JSON.stringify(stack.only("aws_s3_bucket_server_side_encryption_configuration"))).toContain(
    '"sse_algorithm":"AES256"',
  );
  expect(stack.only("aws_s3_bucket_public_access_block")).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(stack.only("aws_s3_bucket_lifecycle_configuration")["rule"]).toMatchObject([
    { status: "Enabled", noncurrent_version_expiration: [{ noncurrent_days: 90 }] },
    { status: "Enabled", expiration: [{ expired_object_delete_marker: true }] },
  ]);
});

test("requests without TLS are denied", () => {
  const [policy] = stack.data("aws_iam_policy_document");
  expect(policy).toMatchObject({
    statement: [
      {
        effect: "Deny",
        actions: ["s3:*"],
        condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      },
    ],
  });
});

test("a deployer's policy: read and write the states, lock and unlock them, and nothing else", () => {
  const bucket = `\${aws_s3_bucket.${Object.keys(stack.all("aws_s3_bucket"))[0] ?? ""}.arn}`;
  const keys = (suffix: string) =>
    ["production", "staging"].map((name) => `${bucket}/${name}/terraform.tfstate${suffix}`);
  expect(stack.data("aws_iam_policy_document")[1]?.["statement"]).toEqual([
    { sid: "FindState", actions: ["s3:ListBucket"], resources: [bucket] },
    { sid: "ReadAndWriteState", actions: ["s3:GetObject", "s3:PutObject"], resources: keys("") },
    { sid: "LockState", actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], resources: keys(".tflock") },
  ]);
  expect(stack.outputs["deployer_state_policy"]).toBeDefined();
});

test("its own state is a file beside the synthesized stacks", () => {
  expect(stack.terraform["backend"]).toEqual({ local: { path: "../../../remote-state.tfstate" } });
});

describe("every environment's backend", () => {
  const backend = (environment: string) =>
    (synthWebApp(environments.production, environment).terraform["backend"] as { s3: object }).s3;

  test("is S3, encrypted, locked by Terraform's own lock file and by no DynamoDB table", () => {
    expect(backend("production")).toEqual({
      bucket: remoteState.bucket,
      key: "production/terraform.tfstate",
      region: "ap-south-1",
      encrypt: true,
      use_lockfile: true,
    });
  });

  test("has a key of its own", () => {
    expect(backend("staging")).toMatchObject({ key: "staging/terraform.tfstate" });
  });
});
