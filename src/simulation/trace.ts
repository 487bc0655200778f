/** What a simulation tells. */
import type { Load } from "./load";
import type { Model } from "./model";

export type EventKind = "alarm" | "scale" | "instance" | "health" | "load";

export interface Event {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly kind: EventKind;
  readonly text: string;
}

/** How it stood at the end of a minute. */
export interface Sample {
  readonly at: number;
  /** CPU-seconds per second that were asked for, what is pinned included. */
  readonly load: number;
  /** CPU-seconds per second that the healthy instances have. */
  readonly capacity: number;
  /** The group's CPU as CloudWatch gets it in the end, in percent; undefined without instances. */
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
  /** Changes of the capacity that a policy or a schedule has made, in order. */
  readonly actions: readonly { readonly at: number; readonly from: number; readonly to: number; readonly by: string }[];
  /** When an instance that was added turned healthy for the first time. */
  readonly firstAddedHealthyAt: number | undefined;
  /** Most zones differ by, at the end of any minute in which nothing was under way. */
  readonly zoneSpread: number;
}
