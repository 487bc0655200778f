/** The AWS SDK's clients, for an account or for the emulator. */
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import type { ClientConfig } from "./client-config";

export type Clients = ReturnType<typeof clientsFor>;

/** In one region. */
export const clientsFor = (config: ClientConfig) => ({
  ec2: new EC2Client(config),
  iam: new IAMClient(config),
  balancing: new ElasticLoadBalancingV2Client(config),
  scaling: new AutoScalingClient(config),
  alarms: new CloudWatchClient(config),
  s3: new S3Client(config),
});
