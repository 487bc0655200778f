/** The record of a simulation: events and samples. */
import type { Load } from "./load";
import type { Model } from "./model";

export type EventKind = "alarm" | "scale" | "instance" | "health" | "load";

export interface Event {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly kind: EventKind;
  readonly text: string;
}

/** The state at the end of a minute. */
export interface Sample {
  readonly at: number;
  /** CPU-seconds per second that are asked for, the pinned load included. */
  readonly load: number;
  /** CPU-seconds per second that the healthy instances have. */
  readonly capacity: number;
  /** The group's CPU in CloudWatch, in percent; undefined without instances. */
  readonly cpu: number | undefined;
  readonly desired: number;
  readonly healthy: number;
}

export interface Trace {
  readonly model: Model;
  readonly load: Load;
  readonly events: readonly Event[];
  readonly samples: readonly Sample[];
  readonly instanceHours: number;
  /** Beyond the credits that the instances have earned; billed by the vCPU-hour. */
  readonly surplusVcpuHours: number;
  /** CPU-seconds of requests. */
  readonly asked: number;
  readonly lost: number;
  readonly slowSeconds: number;
  readonly worstLatencySeconds: number;
  /** Changes of the capacity by policies and schedules, in order. */
  readonly actions: readonly { readonly at: number; readonly from: number; readonly to: number; readonly by: string }[];
  /** When the first added instance became healthy. */
  readonly firstAddedHealthyAt: number | undefined;
  /** The greatest difference between zones, at the end of any minute in which no instance is launched or terminated. */
  readonly zoneSpread: number;
}
