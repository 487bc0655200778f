/** The parts that every stack needs before its first resource: version pins, the provider, and the backend for the state. */
import { EMULATOR_CREDENTIALS } from "../config/emulated";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, S3Backend, type TerraformStack } from "cdktf";

/** The S3 backend's lock file needs 1.10. */
const TERRAFORM_VERSIONS = ">= 1.10.0";

/** In Terraform's syntax. */
const CREDENTIALS = {
  accessKey: EMULATOR_CREDENTIALS.accessKeyId,
  secretKey: EMULATOR_CREDENTIALS.secretAccessKey,
};

export interface Target {
  readonly region: string;
  /** Whether the stack is deployed to the emulator, whose address Terraform finds in `AWS_ENDPOINT_URL`. */
  readonly emulated: boolean;
}

/** The AWS provider, with default tags for every resource that can have tags. */
export function addProvider(stack: TerraformStack, target: Target, tags: Record<string, string>): void {
  // In HCL, cdktf 0.21 writes the attribute's name in place of its value; there the S3 lock file refuses older versions.
  if (!App.of(stack).hclOutput) stack.addOverride("terraform.required_version", TERRAFORM_VERSIONS);
  new AwsProvider(stack, "aws", {
    region: target.region,
    defaultTags: [{ tags }],
    ...(target.emulated && {
      ...CREDENTIALS,
      s3UsePathStyle: true,
      skipMetadataApiCheck: "true",
      maxRetries: 2, // a request that the emulator does not support then fails in seconds
    }),
  });
}

/** State in S3: encrypted, and locked by Terraform itself while a deploy runs. */
export function addS3Backend(stack: TerraformStack, target: Target, bucket: string, environment: string): void {
  const backend = new S3Backend(stack, {
    bucket,
    key: stateKey(environment),
    region: target.region,
    encrypt: true,
    ...(target.emulated && { ...CREDENTIALS, usePathStyle: true, skipMetadataApiCheck: true }),
  });
  // cdktf 0.21 knows only the DynamoDB lock, which Terraform has deprecated.
  // https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
  backend.addOverride("use_lockfile", true);
}

/** Where an environment's state is in the bucket. */
export function stateKey(environment: string): string {
  return `${environment}/terraform.tfstate`;
}
