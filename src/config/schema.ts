/** The settings of an environment: types, ranges and meanings. Rules that join two settings are in `rules.ts`. */
import { z } from "zod";
import { parseNetwork } from "../aws/subnets";
import { REGIONS } from "../aws/regions";
import { scalingSchema } from "./scaling-schema";

const port = z.int().min(1).max(65535);
const seconds = (min: number, max: number) => z.int().min(min).max(max);
const instances = z.int().min(0).max(1000);

const instanceType = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]*\.(nano|micro|small|medium|large|(\d{1,3})?xlarge|metal(-\d{1,3}xl)?)$/,
    "is not an instance type (such as t3.micro)",
  );
const bucketName = z
  .string()
  .regex(
    /^(?!xn--)(?!.*-s3alias$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    "is not a bucket name (3 to 63 lower-case letters, digits and inner hyphens)",
  );
const sshSource = z
  .string()
  .refine((cidr) => parseNetwork(cidr) !== undefined, "is not an IPv4 network (such as 203.0.113.7/32)");
const keyPair = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/, "is not a key pair name (1 to 255 ASCII characters)")
      .describe("Name of a key pair that exists in the region, or of the one to create"),
    publicKey: z
      .string()
      .regex(/^(ssh-ed25519|ssh-rsa) [A-Za-z0-9+/]+={0,3}( .*)?$/, "is not a public key (ssh-ed25519 … or ssh-rsa …)")
      .optional()
      .describe(
        "With it the stack creates the pair, its name prefixed by the environment's; the private key stays with you",
      ),
  })
  .optional();
const rootVolumeGib = z.int().min(1).max(16384).describe("Encrypted gp3; at least the size of the image's snapshot");

/** A safety feature that is on, or off for a reason that is written down (and printed at each synth). */
const safeguard = z.union(
  [z.literal("on"), z.strictObject({ off: z.string().min(10).describe("Why it is off, in 10 or more characters") })],
  'must be "on" or { off: "the reason, in 10 or more characters" }',
);

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html */
const warmPool = z.strictObject({
  state: z
    .enum(["Stopped", "Running", "Hibernated"])
    .describe(
      "How they wait: `Stopped` costs their disks alone, `Running` as much as in service, " +
        "`Hibernated` keeps the memory on the disk, which must have room for it, on a type that can hibernate",
    ),
  minSize: instances.describe("Least number that waits"),
  maxGroupPreparedCapacity: instances
    .min(1)
    .optional()
    .describe("Greatest number in service and waiting together; left out, `fleet.maxSize`"),
  reuseOnScaleIn: z.boolean().describe("Whether a server that is no longer needed goes back to wait"),
});

const quantity = z.number().min(0).max(1e9);
const usage = z.strictObject({
  servers: quantity.describe("Application servers on average; between `fleet.minSize` and `fleet.maxSize`"),
  cpuPercent: quantity
    .max(100)
    .describe("Their CPU on average: an `unlimited` burstable type pays for what is above its baseline"),
  gbOut: quantity.describe("Data to the internet: from the load balancer, and what of the next goes out"),
  gbThroughNat: quantity.describe("Data through NAT gateways, both ways"),
  loadBalancerCapacityUnits: quantity.describe("Of the load balancer, on average"),
  millionRequests: quantity.describe("What access logs tell of"),
});

export const settingsSchema = z.strictObject({
  region: z.enum(REGIONS).describe("AWS region of everything"),
  tags: z
    .record(
      z.string().regex(/^(?!aws:)[\w+\-=.:@]{1,128}$/, "is not a tag key (1 to 128 of A-Z a-z 0-9 + - = . _ : @)"),
      z.string().max(256),
    )
    .describe("Tags of every resource, launched instances and their volumes included"),
  names: z
    .strictObject({
      style: z
        .enum(["fixed", "prefix"])
        .describe(
          "`fixed`: target group and security groups bear their names to the letter; a change that replaces one then fails while it is in use. " +
            "`prefix`: AWS appends a suffix, so the replacement stands before the old one goes",
        ),
      vpc: z.string().describe("Of the VPC, and the beginning of the names in it"),
      loadBalancerSecurityGroup: z.string().describe("Security group of the load balancer"),
      appSecurityGroup: z.string().describe("Security group of the application servers"),
      bastionSecurityGroup: z.string().describe("Security group of the bastion"),
      loadBalancer: z.string().describe("Load balancer"),
      targetGroup: z.string().describe("Target group"),
      launchTemplate: z.string().describe("Launch template"),
      autoScalingGroup: z.string().describe("Auto Scaling group, and its instances"),
      highCpuAlarm: z.string().describe("Alarm that adds instances"),
      lowCpuAlarm: z.string().describe("Alarm that removes instances"),
      instanceRole: z.string().describe("Role and instance profile of the application servers"),
      bastion: z.string().describe("Bastion, its role and instance profile"),
    })
    .describe("Names in AWS; every environment but production puts its own name in front"),
  network: z.strictObject({
    cidr: z.string().describe("Block of the VPC, split evenly: one public and one private subnet per zone"),
    zones: z
      .array(z.string())
      .min(2)
      .max(6)
      .describe("Availability zones; the first has the bastion and the single NAT gateway"),
    nat: z
      .enum(["single", "perZone", "none"])
      .describe(
        "Way out of the private subnets: one NAT gateway for all, one per zone (survives the loss of a zone), or none",
      ),
  }),
  loadBalancer: z.strictObject({
    port: port.describe("Port of the HTTP listener"),
    idleTimeoutSeconds: seconds(1, 4000).describe("Must be shorter than the application's keep-alive"),
    deletionProtection: safeguard.describe('Refuse to delete the load balancer: `"on"`, or `{ off: "the reason" }`'),
    accessLogs: z
      .strictObject({
        bucket: bucketName.describe("Bucket to create for them; the name is global"),
        retentionDays: z.int().min(1).max(3650).describe("Days that a log is kept"),
      })
      .optional()
      .describe("Leave out for no access logs"),
  }),
  targetGroup: z.strictObject({
    port: port.describe("Port of the application on the instances"),
    deregistrationDelaySeconds: seconds(0, 3600).describe("Time that a leaving instance gets to finish its requests"),
    healthCheck: z.strictObject({
      path: z
        .string()
        .regex(/^\/[\x21-\x7e]{0,1023}$/, "is not a path (such as /healthz)")
        .describe("Page that answers 200 on a healthy instance"),
      intervalSeconds: seconds(5, 300).describe("Time from check to check"),
      timeoutSeconds: seconds(2, 120).describe("Time that an answer may take; below the interval"),
      healthyThreshold: z
        .int()
        .min(2)
        .max(10)
        .describe("Passed checks in a row that make an unhealthy instance healthy"),
      unhealthyThreshold: z.int().min(2).max(10).describe("Failed checks in a row that make it unhealthy"),
    }),
  }),
  fleet: z.strictObject({
    amiId: z
      .string()
      .regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "is not an AMI id (ami- and 8 or 17 hexadecimal digits)")
      .describe("Image with the application baked in"),
    instanceType: instanceType.describe("Of the application servers"),
    cpuCredits: z
      .enum(["unlimited", "standard"])
      .describe("Of burstable types: `unlimited` bills surplus CPU, `standard` throttles to the baseline"),
    keyPair: keyPair.describe("Leave out for no SSH key: Session Manager only"),
    rootVolumeGib,
    detailedMonitoring: z.boolean().describe("CPU every minute in place of every five; AWS bills it per instance"),
    minSize: instances.describe("Least number of application servers"),
    desiredCapacity: instances.describe("At creation only: later capacity is left to the scaling"),
    maxSize: instances.min(1).describe("Greatest number of application servers"),
    healthCheckGraceSeconds: seconds(0, 7200).describe("Time before a failed health check of a new instance counts"),
    startupSeconds: seconds(1, 3600).describe(
      "Launch to the application's first answer, as measured; a check on the grace period",
    ),
    capacityTimeoutMinutes: z
      .int()
      .min(1)
      .max(60)
      .describe("The first deploy fails if no instance is healthy behind the load balancer by then"),
    warmPool: warmPool.optional().describe("Servers that have started once and wait; leave out for none"),
  }),
  scaling: scalingSchema,
  bastion: z
    .strictObject({
      instanceType: instanceType.describe("Of the bastion"),
      keyPair: keyPair.describe("Leave out for no SSH key: Session Manager only"),
      rootVolumeGib,
      sshSources: z
        .array(sshSource)
        .refine((sources) => new Set(sources).size === sources.length, "must be distinct")
        .describe("Networks that may open SSH connections; empty for Session Manager only"),
    })
    .optional()
    .describe("Leave out for no bastion"),
  usage: usage.describe("What a month is assumed to see, for `npm run cost`; nothing that is deployed depends on it"),
});

export type Settings = z.infer<typeof settingsSchema>;

/** https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect */
const github = z.strictObject({
  repository: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.)[\w.-]{1,100}$/, "is not a repository (such as owner/name)")
    .describe("Whose workflows may plan and deploy, without a key"),
  provider: z
    .enum(["create", "existing"])
    .optional()
    .describe(
      "GitHub's identity provider, of which an account has one: `create` it (as if left out), or take the `existing` one",
    ),
});

export const remoteStateSchema = z.strictObject({
  bucket: bucketName.describe("Bucket of the Terraform state of all environments; the name is global"),
  region: z.enum(REGIONS).describe("AWS region of the bucket"),
  oldVersionDays: z.int().min(1).max(3650).describe("Days that a replaced version of a state is kept"),
  github: github.optional().describe("Roles for GitHub's workflows; leave out for none"),
});

export type RemoteStateSettings = z.infer<typeof remoteStateSchema>;

export type GithubSettings = z.infer<typeof github>;
