/** What the playground shows of itself at one moment, and what it can be asked to do: plain data that travels as JSON. */

/** Seconds are the clock's (of the emulated AWS), unless they are said to be real. */
export interface Snapshot {
  /** The emulated AWS's date, in ISO 8601. */
  readonly time: string;
  /** Seconds since the start. */
  readonly now: number;
  /** Seconds of the clock in one real second. */
  readonly speed: number;
  readonly environment: string;
  /** The application's URL, through the load balancer. */
  readonly application: string;
  /** Undefined while no Auto Scaling group is deployed. */
  readonly group: GroupView | undefined;
  readonly zones: readonly ZoneView[];
  readonly servers: readonly ServerView[];
  /** Undefined while no load balancer is deployed. */
  readonly balancer: BalancerView | undefined;
  readonly alarms: readonly AlarmView[];
  /** Requests per real second that the playground itself sends. */
  readonly trafficPerSecond: number;
  /** To those requests, since the start; those without an answer, or with one of 500 and more, have failed. */
  readonly answers: { readonly total: number; readonly failed: number };
  /** The last hour, the newest last. */
  readonly history: readonly Sample[];
  /** The last 200, the newest last. */
  readonly events: readonly EventView[];
  /** What the playground does not understand, a sentence each. */
  readonly notes: readonly string[];
}

interface GroupView {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly inService: number;
  readonly cooldownSecondsLeft: number;
}

interface ZoneView {
  readonly name: string;
  readonly lost: boolean;
  readonly nat: "available" | "lost" | "none";
  readonly subnets: readonly { readonly id: string; readonly cidr: string; readonly isPublic: boolean }[];
}

interface ServerView {
  readonly id: string;
  /** 1 for the first that was launched. */
  readonly number: number;
  readonly zone: string;
  readonly subnetId: string;
  readonly imageId: string;
  readonly lifecycle: "Pending" | "InService" | "Terminating";
  /** As `describe-target-health` answers. */
  readonly target: { readonly state: string; readonly reason?: string; readonly description?: string };
  readonly ageSeconds: number;
  readonly cpuPercent: number | undefined;
  /** Per real second. */
  readonly requestsPerSecond: number;
  /** Whether the application's own load runs on it. */
  readonly stressed: boolean;
  readonly address: string;
}

interface BalancerView {
  readonly name: string;
  /** Such as "HTTP:80 → http://127.0.0.1:8080". */
  readonly listeners: readonly string[];
  /** Per real second. */
  readonly requestsPerSecond: number;
  readonly errorsPerSecond: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

interface AlarmView {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** When it took that state. */
  readonly since: number;
  readonly metric: string;
  /** Such as ">". */
  readonly comparison: string;
  readonly threshold: number;
  /** Such as "%"; empty for a count. */
  readonly unit: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  /** One for each period, the newest last; null where there is none. */
  readonly points: readonly (number | null)[];
}

interface Sample {
  readonly at: number;
  /** Requests per real second. */
  readonly load: number;
  /** The group's, in percent. */
  readonly cpu: number | null;
  readonly inService: number;
  readonly desired: number;
  /** Names of those that are in ALARM. */
  readonly alarms: readonly string[];
}

interface EventView {
  readonly at: number;
  /** "alarm", "scale", "instance", "health", "load" as in a simulation, or another one. */
  readonly kind: string;
  readonly text: string;
}

export type Action =
  | {
      readonly action: "stress";
      readonly server: string;
      readonly on: boolean;
      /** Of the clock; as long as the application's own load by default. */
      readonly seconds?: number | undefined;
    }
  | { readonly action: "kill"; readonly server: string }
  /** Its processes are stopped: it accepts connections and answers nothing. */
  | { readonly action: "freeze"; readonly server: string }
  | { readonly action: "loseZone"; readonly zone: string; readonly lost: boolean }
  | { readonly action: "loseNat"; readonly lost: boolean }
  | { readonly action: "traffic"; readonly perSecond: number }
  | { readonly action: "speed"; readonly speed: number };
