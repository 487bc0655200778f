/** The group's instances over time: launched, in service, failing, terminated; and the CPU that they use. */
import { Cpu } from "./cpu";
import { Credits } from "./credits";
import { Instances, type Instance } from "./instances";
import type { Segment } from "./load";
import { GroupMetric } from "../aws/metric";
import type { Model } from "./model";
import type { Parameters } from "./parameters";
import type { Service } from "./service";
import { instancesOf, type World } from "./world";

export class Group {
  readonly instances: Instances;
  readonly credits: Credits;
  readonly cpu: Cpu;
  readonly metric: GroupMetric;
  /** Replacements of unhealthy instances, until they serve. */
  readonly replacing = new Set<number>();
  firstAddedHealthyAt: number | undefined;
  /** Called when an instance is in service, or terminated. */
  settled: (instance: Instance) => void = () => undefined;

  private readonly counts = { full: 0, throttled: 0, known: false };
  private segment: Segment = { from: 0, cpu: 0, pinned: 0 };
  private pinnedOn: Instance | undefined;
  private pinnedMark = 0;
  /** Samples of instances that were terminated in this metric period. */
  private left = { sum: 0, count: 0 };
  private warmPool: number;

  constructor(
    private readonly world: World,
    private readonly model: Model,
    service: Service,
    private readonly parameters: Parameters,
    private readonly random: () => number,
  ) {
    this.instances = new Instances(model, random);
    this.credits = new Credits(model.instance, parameters.initialCredits);
    this.cpu = new Cpu(service);
    this.metric = new GroupMetric({
      resolutionSeconds: model.instance.detailed ? 60 : 300,
      delaySeconds: parameters.publicationDelaySeconds,
      partial: parameters.partialDatapoints,
    });
    this.warmPool = model.warmPool;
    for (let count = 0; count < model.desired; count++) {
      const instance = this.instances.launch(0, 0);
      instance.inServiceAt = -Infinity;
      instance.healthy = true;
      this.credits.begin(instance);
    }
  }

  /** The metric before the beginning is that of the beginning: without a past, alarms would have too few values. */
  remember(first: Segment): void {
    const { vcpus, detailed } = this.model.instance;
    const size = this.instances.all.size;
    if (size === 0) return;
    const percent = 100 * Math.min(1, first.cpu / (vcpus * size) + first.pinned / size);
    const resolution = detailed ? 60 : 300;
    for (let period = -48; period < 0; period++) this.metric.record((period + 1) * resolution, percent);
  }

  advance(seconds: number): void {
    this.cpu.advance(seconds, this.segment, this.serving);
  }

  get load(): Segment {
    return this.segment;
  }

  set load(segment: Segment) {
    const pinned = segment.pinned > 0;
    if (pinned !== this.segment.pinned > 0) {
      this.world.say("load", pinned ? "load begins on one instance" : "load ends");
      for (const instance of this.instances.all.values()) this.lookAt(instance);
      this.pinnedOn = pinned ? this.instances.live[0] : undefined;
      this.pinnedMark = this.cpu.pinnedIntegral;
    }
    this.segment = segment;
  }

  get serving() {
    const { vcpus, burst } = this.model.instance;
    if (!this.counts.known) {
      this.counts.full = this.counts.throttled = 0;
      for (const { healthy, leaving, throttled } of this.instances.all.values()) {
        if (healthy && !leaving) this.counts[throttled ? "throttled" : "full"]++;
      }
      this.counts.known = true;
    }
    const { full, throttled } = this.counts;
    return {
      vcpus,
      full,
      throttled,
      baseline: burst?.baseline ?? 1,
      pinnedThrottled: this.pinnedOn?.throttled ?? false,
    };
  }

  /** Whether no instance is being launched, terminated or unhealthy. */
  get isAtRest(): boolean {
    return [...this.instances.all.values()].every(({ healthy, leaving }) => healthy && !leaving);
  }

  /** Called each minute: the samples of all instances become the group's. @returns the mean in percent; undefined without instances */
  sample(): number | undefined {
    let { sum, count } = this.left;
    for (const instance of this.instances.all.values()) {
      const used = this.lookAt(instance);
      if (this.credits.spend(instance, used)) this.change(instance, { throttled: !instance.throttled });
      if (!this.isCounted(instance)) continue;
      sum += instance.used / instance.seconds;
      count++;
    }
    const percent = count === 0 ? undefined : (100 * sum) / count;
    const { now } = this.world;
    if (percent !== undefined) this.metric.record(now, percent);
    if (this.metric.periodOf(now + 1) !== this.metric.periodOf(now)) {
      this.left = { sum: 0, count: 0 };
      for (const instance of this.instances.all.values()) instance.used = instance.seconds = 0;
    }
    return percent;
  }

  /** Whether an instance counts in the group's metric: in service, warmed up, and not being terminated. */
  private isCounted({ leaving, inServiceAt, seconds }: Instance): boolean {
    return !leaving && seconds > 0 && inServiceAt + this.model.warmUpSeconds < this.world.now;
  }

  /** Adds the CPU that an instance has used since the last call to its sum of the period. */
  private lookAt(instance: Instance): number {
    const integral = instance.throttled ? this.cpu.throttledIntegral : this.cpu.fullIntegral;
    let used = instance.healthy ? integral - instance.mark : 0;
    if (instance === this.pinnedOn) {
      used += this.cpu.pinnedIntegral - this.pinnedMark;
      this.pinnedMark = this.cpu.pinnedIntegral;
    }
    instance.mark = integral;
    instance.used += used;
    instance.seconds += this.world.now - instance.lookedAt;
    instance.lookedAt = this.world.now;
    return used;
  }

  /** Before an instance starts or stops to take requests, or changes its speed. */
  private change(instance: Instance, how: Partial<Pick<Instance, "healthy" | "leaving" | "throttled">>): void {
    this.lookAt(instance);
    Object.assign(instance, how);
    instance.mark = instance.throttled ? this.cpu.throttledIntegral : this.cpu.fullIntegral;
    this.counts.known = false;
  }

  launch(warmUpSeconds: number): Instance {
    const { bootSeconds, appStartSeconds, warmStartSeconds } = this.parameters;
    const instance = this.instances.launch(this.world.now, warmUpSeconds);
    this.credits.begin(instance);
    const warm = this.warmPool > 0;
    const [boot, appStart] = warm ? [warmStartSeconds, 0] : [bootSeconds, appStartSeconds];
    if (warm) {
      this.warmPool--;
      this.world.after(bootSeconds + appStartSeconds, () => this.warmPool++);
    }
    this.world.say("instance", `instance ${String(instance.number)} is launched${warm ? " from the warm pool" : ""}`);
    this.world.after(boot, () => this.inService(instance, appStart));
    return instance;
  }

  /** In service without being healthy: the group does not wait for the load balancer. */
  private inService(instance: Instance, appStart: number): void {
    if (instance.leaving) return;
    this.lookAt(instance);
    instance.inServiceAt = this.world.now;
    instance.used = instance.seconds = 0;
    if (instance.warmUntil === Infinity) instance.warmUntil = this.world.now + instance.warmUpSeconds;
    this.settled(instance);
    const { graceSeconds, healthCheck } = this.model;
    // One passed check makes a new target healthy.
    const healthyAfter = appStart + this.random() * healthCheck.intervalSeconds;
    const failedAfter = Math.max(graceSeconds, healthCheck.unhealthyThreshold * healthCheck.intervalSeconds);
    if (healthyAfter > failedAfter) {
      this.world.after(failedAfter + this.parameters.pollSeconds, () =>
        this.replace(instance, "is not healthy in time"),
      );
    } else {
      this.world.after(healthyAfter, () => this.turnHealthy(instance));
    }
  }

  private turnHealthy(instance: Instance): void {
    if (instance.leaving) return;
    this.change(instance, { healthy: true });
    this.replacing.delete(instance.number);
    if (instance.launchedAt > 0) this.firstAddedHealthyAt ??= this.world.now;
    const { full, throttled } = this.serving;
    this.world.say("health", `instance ${String(instance.number)} is healthy, ${instancesOf(full + throttled)} serve`);
  }

  /** It leaves the load balancer at once, and is terminated when its requests are answered. */
  terminate(instance: Instance): void {
    this.lookAt(instance);
    if (this.isCounted(instance)) {
      this.left.sum += instance.used / instance.seconds;
      this.left.count++;
    }
    this.change(instance, { leaving: true });
    if (instance === this.pinnedOn) this.pinnedOn = undefined;
    this.world.say("instance", `instance ${String(instance.number)} leaves`);
    this.world.after(Math.min(this.model.deregistrationSeconds, this.parameters.requestSeconds), () => {
      this.credits.settle(instance);
      this.instances.remove(instance, this.world.now);
      this.settled(instance);
    });
  }

  /** An instance fails: it fails its checks until it is unhealthy, and the group replaces it at its next look. */
  fail(): void {
    const instance = this.instances.live.find(({ healthy }) => healthy);
    if (instance === undefined) return;
    this.world.say("health", `instance ${String(instance.number)} fails`);
    const { unhealthyThreshold, intervalSeconds } = this.model.healthCheck;
    this.world.after(unhealthyThreshold * intervalSeconds, () => {
      if (instance.leaving) return;
      this.change(instance, { healthy: false });
      this.world.say("health", `instance ${String(instance.number)} is unhealthy`);
      this.world.after(this.parameters.pollSeconds, () => this.replace(instance, "is unhealthy"));
    });
  }

  /** Without a cooldown; where the group's settings say so, the new instance is launched first. */
  private replace(instance: Instance, why: string): void {
    if (instance.leaving || instance.healthy) return;
    this.world.say("health", `instance ${String(instance.number)} ${why} and is replaced`);
    const successor = this.launch(0);
    this.replacing.add(successor.number);
    const { bootSeconds, appStartSeconds } = this.parameters;
    const wait = this.model.launchFirst ? bootSeconds + appStartSeconds + this.model.healthCheck.intervalSeconds : 0;
    this.world.after(wait, () => {
      this.replacing.delete(successor.number);
      if (!instance.leaving) this.terminate(instance);
    });
  }
}
