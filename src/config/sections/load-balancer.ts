import { z } from "zod";
import { subnetPrefix } from "../../aws/subnets";
import { APPLICATION } from "../application";
import type { Section } from "../section";
import { bucketName, port, safeguard, seconds } from "../values";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#availability-zones */
const LOAD_BALANCER_PREFIX = 27;

const schema = z
  .strictObject({
    port: port.describe("Port of the HTTP listener"),
    idleTimeoutSeconds: seconds(1, 4000).describe(
      `Shorter than the application's keep-alive of ${String(APPLICATION.keepAliveSeconds)} seconds`,
    ),
    deletionProtection: safeguard.describe('Refuse to delete the load balancer: `"on"`, or `{ off: "the reason" }`'),
    accessLogs: z
      .strictObject({
        bucket: bucketName.describe("Bucket to create for them; the name is global"),
        retentionDays: z.int().min(1).max(3650).describe("Days that a log is kept"),
      })
      .optional()
      .describe("Access logs in a bucket; leave out for none"),
  })
  .describe("The Application Load Balancer, which is reached from the internet");

export const loadBalancer: Section<typeof schema> = {
  schema,
  buckets: ["accessLogs.bucket"],
  warnings: [
    {
      urgency: "operation",
      text: ({ loadBalancer: { idleTimeoutSeconds } }) =>
        idleTimeoutSeconds >= APPLICATION.keepAliveSeconds &&
        `The load balancer keeps idle connections for ${String(idleTimeoutSeconds)} seconds, and the application closes them after ${String(APPLICATION.keepAliveSeconds)}: a request that is sent just then is answered 502. loadBalancer.idleTimeoutSeconds must be shorter.`,
    },
    {
      urgency: "limit",
      text: ({ network: { cidr, zones } }) =>
        subnetPrefix(cidr, zones.length) > LOAD_BALANCER_PREFIX &&
        `Public subnets of ${cidr} are smaller than the /${String(LOAD_BALANCER_PREFIX)} that AWS asks for below a load balancer. Enlarge network.cidr.`,
    },
    {
      urgency: "accepted",
      text: ({ loadBalancer: { deletionProtection } }) =>
        deletionProtection !== "on" &&
        `The load balancer may be deleted: ${deletionProtection.off}. loadBalancer.deletionProtection: "on" prevents it.`,
    },
  ],
};
