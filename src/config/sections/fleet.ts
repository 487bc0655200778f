import { z } from "zod";
import { isBurstable, memoryGibOf } from "../../aws/instance-types";
import { APPLICATION } from "../application";
import type { Section } from "../section";
import { instanceType, keyPair, rootVolumeGib, seconds, size } from "../values";
import { metadataTokens, metadataTokensWarning } from "./metadata-tokens";
import { growsAt } from "./scaling";
import { warmPoolSchema } from "./warm-pool";

const schema = z
  .strictObject({
    amiId: z
      .string()
      .regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "is not an AMI id (ami- and 8 or 17 hexadecimal digits)")
      .describe("Image with the application baked in"),
    instanceType: instanceType.describe("EC2 instance type of the application servers"),
    cpuCredits: z
      .enum(["unlimited", "standard"])
      .describe("CPU credits of burstable types: `unlimited` bills surplus CPU, `standard` throttles to the baseline"),
    keyPair,
    rootVolumeGib,
    metadataTokens,
    detailedMonitoring: z
      .boolean()
      .describe("Reports the CPU every minute instead of every five; AWS bills it per instance"),
    minSize: size.describe("Least number of application servers"),
    desiredCapacity: size.describe("Number of servers at creation; later the scaling policies set it"),
    maxSize: size.min(1).describe("Greatest number of application servers"),
    healthCheckGraceSeconds: seconds(0, 7200).describe("Time before a failed health check of a new instance counts"),
    startupSeconds: seconds(1, 3600).describe(
      "Measured time from launch to the application's first answer; the grace period is checked against it, and it is what `simulate` waits",
    ),
    capacityTimeoutMinutes: z
      .int()
      .min(1)
      .max(60)
      .describe("The first deploy fails if no instance is healthy behind the load balancer by then"),
    warmPool: warmPoolSchema
      .optional()
      .describe("Warm pool: servers that have started once and wait to be put in service; leave out for none"),
  })
  .describe("The application servers: their launch template, and the size of their Auto Scaling group");

export const fleet: Section<typeof schema> = {
  schema,
  rules: [
    {
      reads: ["fleet.minSize", "fleet.maxSize"],
      blames: "fleet.minSize",
      problem: ({ fleet }) =>
        fleet.minSize <= fleet.maxSize ? undefined : `must not be above fleet.maxSize (${String(fleet.maxSize)})`,
    },
    {
      reads: ["fleet.minSize", "fleet.desiredCapacity", "fleet.maxSize"],
      blames: "fleet.desiredCapacity",
      problem: ({ fleet }) =>
        fleet.minSize > fleet.maxSize ||
        (fleet.desiredCapacity >= fleet.minSize && fleet.desiredCapacity <= fleet.maxSize)
          ? undefined
          : `must be ${String(fleet.minSize)} to ${String(fleet.maxSize)} (fleet.minSize to fleet.maxSize)`,
    },
    {
      reads: [
        "fleet.healthCheckGraceSeconds",
        "fleet.startupSeconds",
        "targetGroup.healthCheck.unhealthyThreshold",
        "targetGroup.healthCheck.intervalSeconds",
      ],
      blames: "fleet.healthCheckGraceSeconds",
      problem: ({ fleet, targetGroup: { healthCheck } }) => {
        const least = fleet.startupSeconds + healthCheck.unhealthyThreshold * healthCheck.intervalSeconds;
        return fleet.healthCheckGraceSeconds >= least
          ? undefined
          : `must be at least ${String(least)}: startup ${String(fleet.startupSeconds)} s and ` +
              `${String(healthCheck.unhealthyThreshold)} failed checks ${String(healthCheck.intervalSeconds)} s apart, or instances are replaced again and again while they start`;
      },
    },
    {
      reads: ["fleet.capacityTimeoutMinutes", "fleet.startupSeconds", "targetGroup.healthCheck.intervalSeconds"],
      blames: "fleet.capacityTimeoutMinutes",
      problem: ({ fleet, targetGroup: { healthCheck } }) => {
        // A new target is healthy with its first passed check, whatever the threshold.
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
        const least = Math.ceil((fleet.startupSeconds + healthCheck.intervalSeconds) / 60);
        return fleet.capacityTimeoutMinutes >= least
          ? undefined
          : `must be at least ${String(least)}: startup ${String(fleet.startupSeconds)} s and a check after at most ` +
              `${String(healthCheck.intervalSeconds)} s, or the first deploy fails while the servers start`;
      },
    },
  ],
  warnings: [
    metadataTokensWarning,
    {
      urgency: "outage",
      text: ({ fleet: { instanceType } }) => {
        const mib = (memoryGibOf(instanceType) ?? Infinity) * 1024;
        return (
          mib < APPLICATION.memoryMib &&
          `The application in webapp/ and the system need ${String(APPLICATION.memoryMib)} MiB of memory, and a ${instanceType} has ${String(mib)}. Choose a larger fleet.instanceType.`
        );
      },
    },
    {
      urgency: "operation",
      text: ({ fleet, scaling }) =>
        isBurstable(fleet.instanceType) &&
        fleet.cpuCredits === "standard" &&
        growsAt(scaling).percent > LOWEST_BASELINE_PERCENT &&
        `${fleet.instanceType} without credits is throttled to its baseline, so a saturated group looks idle and is scaled in. fleet.cpuCredits: "unlimited" avoids that.`,
    },
    {
      urgency: "operation",
      text: ({ fleet, scaling }) =>
        isBurstable(fleet.instanceType) &&
        fleet.cpuCredits === "unlimited" &&
        growsAt(scaling).percent > LOWEST_BASELINE_PERCENT &&
        `${fleet.instanceType} may stay just below ${String(growsAt(scaling).percent)} % CPU for long, far above its baseline, and AWS bills the surplus credits. A lower ${growsAt(scaling).setting}, or a fleet.instanceType that is not burstable, limits that.`,
    },
  ],
};

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html: of T3 and T4g micro. */
const LOWEST_BASELINE_PERCENT = 10;
