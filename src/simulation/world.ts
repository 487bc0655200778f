/** The state that all parts of a simulation share: the time, the queue of events, and the record. */
import { Queue } from "./queue";
import type { Event, EventKind } from "./trace";

export class World {
  /** Seconds since the beginning. */
  now = 0;
  readonly queue = new Queue<() => void>();
  readonly events: Event[] = [];

  after(seconds: number, happens: () => void): void {
    this.queue.add(this.now + seconds, happens);
  }

  say(kind: EventKind, text: string): void {
    this.events.push({ at: this.now, kind, text });
  }
}

export const instancesOf = (count: number) => (count === 1 ? "1 instance" : `${String(count)} instances`);
