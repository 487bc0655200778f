/** A group's CPU in CloudWatch, from that of its instances, minute by minute. */
import { GroupMetric, type MetricOptions } from "../metric";
import type { Member } from "./members";

/** Seconds of full use of an instance, and seconds in which it was looked at. */
interface Use {
  used: number;
  seconds: number;
}

/** An instance, with its use in the current period of the metric and in the current minute. */
export interface Measured extends Member, Use {
  minute: Use;
}

export const UNMEASURED = (): Use & { minute: Use } => ({ used: 0, seconds: 0, minute: { used: 0, seconds: 0 } });

/** In percent; undefined without instances. */
export interface GroupUse {
  /** Of the last minute. */
  readonly minute: number | undefined;
  /** Of the metric's period, where one has just ended. */
  readonly period: number | undefined;
}

export class GroupCpu<I extends Measured> {
  readonly metric: GroupMetric;
  /** Of instances that were terminated in this period. */
  private left = { sum: 0, count: 0 };

  /** @param warmUpSeconds in which a new instance does not count */
  constructor(
    options: MetricOptions,
    private readonly warmUpSeconds: number,
  ) {
    this.metric = new GroupMetric(options);
  }

  /** Adds to what an instance has used. */
  add(instance: I, used: number, seconds: number): void {
    for (const use of [instance, instance.minute]) {
      use.used += used;
      use.seconds += seconds;
    }
  }

  /** Called each minute, when the use of all instances is known; their minutes begin anew. */
  sample(now: number, instances: Iterable<I>): GroupUse {
    const minute = { sum: 0, count: 0 };
    const period = { ...this.left };
    const all = [...instances];
    for (const instance of all) {
      if (!instance.leaving && this.isCounted(instance, now)) {
        period.sum += instance.used / instance.seconds;
        period.count++;
        minute.sum += instance.minute.used / instance.minute.seconds;
        minute.count++;
      }
      instance.minute = { used: 0, seconds: 0 };
    }
    const percent = ({ sum, count }: typeof minute) => (count === 0 ? undefined : (100 * sum) / count);
    const value = percent(period);
    if (value !== undefined) this.metric.record(now, value);
    const ended = this.metric.periodOf(now + 1) !== this.metric.periodOf(now);
    if (ended) {
      this.left = { sum: 0, count: 0 };
      for (const instance of all) instance.used = instance.seconds = 0;
    }
    return { minute: percent(minute), period: ended ? value : undefined };
  }

  /** What an instance has used until now does not count in the metric: it was not in service, or warmed up. */
  forget(instance: I): void {
    instance.used = instance.seconds = 0;
    instance.minute = { used: instance.minute.used, seconds: 0 };
  }

  /** When an instance leaves: what it has used in this period counts. */
  leave(instance: I, now: number): void {
    if (!this.isCounted(instance, now)) return;
    this.left.sum += instance.used / instance.seconds;
    this.left.count++;
  }

  /** Whether an instance counts until it leaves: in service, and warmed up. */
  private isCounted({ inServiceAt, seconds }: I, now: number): boolean {
    return seconds > 0 && inServiceAt + this.warmUpSeconds < now;
  }
}
