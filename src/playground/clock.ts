/** The clock of the emulated AWS: it may run faster than the one on the wall. */
import type { EventKind, World } from "../aws/auto-scaling/world";
import { Queue } from "../machine/queue";

/** What has happened. */
export interface Event {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly kind: EventKind;
  readonly text: string;
}

/** Longest wait of Node's timers. */
const LONGEST_MS = 2 ** 31 - 1;

export class Clock implements World {
  readonly events: Event[] = [];
  private readonly queue = new Queue<() => void>();
  private timer: NodeJS.Timeout | undefined;
  /** The time at which something happens that was planned for it, however late the machine is. */
  private planned: number | undefined;
  private begun = { at: 0, wall: performance.now() };

  /**
   * @param pace seconds of this clock in a second
   * @param start of the clock
   * @param heard called with each event
   */
  constructor(
    private pace: number,
    private readonly start = new Date(),
    private readonly heard: (event: Event) => void = () => undefined,
  ) {}

  /** Seconds since the start. */
  get now(): number {
    return this.planned ?? this.begun.at + ((performance.now() - this.begun.wall) / 1000) * this.pace;
  }

  get date(): Date {
    return this.dateOf(this.now);
  }

  dateOf(seconds: number): Date {
    return new Date(this.start.getTime() + Math.round(seconds * 1000));
  }

  get speed(): number {
    return this.pace;
  }

  set speed(pace: number) {
    this.begun = { at: this.now, wall: performance.now() };
    this.pace = pace;
    this.wake();
  }

  /** @returns what takes it back */
  after(seconds: number, happens: () => void): () => void {
    return this.at(this.now + seconds, happens);
  }

  /** The first time at the next whole multiple of the interval. @returns what ends it */
  every(seconds: number, happens: () => void): () => void {
    const next = (Math.floor(this.now / seconds + 1e-9) + 1) * seconds;
    let cancel = this.at(next, () => {
      cancel = this.every(seconds, happens);
      happens();
    });
    return () => cancel();
  }

  private at(time: number, happens: () => void): () => void {
    const item = { happens };
    this.queue.add(time, () => item.happens());
    this.wake();
    return () => (item.happens = () => undefined);
  }

  say(kind: EventKind, text: string): void {
    const event = { at: this.now, kind, text };
    this.events.push(event);
    this.heard(event);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private wake(): void {
    clearTimeout(this.timer);
    if (this.planned !== undefined || this.queue.next === Infinity) return;
    const wait = Math.min(LONGEST_MS, Math.max(0, ((this.queue.next - this.now) / this.pace) * 1000));
    this.timer = setTimeout(() => this.run(), wait);
  }

  private run(): void {
    try {
      while (this.queue.next <= this.now + 1e-6) {
        this.planned = this.queue.next;
        this.queue.take()?.();
        this.planned = undefined;
      }
    } finally {
      this.planned = undefined;
      this.wake();
    }
  }
}
