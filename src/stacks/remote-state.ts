import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Statement } from "../aws/managed-policies";
import { REMOTE_STATE, tagsOf } from "../aws/names";
import type { RemoteStateSettings } from "../config/sections/remote-state";
import type { Environments } from "../config/validate";
import { GithubRoles } from "../constructs/github-roles";
import { PrivateBucket } from "../constructs/private-bucket";
import { addProvider, stateKey } from "./backend";
import { deployPolicies, planPolicies } from "./permissions";

/** Beside the folder of the synthesized stacks (`cdktf.out/stacks/remote-state`), so that it outlives them. */
const STATE_FILE = "../../../remote-state.tfstate";

export interface RemoteStateProps {
  readonly remoteState: RemoteStateSettings;
  /** The environments whose state a deployer may read and write. */
  readonly environments: Environments;
  readonly emulated?: boolean;
}

/**
 * The bucket that keeps every environment's state, with all its versions: once per account, never destroyed.
 *
 * Its own state is a file, since it has to exist before the bucket; `npm run bootstrap` restores it if it is lost.
 */
export class RemoteState extends TerraformStack {
  constructor(scope: Construct, id: typeof REMOTE_STATE, props: RemoteStateProps) {
    super(scope, id);
    const { remoteState, environments, emulated = false } = props;
    const names = Object.keys(environments);
    addProvider(this, { region: remoteState.region, emulated }, tagsOf(REMOTE_STATE, {}));
    new LocalBackend(this, { path: STATE_FILE });

    const { bucket, arn } = new PrivateBucket(this, "state", {
      name: remoteState.bucket,
      lifecycle: { preventDestroy: true },
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "old-versions", {
      bucket,
      rule: [
        {
          id: "forget-old-versions",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [{ noncurrentDays: remoteState.oldVersionDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
        // Every lock leaves a delete marker.
        {
          id: "forget-delete-markers",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
      ],
      dependsOn: [versioning],
    });

    const policy = new DataAwsIamPolicyDocument(this, "deployer-state-policy", {
      statement: statePolicy(arn, names),
    });
    new TerraformOutput(this, "bucket", { value: bucket, description: "Bucket of the Terraform state" });
    new TerraformOutput(this, "deployer_state_policy", {
      value: policy.json,
      description: "Least IAM policy to read, write and lock the state of the environments",
    });

    if (remoteState.github) {
      const bucketArn = `arn:aws:s3:::${remoteState.bucket}`;
      const roles = new GithubRoles(this, "github", {
        ...remoteState.github,
        environments: names,
        // The bucket's name and not a reference to it, which has another length than IAM counts.
        mayPlan: planPolicies(environments, readStatePolicy(bucketArn, names)),
        mayDeploy: deployPolicies(environments, statePolicy(bucketArn, names)),
      });
      new TerraformOutput(this, "plan_role", {
        value: roles.planRoleArn,
        description: "AWS_PLAN_ROLE of the workflows",
      });
      new TerraformOutput(this, "deploy_role", {
        value: roles.deployRoleArn,
        description: "AWS_DEPLOY_ROLE of the workflows",
      });
    }
  }
}

/** A plan without a lock: https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required */
function readStatePolicy(bucketArn: string, environments: readonly string[]): Statement[] {
  return [
    { sid: "FindState", actions: ["s3:ListBucket"], resources: [bucketArn] },
    { sid: "ReadState", actions: ["s3:GetObject"], resources: stateObjects(bucketArn, environments) },
  ];
}

/** https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required */
function statePolicy(bucketArn: string, environments: readonly string[]): Statement[] {
  const states = stateObjects(bucketArn, environments);
  const locks = states.map((state) => `${state}.tflock`);
  return [
    { sid: "FindState", actions: ["s3:ListBucket"], resources: [bucketArn] },
    { sid: "ReadAndWriteState", actions: ["s3:GetObject", "s3:PutObject"], resources: states },
    { sid: "LockState", actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], resources: locks },
  ];
}

/** ARNs of the environments' states. */
function stateObjects(bucketArn: string, environments: readonly string[]): string[] {
  return environments.map((environment) => `${bucketArn}/${stateKey(environment)}`);
}
