/** The emulator's own endpoints, by which the playground tells it what has happened: `src/emulator/server/plane.py`. */
import { z } from "zod";

/** An instance that was launched from the group's version of its launch template: a member of the group in the state Pending. */
export type Launched = z.infer<typeof LAUNCHED>;

const LAUNCHED = z.object({
  id: z.string(),
  privateIp: z.string(),
  zone: z.string(),
  imageId: z.string(),
  tags: z.record(z.string(), z.string()),
});

const CLOCK = z.object({ date: z.string() });

export type Lifecycle = "Pending" | "InService" | "Terminating";
export type Health = "Healthy" | "Unhealthy";

/** What `describe-target-health` answers: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
export interface TargetHealth {
  readonly state: "initial" | "healthy" | "unhealthy" | "draining" | "unused" | "unavailable";
  /** Such as `Target.ResponseCodeMismatch`. */
  readonly reason?: string;
  readonly description?: string;
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html */
export interface Activity {
  readonly id: string;
  readonly description: string;
  readonly cause: string;
  readonly status: "PreInService" | "InProgress" | "Successful" | "Failed" | "Cancelled";
  /** Percent. */
  readonly progress: number;
  /** ISO 8601. */
  readonly startTime: string;
  readonly endTime?: string;
  /** Why it has failed. */
  readonly statusMessage?: string;
}

export interface RefreshProgress {
  readonly status: "Pending" | "InProgress" | "Successful" | "Failed" | "Cancelling" | "Cancelled";
  readonly percent: number;
  readonly reason?: string;
}

export type Plane = ReturnType<typeof planeOf>;

/**
 * Each call throws an Error with the emulator's sentence where a group, an instance or a target group does not exist (any more).
 *
 * @param emulator its address
 */
export function planeOf(emulator: string) {
  const call = async <T>(path: string, answer: z.ZodType<T>, request?: RequestInit): Promise<T> => {
    const response = await fetch(`${emulator}/plane/${path}`, request);
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(z.object({ error: z.string() }).parse(body).error);
    return answer.parse(body);
  };
  const post = <T>(path: string, body: object, answer: z.ZodType<T>) =>
    call(path, answer, { method: "POST", body: JSON.stringify(body) });
  const say = async (path: string, body: object): Promise<void> => {
    await post(path, body, z.object({}));
  };
  return {
    /**
     * Waits until something was changed through AWS's API since that version (0 at the beginning), at the most 20 seconds.
     *
     * @returns the present version: the same where nothing was changed
     */
    changes: async (since: number, signal?: AbortSignal): Promise<number> =>
      (await call(`changes?since=${String(since)}`, z.object({ version: z.int() }), signal && { signal })).version,

    /**
     * From now on the emulator launches and terminates nothing by itself, and asks at the address (`POST /aws`, see aws-request.ts).
     *
     * @param balancerHost the DNS name of load balancers that are created from now on; without it, one as on AWS, which leads nowhere
     */
    attach: (address: string, balancerHost?: string) => say("attach", { address, balancerHost }),

    /** From now on the emulator decides by itself again. */
    detach: () => say("attach", { address: null }),

    /** Dates that the emulator writes: of alarms that are created, of launches. `speed` of its seconds pass in a real one. */
    clock: (date: Date, speed: number) => say("clock", { date: date.toISOString(), speed }),

    /** The date that the emulator writes now. */
    date: async (): Promise<Date> => new Date((await post("clock", {}, CLOCK)).date),

    launch: (group: string, subnet: string): Promise<Launched> => post("launch", { group, subnet }, LAUNCHED),

    /** A member that is InService is registered with the group's target groups; any other one is deregistered. */
    member: (group: string, instance: string, lifecycle: Lifecycle, health: Health) =>
      say("member", { group, instance, lifecycle, health }),

    /** Terminates it in EC2: it is no member any more, and no target. */
    remove: (group: string, instance: string) => say("remove", { group, instance }),

    /**
     * All targets of a target group by instance, those that drain included. One that is registered and not among them is `initial`.
     *
     * @param targetGroup its ARN
     */
    health: (targetGroup: string, targets: Readonly<Record<string, TargetHealth>>) =>
      say("health", { targetGroup, targets }),

    /** Another one, or the one of this id again. */
    activity: (group: string, activity: Activity) => say("activity", { group, activity }),

    /** What a policy or a schedule has decided, with the bounds that a schedule sets. */
    desired: (group: string, desired: number, bounds: { readonly minSize?: number; readonly maxSize?: number } = {}) =>
      say("desired", { group, desired, ...bounds }),

    refresh: (group: string, refresh: string, progress: RefreshProgress) =>
      say("refresh", { group, refresh, ...progress }),
  };
}
