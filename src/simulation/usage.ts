/** The CPU of each instance, minute by minute, and what CloudWatch makes of it. */
import type { Cpu } from "./cpu";
import type { Credits } from "./credits";
import { GroupCpu, type GroupUse } from "../aws/auto-scaling/group-cpu";
import type { GroupMetric } from "../aws/metric";
import type { Members } from "../aws/auto-scaling/members";
import type { Instance } from "./instance";
import type { Segment } from "./load";
import type { Model } from "./model";
import type { Parameters } from "./parameters";
import type { World } from "../aws/auto-scaling/world";

export class Usage {
  private readonly group: GroupCpu<Instance>;
  pinnedOn: Instance | undefined;
  private pinnedMark = 0;
  private readonly resolutionSeconds: number;

  constructor(
    private readonly world: World,
    private readonly model: Model,
    private readonly members: Members<Instance>,
    private readonly cpu: Cpu,
    parameters: Parameters,
  ) {
    this.resolutionSeconds = model.instance.detailed ? 60 : 300;
    this.group = new GroupCpu(
      {
        resolutionSeconds: this.resolutionSeconds,
        delaySeconds: parameters.publicationDelaySeconds,
        partial: parameters.partialDatapoints,
      },
      model.warmUpSeconds,
    );
  }

  get metric(): GroupMetric {
    return this.group.metric;
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
  sample(credits: Credits): GroupUse & { readonly changing: readonly Instance[] } {
    const all = [...this.members.all.values()];
    for (const instance of all) this.look(instance);
    const changing = all.filter((instance) => credits.spend(instance, instance.minute.used));
    return { ...this.group.sample(this.world.now, all), changing };
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
    this.group.add(instance, used, seconds);
    instance.mark = integral;
    instance.lookedAt = this.world.now;
  }

  /** Before an instance starts or stops to take requests, or changes its speed. */
  change(instance: Instance, how: Partial<Pick<Instance, "serves" | "throttled" | "leaving">>): void {
    this.look(instance);
    Object.assign(instance, how);
    instance.mark = instance.throttled ? this.cpu.throttledIntegral : this.cpu.fullIntegral;
  }

  /** What an instance has used until now does not count in the metric. */
  forget(instance: Instance): void {
    this.look(instance);
    this.group.forget(instance);
  }

  /** When an instance leaves: what it has used in this period counts. */
  leave(instance: Instance): void {
    this.look(instance);
    this.group.leave(instance, this.world.now);
  }

  /** Begins or ends the load on one instance. */
  pin(instance: Instance | undefined): void {
    for (const each of this.members.all.values()) this.look(each);
    this.pinnedOn = instance;
    this.pinnedMark = this.cpu.pinnedIntegral;
  }
}
