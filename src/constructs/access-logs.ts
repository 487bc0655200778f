import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PrivateBucket } from "./private-bucket";

/** In every region; the provider knows the accounts that older policies name in 22 of the regions only. */
const LOG_DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com";

export interface AccessLogsProps {
  /** Name of the bucket to create. */
  readonly bucket: string;
  readonly retentionDays: number;
}

/**
 * A bucket that takes the access logs of a load balancer and deletes them after a while. It is deleted with the load
 * balancer, logs included.
 *
 * Encrypted with S3's own key: load balancers cannot write with a KMS key.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html#attach-bucket-policy
 */
export class AccessLogs extends Construct {
  readonly bucket: string;
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    const { bucket: name, retentionDays } = props;
    const { bucket, policy } = new PrivateBucket(this, "bucket", {
      name,
      forceDestroy: true,
      statements: (arn) => [
        {
          sid: "LoadBalancerWrites",
          principals: [{ type: "Service", identifiers: [LOG_DELIVERY] }],
          actions: ["s3:PutObject"],
          resources: [`${arn}/AWSLogs/*`],
        },
      ],
    });
    new S3BucketLifecycleConfiguration(this, "retention", {
      bucket,
      rule: [{ id: "forget", status: "Enabled", filter: [{ prefix: "" }], expiration: [{ days: retentionDays }] }],
    });
    this.bucket = bucket;
    this.policy = policy;
  }
}
