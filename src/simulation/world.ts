/** The time of a simulation, the queue of its events, and its record. */
import type { EventKind, World as Shared } from "../aws/auto-scaling/world";
import { Queue } from "./queue";
import type { Event } from "./trace";

export class World implements Shared {
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
