import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import type { ITerraformDependable, TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import { calls, type Actions } from "./actions";

export const privateBucketActions: Actions = {
  // The provider reads all attributes of a bucket, whether they are set or not.
  look: calls(
    "s3",
    `ListBucket GetBucket* GetAccelerateConfiguration GetEncryptionConfiguration GetLifecycleConfiguration
     GetReplicationConfiguration`,
  ),
  build: calls(
    "s3",
    `CreateBucket DeleteBucket ListBucketVersions DeleteObject DeleteObjectVersion PutBucketPolicy DeleteBucketPolicy
     PutBucketPublicAccessBlock PutBucketTagging PutEncryptionConfiguration PutLifecycleConfiguration`,
  ),
};

export interface PrivateBucketProps {
  readonly name: string;
  /** Statements beside the one that denies requests without TLS. */
  readonly statements?: (bucketArn: string) => DataAwsIamPolicyDocumentStatement[];
  readonly lifecycle?: TerraformResourceLifecycle;
  /** Delete the bucket even if it is not empty. */
  readonly forceDestroy?: boolean;
}

/** An S3 bucket that is encrypted, closed to the public, and refuses requests without TLS. */
export class PrivateBucket extends Construct {
  readonly bucket: string;
  readonly arn: string;
  /** Whatever writes with the policy's permission must depend on it. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { name, statements = () => [], lifecycle = {}, forceDestroy = false } = props;
    const bucket = new S3Bucket(this, "bucket", { bucket: name, forceDestroy, lifecycle });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false }],
    });
    const block = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const document = new DataAwsIamPolicyDocument(this, "policy-document", {
      statement: [
        {
          sid: "TlsOnly",
          effect: "Deny",
          principals: [{ type: "*", identifiers: ["*"] }],
          actions: ["s3:*"],
          resources: [bucket.arn, `${bucket.arn}/*`],
          condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
        ...statements(bucket.arn),
      ],
    });
    this.policy = new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: document.json,
      // AWS refuses two changes to one bucket's access at a time ("OperationAborted").
      dependsOn: [block],
    });
    this.bucket = bucket.id;
    this.arn = bucket.arn;
  }
}
