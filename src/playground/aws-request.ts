/** What the emulator asks of the playground that is attached: a request to AWS that the playground decides. */
import { z } from "zod";

const group = z.string();
const honorCooldown = z.boolean();
const instance = z.string();

const AWS_REQUEST = z.discriminatedUnion("action", [
  /** It was created, updated or deleted, or what belongs to it: it is to be read again. */
  z.object({ action: z.literal("group"), group }),
  /** Within the group's bounds. */
  z.object({ action: z.literal("setDesiredCapacity"), group, desired: z.int().min(0), honorCooldown }),
  z.object({
    action: z.literal("executePolicy"),
    group,
    policy: z.string(),
    honorCooldown,
    metricValue: z.number().optional(),
    breachThreshold: z.number().optional(),
  }),
  /** Decrement: the desired capacity becomes smaller by it, and no other instance is launched. */
  z.object({ action: z.literal("terminateInstance"), group, instance, decrement: z.boolean() }),
  z.object({ action: z.literal("setInstanceHealth"), group, instance, health: z.enum(["Healthy", "Unhealthy"]) }),
  /** EC2 has terminated or stopped members without being asked by the group. */
  z.object({ action: z.literal("instancesTerminated"), group, instances: z.array(z.string()) }),
  z.object({
    action: z.literal("startInstanceRefresh"),
    group,
    /** Its id. */
    refresh: z.string(),
    /** AWS's own: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html */
    preferences: z.record(z.string(), z.unknown()),
  }),
  z.object({ action: z.literal("cancelInstanceRefresh"), group, refresh: z.string() }),
]);

export type AwsRequest = z.infer<typeof AWS_REQUEST>;

/** Accepted, or AWS's code and message of the refusal, such as `ScalingActivityInProgress`. */
export interface AwsAnswer {
  readonly error?: { readonly code: string; readonly message: string };
}

/** @throws ZodError for what is no request of the emulator */
export const awsRequestOf = (body: unknown): AwsRequest => AWS_REQUEST.parse(body);
