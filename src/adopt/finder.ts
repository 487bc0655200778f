/** What finds a resource in an account, and what it is given. */
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { S3Client } from "@aws-sdk/client-s3";

/** Something in the account that may be the resource. */
export interface Candidate {
  /** What `terraform import` knows it by; without it there is nothing there. */
  readonly id: string | undefined;
  /** Left out where its type has none: then what it belongs to has been found already. */
  readonly tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
  readonly vpcId?: string | undefined;
}

/** What a resource says in the synthesized JSON, references replaced by the ids of what they refer to. */
export interface Wanted {
  /** An attribute that may be left out, as text. */
  readonly optional: (attribute: string) => string | undefined;
  /** An attribute without which the resource cannot be there. @throws NotThere if what it refers to is not there */
  readonly needed: (attribute: string) => string;
  /** The tag `Name`. */
  readonly name: string;
}

/** What a resource refers to is not there, so the resource is not either. */
export class NotThere extends Error {}

export interface Clients {
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly scaling: AutoScalingClient;
  readonly alarms: CloudWatchClient;
  readonly s3: S3Client;
}

/** Asks the account for a resource. */
export type Finder = (clients: Clients, wanted: Wanted) => Promise<readonly Candidate[]>;
