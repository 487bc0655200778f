/** The simulation's model of an Auto Scaling group. */
import type { Alarm } from "../aws/alarm";
import type { ScalingPolicy, Schedule } from "../aws/auto-scaling/policies";
import type { Processor } from "../aws/instance-types";

/** The simulation's model of an instance type: its vCPUs and credits. */
export interface InstanceType extends Processor {
  readonly type: string;
}

/** USD, from the items of the bill; undefined where a price is not known here. */
export interface Prices {
  /** For an hour of a server that runs: the instance, its disk, and its detailed monitoring. */
  readonly server: number | undefined;
  /** For an hour of a server that waits stopped: its disk. */
  readonly stopped: number | undefined;
  /** For an hour of the alarms. */
  readonly alarms: number | undefined;
  /** For a vCPU-hour beyond the credits. */
  readonly surplus: number | undefined;
}

/** Servers that have started once, and wait to be put in service. */
export interface WaitingServers {
  readonly state: "Stopped" | "Running" | "Hibernated";
  readonly minSize: number;
  /** The greatest number in service and waiting together; undefined for the group's greatest size. */
  readonly maxPrepared: number | undefined;
  readonly reuseOnScaleIn: boolean;
}

export interface Model {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly zones: number;
  readonly graceSeconds: number;
  /** Whether new instances are launched before old ones are terminated: an instance maintenance policy of at least 100 %. */
  readonly launchFirst: boolean;
  /** Whether an instance is replaced that the load balancer finds unhealthy. */
  readonly replacesUnhealthy: boolean;
  /** Whether instances are moved when the zones differ by more than one. */
  readonly rebalances: boolean;
  /** Time in which a new instance's CPU does not count in the group's. */
  readonly warmUpSeconds: number;
  readonly warmPool?: WaitingServers;
  readonly instance: InstanceType & { readonly credits: "standard" | "unlimited"; readonly detailed: boolean };
  readonly prices: Prices;
  readonly healthCheck: {
    readonly intervalSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
  readonly deregistrationSeconds: number;
  readonly alarms: readonly Alarm[];
  readonly policies: readonly ScalingPolicy[];
  readonly schedules: readonly Schedule[];
  /** Settings that the simulation leaves out, a sentence each. */
  readonly notes: readonly string[];
}
