/** Since when the group has been asked for more than the CPU at which it is to grow. */
import type { Model } from "./model";
import type { Parameters } from "./parameters";

export class Overload {
  firstAddedHealthyAt: number | undefined;
  private ever = false;
  private waited: number | undefined;
  private since = 0;
  private until = -Infinity;
  /** Share of the group's CPU. */
  private readonly limit: number;
  /** What is over for longer can no longer set off an alarm. */
  private readonly memorySeconds: number;

  constructor({ alarms }: Model, { publicationDelaySeconds }: Parameters) {
    const growing = alarms.filter(({ comparison }) => comparison.startsWith(">"));
    this.limit = Math.min(1, ...growing.map(({ threshold }) => threshold / 100));
    this.memorySeconds =
      60 + publicationDelaySeconds + Math.max(0, ...growing.map((each) => each.evaluationPeriods * each.periodSeconds));
  }

  /** @param use CPU that was asked for from one second to another, as a share of what the group has */
  see(from: number, to: number, use: number): void {
    if (!(use > this.limit)) return;
    if (from - this.until > this.memorySeconds) this.since = from;
    this.until = to;
    this.ever = true;
  }

  /** Seconds from the overload to the first instance that was added for it; 0 without one, undefined if none was added. */
  get timeToCapacity(): number | undefined {
    return this.ever ? this.waited : 0;
  }

  /** An instance that was added is healthy. @param since when the overload began in which it was launched */
  answered(now: number, since = this.at(now)): void {
    this.firstAddedHealthyAt ??= now;
    if (since !== undefined) this.waited ??= now - since;
  }

  /** When the overload began that an action at some time answers; undefined if there is none. */
  at(time: number): number | undefined {
    return time - this.until > this.memorySeconds ? undefined : this.since;
  }
}
