/** The simulation's model of an Auto Scaling group. */
import type { Alarm } from "../aws/alarm";
import type { AdjustmentType, Step } from "../aws/capacity";
import type { Processor } from "../aws/instance-types";

interface Adjusting {
  readonly name: string;
  readonly adjustmentType: AdjustmentType;
  readonly minimumMagnitude: number;
}

export type ScalingPolicy =
  | (Adjusting & { readonly kind: "simple"; readonly adjustment: number; readonly cooldownSeconds: number })
  | (Adjusting & { readonly kind: "step"; readonly steps: readonly Step[]; readonly warmUpSeconds: number })
  | {
      readonly kind: "targetTracking";
      readonly name: string;
      readonly targetPercent: number;
      readonly disableScaleIn: boolean;
      readonly warmUpSeconds: number;
    };

export interface Schedule {
  readonly name: string;
  /** Five fields of cron. */
  readonly recurrence: string;
  readonly timeZone: string;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly desired?: number;
}

/** The simulation's model of an instance type: its vCPUs, credits and price. */
export interface InstanceType extends Processor {
  readonly type: string;
  /** USD, on demand, Linux; undefined where no price is known here. */
  readonly usdPerHour?: number;
  /** USD for a vCPU-hour beyond the credits; undefined where no price is known here. */
  readonly usdPerSurplusHour?: number;
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
  /** Time in which a new instance's CPU does not count in the group's. */
  readonly warmUpSeconds: number;
  /** Instances that wait, stopped or running, to be put in service. */
  readonly warmPool: number;
  readonly instance: InstanceType & { readonly credits: "standard" | "unlimited"; readonly detailed: boolean };
  readonly healthCheck: { readonly intervalSeconds: number; readonly unhealthyThreshold: number };
  readonly deregistrationSeconds: number;
  readonly alarms: readonly Alarm[];
  readonly policies: readonly ScalingPolicy[];
  readonly schedules: readonly Schedule[];
}
