/** What was observed of a real group, as the files of `--calibrate` have it. */

/** Average CPU of the group's servers in percent; requests to all of them, or to each on average; servers in service. */
export type Metric = "CPUUtilization" | "RequestCount" | "RequestCountPerTarget" | "GroupInServiceInstances";

/** The value of a period; `at` is its beginning, in seconds since 1970. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** A server that an Auto Scaling group has launched: when, and when it was in service. */
export interface Launch {
  readonly from: number;
  readonly inServiceAt: number;
}

/** Answers of servers in a load balancer's log. */
export interface Answers {
  readonly first: number;
  readonly last: number;
  /** By the beginning of the minute. */
  readonly minutes: ReadonlyMap<number, { requests: number; readonly servers: Set<string> }>;
  /** When each server first answered. */
  readonly firstOf: ReadonlyMap<string, number>;
  /** From a request to its answer, on average. */
  readonly meanSeconds: number;
}

export interface Observed {
  readonly metrics: ReadonlyMap<Metric, readonly Point[]>;
  readonly launches: readonly Launch[];
  readonly answers: Answers | undefined;
}
