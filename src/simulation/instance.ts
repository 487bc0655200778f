/** An instance as it is simulated: its state, its CPU and its credits. */
import type { Member } from "../aws/auto-scaling/members";

export interface Instance extends Member {
  /** Since when the group was overloaded when it was launched; undefined if it was not. */
  readonly overloadedSince: number | undefined;
  /** From when it is in service until its application answers. */
  appStartSeconds: number;
  /** Whether the application answers. */
  started: boolean;
  /** Whether its application has failed: it answers with errors. */
  broken: boolean;
  /** Whether it takes requests and answers them. */
  serves: boolean;
  throttled: boolean;
  /** vCPU-minutes; negative if an unlimited one owes them. */
  credits: number;
  /** The integral of its CPU at the last look. */
  mark: number;
  lookedAt: number;
  /** Seconds of full use, and seconds, of the current metric period. */
  used: number;
  seconds: number;
  /** The same of the current minute. */
  minute: { used: number; seconds: number };
}

/** @param overloadedSince when the overload began that it is launched in */
export function instanceFrom(member: Member, overloadedSince: number | undefined): Instance {
  return {
    ...member,
    overloadedSince,
    appStartSeconds: 0,
    started: false,
    broken: false,
    serves: false,
    throttled: false,
    credits: 0,
    mark: 0,
    lookedAt: member.launchedAt,
    used: 0,
    seconds: 0,
    minute: { used: 0, seconds: 0 },
  };
}
