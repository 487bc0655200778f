/** The warm pool of servers that have started once and wait: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html */
import { z } from "zod";
import { isBareMetal, memoryGibOf } from "../../aws/instance-types";
import type { Rule, Warning } from "../section";
import { size } from "../values";

export const warmPoolSchema = z.strictObject({
  state: z
    .enum(["Stopped", "Running", "Hibernated"])
    .describe(
      "State in which they wait: `Stopped` costs only their disks, `Running` as much as in service, " +
        "`Hibernated` keeps the memory on the disk, which must have room for it, on a type that can hibernate",
    ),
  minSize: size.describe("Least number that waits"),
  maxGroupPreparedCapacity: size
    .min(1)
    .optional()
    .describe("Greatest number in service and waiting together; left out, `fleet.maxSize`"),
  reuseOnScaleIn: z
    .boolean()
    .describe("Whether a server that is no longer needed returns to the pool; else it is terminated"),
});

export const warmPoolRule: Rule = {
  reads: ["fleet.warmPool", "fleet.minSize"],
  blames: "fleet.warmPool.maxGroupPreparedCapacity",
  problem: ({ fleet }) => {
    const { maxGroupPreparedCapacity: most, minSize = 0 } = fleet.warmPool ?? {};
    // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutWarmPool.html
    if (most !== undefined && most <= fleet.minSize)
      return `must be above fleet.minSize (${String(fleet.minSize)}): servers in service are counted, too, and none would be left for the pool`;
    return most !== undefined && most < minSize
      ? `must not be below fleet.warmPool.minSize (${String(minSize)})`
      : undefined;
  },
};

/** Of Linux: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html */
const MAX_HIBERNATED_GIB = 150;

/** AWS keeps the memory of a hibernated server on its root volume. */
export const hibernationRule: Rule = {
  reads: ["fleet.warmPool", "fleet.instanceType", "fleet.rootVolumeGib"],
  blames: "fleet.warmPool.state",
  problem: ({ fleet: { warmPool, instanceType, rootVolumeGib } }) => {
    if (warmPool?.state !== "Hibernated") return undefined;
    if (isBareMetal(instanceType)) return `is not for bare metal: fleet.instanceType is ${instanceType}`;
    const memory = memoryGibOf(instanceType);
    if (memory === undefined)
      return `needs a fleet.instanceType whose memory is known here: one of the families t, m, c and r, not ${instanceType}`;
    if (memory >= MAX_HIBERNATED_GIB)
      return `is for less than ${String(MAX_HIBERNATED_GIB)} GiB of memory: fleet.instanceType ${instanceType} has ${String(memory)}`;
    return rootVolumeGib < memory
      ? `needs room on the root volume for the ${String(memory)} GiB of memory of ${instanceType}: fleet.rootVolumeGib is ${String(rootVolumeGib)}`
      : undefined;
  },
};

export const warmPoolWarning: Warning = {
  urgency: "operation",
  text: ({ fleet }) =>
    fleet.warmPool?.state === "Running" &&
    'Servers that wait running are billed like those in service. fleet.warmPool.state: "Stopped" pays for their disks alone.',
};
