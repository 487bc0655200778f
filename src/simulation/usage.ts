/** The CPU of each instance, minute by minute, and what CloudWatch makes of it. */
import { GroupMetric } from "../aws/metric";
import type { Cpu } from "./cpu";
import type { Credits } from "./credits";
import type { Members } from "../aws/auto-scaling/members";
import type { Instance } from "./instance";
import type { Segment } from "./load";
import type { Model } from "./model";
import type { Parameters } from "./parameters";
import type { World } from "../aws/auto-scaling/world";

/** The group's CPU in percent; undefined without instances. */
export interface GroupCpu {
  /** Of the last minute. */
  readonly minute: number | undefined;
  /** Of the metric's period, where one has just ended. */
  readonly period: number | undefined;
}

export class Usage {
  readonly metric: GroupMetric;
  pinnedOn: Instance | undefined;
  private pinnedMark = 0;
  /** Samples of instances that were terminated in this period of the metric. */
  private left = { sum: 0, count: 0 };
  private readonly resolutionSeconds: number;

  constructor(
    private readonly world: World,
    private readonly model: Model,
    private readonly members: Members<Instance>,
    private readonly cpu: Cpu,
    parameters: Parameters,
  ) {
    this.resolutionSeconds = model.instance.detailed ? 60 : 300;
    this.metric = new GroupMetric({
      resolutionSeconds: this.resolutionSeconds,
      delaySeconds: parameters.publicationDelaySeconds,
      partial: parameters.partialDatapoints,
    });
  }

  /**
   * The metric before the beginning is that of the beginning: without a past, alarms would have too few values.
   *
   * @param seconds that the alarms look back
   */
  remember(first: Segment, seconds: number): void {
    const { all } = this.members;
    const size = all.size;
    if (size === 0) return;
    const percent = 100 * Math.min(1, first.cpu / (this.model.instance.vcpus * size) + first.pinned / size);
    const periods = Math.ceil(seconds / this.resolutionSeconds) + 1;
    for (let period = -periods; period < 0; period++)
      this.metric.record((period + 1) * this.resolutionSeconds, percent);
  }

  /** Called each minute. @param credits of which the minute is spent @returns the group's CPU, and whose speed is to change */
  sample(credits: Credits): GroupCpu & { readonly changing: readonly Instance[] } {
    const { now } = this.world;
    const minute = { sum: 0, count: 0 };
    const period = { ...this.left };
    const changing: Instance[] = [];
    for (const instance of this.members.all.values()) {
      this.look(instance);
      if (credits.spend(instance, instance.minute.used)) changing.push(instance);
      if (!instance.leaving && this.isCounted(instance)) {
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
      for (const instance of this.members.all.values()) instance.used = instance.seconds = 0;
    }
    return { minute: percent(minute), period: ended ? value : undefined, changing };
  }

  /** Whether an instance counts in the group's metric until it leaves: in service, and warmed up. */
  private isCounted({ inServiceAt, seconds }: Instance): boolean {
    return seconds > 0 && inServiceAt + this.model.warmUpSeconds < this.world.now;
  }

  /** Adds the CPU that an instance has used since the last look to its sums. */
  look(instance: Instance): void {
    const integral = instance.throttled ? this.cpu.throttledIntegral : this.cpu.fullIntegral;
    let used = instance.serves ? integral - instance.mark : 0;
    if (instance === this.pinnedOn) {
      used += this.cpu.pinnedIntegral - this.pinnedMark;
      this.pinnedMark = this.cpu.pinnedIntegral;
    }
    const seconds = this.world.now - instance.lookedAt;
    for (const sums of [instance, instance.minute]) {
      sums.used += used;
      sums.seconds += seconds;
    }
    instance.mark = integral;
    instance.lookedAt = this.world.now;
  }

  /** Before an instance starts or stops to take requests, or changes its speed. */
  change(instance: Instance, how: Partial<Pick<Instance, "serves" | "throttled" | "leaving">>): void {
    this.look(instance);
    Object.assign(instance, how);
    instance.mark = instance.throttled ? this.cpu.throttledIntegral : this.cpu.fullIntegral;
  }

  /** What an instance has used until now does not count in the metric: it was not in service, or warmed up. */
  forget(instance: Instance): void {
    this.look(instance);
    instance.used = instance.seconds = 0;
    instance.minute = { used: instance.minute.used, seconds: 0 };
  }

  /** When an instance leaves: what it has used in this period counts. */
  leave(instance: Instance): void {
    this.look(instance);
    if (this.isCounted(instance)) {
      this.left.sum += instance.used / instance.seconds;
      this.left.count++;
    }
  }

  /** Begins or ends the load on one instance. */
  pin(instance: Instance | undefined): void {
    for (const each of this.members.all.values()) this.look(each);
    this.pinnedOn = instance;
    this.pinnedMark = this.cpu.pinnedIntegral;
  }
}
