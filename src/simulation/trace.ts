/** The record of a simulation: events and samples. */
import type { Action } from "../aws/auto-scaling/scaler";
import type { EventKind } from "../aws/auto-scaling/world";
import type { AllAnswers, Answers } from "./answers";
import type { Load } from "./load";
import type { Model } from "./model";

export interface Event {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly kind: EventKind;
  readonly text: string;
}

/** The state at the end of a minute, and the worst within it. */
export interface Sample {
  readonly at: number;
  /** The greatest load within the minute, in the unit of `load`. */
  readonly peakLoad: number;
  /** CPU-seconds per second that are asked for, the pinned load included. */
  readonly load: number;
  /** CPU-seconds per second that the healthy instances have. */
  readonly capacity: number;
  /** The group's CPU in this minute, in percent; undefined without instances. */
  readonly cpu: number | undefined;
  /** The group's CPU in CloudWatch, in percent, where a period of the metric has just ended. */
  readonly metric: number | undefined;
  readonly desired: number;
  readonly healthy: number;
  /** To the requests of this minute. */
  readonly answers: Answers;
}

export interface Trace {
  readonly model: Model;
  readonly load: Load;
  readonly events: readonly Event[];
  readonly samples: readonly Sample[];
  /** Hours of instances that run, those that wait running in the warm pool included. */
  readonly instanceHours: number;
  /** Hours of those that wait stopped. */
  readonly stoppedHours: number;
  /** Beyond the credits that the instances have earned; billed by the vCPU-hour. */
  readonly surplusVcpuHours: number;
  /** The same of the instances that run at the end: billed unless they earn it back. */
  readonly owedVcpuHours: number;
  /** To all requests. */
  readonly answers: AllAnswers;
  /** Changes of the capacity by policies and schedules, in order. */
  readonly actions: readonly Action[];
  /** When the first added instance became healthy. */
  readonly firstAddedHealthyAt: number | undefined;
  /** Seconds from the overload to the first instance that was added for it; 0 without an overload, undefined if none is added. */
  readonly timeToCapacity: number | undefined;
  /** The difference between the zones when last no instance was launched or terminated. */
  readonly zoneSpread: number;
}
