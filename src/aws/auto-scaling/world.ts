/** What all parts of an Auto Scaling group share: the time, what is to happen later, and the record of what has happened. */

export type EventKind = "alarm" | "scale" | "instance" | "health" | "load";

/** Simulated, or of servers that run. */
export interface World {
  /** Seconds since the beginning. */
  readonly now: number;
  after(seconds: number, happens: () => void): void;
  say(kind: EventKind, text: string): void;
}

export const instancesOf = (count: number) => (count === 1 ? "1 instance" : `${String(count)} instances`);
