/** The group in the course of time: discrete events, the same for the same seed. */
import { evaluate, EXTRA_PERIODS, type AlarmState } from "./alarm";
import { adjustment, stepFor, trackedCapacity } from "./capacity";
import { Cpu } from "./cpu";
import { Credits } from "./credits";
import { due } from "./cron";
import { Instances, type Instance } from "./instances";
import type { Load, Segment } from "./load";
import { GroupMetric } from "./metric";
import type { Alarm, Model, Policy } from "./model";
import { DEFAULTS, type Parameters } from "./parameters";
import { Queue } from "./queue";
import { randomFrom } from "./random";
import type { Service } from "./service";
import type { Event, EventKind, Sample, Trace } from "./trace";

const MINUTE = 60;
/** A Monday, 00:00 UTC: what schedules go by. */
const BEGINNING = Date.UTC(2026, 0, 5);

/** What somebody wants the capacity to be. */
interface Proposal {
  readonly desired: number;
  readonly policy: Policy;
}

/** @param seed decides what AWS leaves to chance: health check phases, and which instance goes */
export function simulate(
  model: Model,
  load: Load,
  service: Service,
  parameters: Partial<Parameters> = {},
  seed = 1,
): Trace {
  return new Simulation(model, load, service, { ...DEFAULTS, ...parameters }, seed).run();
}

class Simulation {
  private now = 0;
  private minSize: number;
  private maxSize: number;
  private desired: number;
  private readonly random: () => number;
  private readonly instances: Instances;
  private readonly credits: Credits;
  private readonly cpu: Cpu;
  private readonly metric: GroupMetric;
  private readonly queue = new Queue<() => void>();
  private readonly states = new Map<string, AlarmState>();
  private readonly schedules: readonly { readonly isDue: (time: Date) => boolean; readonly act: () => void }[];
  private fullCount = 0;
  private throttledCount = 0;
  private counted = false;
  private segment: Segment = { from: 0, cpu: 0, pinned: 0 };
  private pinnedOn: Instance | undefined;
  private pinnedMark = 0;
  /** Of instances that went in this metric period. */
  private left = { sum: 0, count: 0 };
  private warmPool: number;

  /** The simple policy's activity: until its instances have come or gone, and then until its cooldown is over. */
  private activity: { readonly cooldownSeconds: number; readonly waitsFor: Set<number> } | undefined;
  private cooldownUntil = 0;
  private readonly replacing = new Set<number>();
  private removedAt = -Infinity;

  private readonly events: Event[] = [];
  private readonly samples: Sample[] = [];
  private readonly actions: { at: number; from: number; to: number; by: string }[] = [];
  private firstAddedHealthyAt: number | undefined;
  private zoneSpread = 0;

  constructor(
    private readonly model: Model,
    private readonly load: Load,
    private readonly service: Service,
    private readonly parameters: Parameters,
    seed: number,
  ) {
    this.random = randomFrom(seed);
    this.instances = new Instances(model, this.random);
    this.credits = new Credits(model.instance, parameters.initialCredits);
    this.cpu = new Cpu(service);
    this.metric = new GroupMetric({
      resolutionSeconds: model.instance.detailed ? 60 : 300,
      delaySeconds: parameters.publicationDelaySeconds,
      partial: parameters.partialDatapoints,
    });
    ({ minSize: this.minSize, maxSize: this.maxSize, desired: this.desired, warmPool: this.warmPool } = model);
    this.schedules = model.schedules.map((schedule) => ({
      isDue: due(schedule.recurrence, schedule.timeZone),
      act: () => {
        this.minSize = schedule.minSize ?? this.minSize;
        this.maxSize = schedule.maxSize ?? this.maxSize;
        this.resize(this.clamp(schedule.desired ?? this.desired), schedule.name, 0);
      },
    }));
    for (const alarm of model.alarms) this.states.set(alarm.name, "INSUFFICIENT_DATA");
    for (let count = 0; count < this.desired; count++) {
      const instance = this.instances.launch(0, 0);
      instance.inServiceAt = -Infinity;
      instance.healthy = true;
      this.credits.begin(instance);
    }
    this.remember();
    for (const at of parameters.failures) this.queue.add(at, () => this.fail());
  }

  run(): Trace {
    const { segments, seconds } = this.load;
    let index = 0;
    let tick = MINUTE;
    while (this.now < seconds) {
      const change = segments[index]?.from ?? Infinity;
      this.advance(Math.min(this.queue.next, change, tick, seconds));
      while (this.queue.next <= this.now) this.queue.take()?.();
      const segment = segments[index];
      if (segment !== undefined && change <= this.now) {
        this.changeLoad(segment);
        index++;
      }
      if (tick <= this.now) {
        this.minute();
        tick += MINUTE;
      }
    }
    const { model, load, events, samples, actions, firstAddedHealthyAt, zoneSpread, cpu } = this;
    const instanceHours = this.instances.hours(this.now);
    for (const instance of this.instances.all.values()) this.credits.settle(instance);
    return {
      model,
      load,
      events,
      samples,
      actions,
      firstAddedHealthyAt,
      zoneSpread,
      instanceHours,
      surplusVcpuHours: this.credits.surplusVcpuHours,
      asked: cpu.asked,
      lost: cpu.lost,
      slowSeconds: cpu.slowSeconds,
      worstLatencySeconds: cpu.worstSeconds,
    };
  }

  /** Before the beginning it was as at the beginning: without a past, alarms would go by too few values. */
  private remember(): void {
    const first = this.load.segments[0];
    if (first === undefined || this.desired === 0) return;
    const { vcpus, detailed } = this.model.instance;
    const percent = 100 * Math.min(1, first.cpu / (vcpus * this.desired) + first.pinned / this.desired);
    const resolution = detailed ? 60 : 300;
    for (let period = -48; period < 0; period++) this.metric.record((period + 1) * resolution, percent);
  }

  private advance(to: number): void {
    if (to > this.now) this.cpu.advance(to - this.now, this.segment, this.serving);
    this.now = to;
  }

  private get serving() {
    if (!this.counted) {
      this.fullCount = this.throttledCount = 0;
      for (const { healthy, leaving, throttled } of this.instances.all.values()) {
        if (!healthy || leaving) continue;
        if (throttled) this.throttledCount++;
        else this.fullCount++;
      }
      this.counted = true;
    }
    const { vcpus, burst } = this.model.instance;
    const pinnedThrottled = this.pinnedOn?.throttled ?? false;
    return {
      vcpus,
      full: this.fullCount,
      throttled: this.throttledCount,
      baseline: burst?.baseline ?? 1,
      pinnedThrottled,
    };
  }

  private changeLoad(segment: Segment): void {
    const pinned = segment.pinned > 0;
    if (pinned !== this.segment.pinned > 0) {
      this.say("load", pinned ? "load begins on one instance" : "load ends");
      this.look();
      this.pinnedOn = pinned ? this.instances.live[0] : undefined;
      this.pinnedMark = this.cpu.pinnedIntegral;
    }
    this.segment = segment;
  }

  /** The CPU that an instance has used since it was last looked at, into its account of the period. */
  private lookAt(instance: Instance): number {
    const integral = instance.throttled ? this.cpu.throttledIntegral : this.cpu.fullIntegral;
    let used = instance.healthy ? integral - instance.mark : 0;
    if (instance === this.pinnedOn) {
      used += this.cpu.pinnedIntegral - this.pinnedMark;
      this.pinnedMark = this.cpu.pinnedIntegral;
    }
    instance.mark = integral;
    instance.used += used;
    instance.seconds += this.now - instance.lookedAt;
    instance.lookedAt = this.now;
    return used;
  }

  private look(): void {
    for (const instance of this.instances.all.values()) this.lookAt(instance);
  }

  /** Before an instance starts or stops to take requests, or changes its speed. */
  private change(instance: Instance, how: Partial<Pick<Instance, "healthy" | "leaving" | "throttled">>): void {
    this.lookAt(instance);
    Object.assign(instance, how);
    instance.mark = instance.throttled ? this.cpu.throttledIntegral : this.cpu.fullIntegral;
    this.counted = false;
  }

  /** Once a minute: a sample of each instance, then the alarms, then what they ask for. */
  private minute(): void {
    const begins = (instance: Instance) => instance.inServiceAt + this.model.warmUpSeconds;
    let { sum, count } = this.left;
    for (const instance of this.instances.all.values()) {
      const used = this.lookAt(instance);
      if (this.credits.spend(instance, used)) this.change(instance, { throttled: !instance.throttled });
      if (instance.leaving || begins(instance) >= this.now || instance.seconds === 0) continue;
      sum += instance.used / instance.seconds;
      count++;
    }
    const cpu = count === 0 ? undefined : (100 * sum) / count;
    if (cpu !== undefined) this.metric.record(this.now, cpu);
    if (this.metric.periodOf(this.now + 1) !== this.metric.periodOf(this.now)) {
      this.left = { sum: 0, count: 0 };
      for (const instance of this.instances.all.values()) instance.used = instance.seconds = 0;
    }
    this.watch();
    const date = new Date(BEGINNING + 1000 * this.now);
    for (const { isDue, act } of this.schedules) if (isDue(date)) act();
    this.sample(cpu);
  }

  private sample(cpu: number | undefined): void {
    const { vcpus, full, throttled, baseline } = this.serving;
    this.samples.push({
      at: this.now,
      load: this.segment.cpu + this.segment.pinned * vcpus,
      capacity: vcpus * (full + throttled * baseline),
      cpu,
      desired: this.desired,
      healthy: full + throttled,
    });
    if (this.quiet) {
      const perZone = this.instances.perZone();
      this.zoneSpread = Math.max(this.zoneSpread, Math.max(...perZone) - Math.min(...perZone));
    }
  }

  private get quiet(): boolean {
    return [...this.instances.all.values()].every(({ healthy, leaving }) => healthy && !leaving);
  }

  private watch(): void {
    const proposals: Proposal[] = [];
    let longest = 0;
    for (const alarm of this.model.alarms) {
      const { name, periodSeconds, evaluationPeriods } = alarm;
      const points = this.metric.window(this.now, periodSeconds, evaluationPeriods + EXTRA_PERIODS);
      longest = Math.max(longest, (evaluationPeriods + EXTRA_PERIODS) * periodSeconds);
      const before = this.states.get(name) ?? "INSUFFICIENT_DATA";
      const state = evaluate(points, alarm, before);
      this.states.set(name, state);
      if (state !== before) this.say("alarm", `${name} ${state}`);
      // Other actions are taken once; a scaling action every minute for as long as the alarm lasts.
      if (state === "ALARM")
        proposals.push(...this.proposalsOf(alarm, points.find((value) => value !== undefined) ?? 0));
    }
    this.metric.forget(this.now - longest - 3600);
    this.decide(proposals);
  }

  private proposalsOf(alarm: Alarm, percent: number): Proposal[] {
    return this.model.policies
      .filter(({ name }) => alarm.policies.includes(name))
      .flatMap((policy) => {
        const desired = this.wantedBy(policy, alarm, percent);
        return desired === undefined || this.clamp(desired) === this.desired
          ? []
          : [{ policy, desired: this.clamp(desired) }];
      });
  }

  /** The capacity that a policy asks for; undefined while it may not act. */
  private wantedBy(policy: Policy, alarm: Alarm, percent: number): number | undefined {
    const out = alarm.comparison.startsWith(">");
    if (policy.kind === "simple") {
      // What comes meanwhile is dropped; the alarm asks again in a minute.
      if (this.activity !== undefined || this.replacing.size > 0 || this.now < this.cooldownUntil) return undefined;
      return this.desired + adjustment(policy.adjustmentType, policy.adjustment, this.desired, policy.minimumMagnitude);
    }
    const live = this.instances.live;
    const warming = live.filter(({ warmUntil }) => warmUntil > this.now).length;
    // Nothing is removed while something warms up, nor again before the last removal shows in the metric.
    if (!out && (warming > 0 || this.now < this.removedAt + this.parameters.scaleInPauseSeconds)) return undefined;
    // What warms up counts as added already, so that one rush is answered once.
    const warm = live.length - warming;
    let wanted: number;
    if (policy.kind === "targetTracking") {
      wanted = trackedCapacity(warm, percent, policy.targetPercent);
    } else {
      const step = stepFor(policy.steps, percent - alarm.threshold);
      if (step === undefined) return undefined;
      wanted = warm + adjustment(policy.adjustmentType, step.adjustment, warm, policy.minimumMagnitude);
    }
    return out ? Math.max(this.desired, wanted) : Math.min(this.desired, wanted);
  }

  /** Of several, the one that gives the largest capacity; target tracking removes only where all of it agree. */
  private decide(proposals: readonly Proposal[]): void {
    const tracking = this.model.policies.filter(({ kind }) => kind === "targetTracking").length;
    const agreed = proposals.filter(({ policy }) => policy.kind === "targetTracking").length;
    const chosen = proposals
      .filter(
        ({ policy, desired }) => policy.kind !== "targetTracking" || desired > this.desired || agreed === tracking,
      )
      .reduce<Proposal | undefined>((best, each) => (best && best.desired >= each.desired ? best : each), undefined);
    if (chosen === undefined) return;
    const { policy, desired } = chosen;
    const moved = this.resize(desired, policy.name, policy.kind === "simple" ? 0 : policy.warmUpSeconds);
    if (policy.kind === "simple" && moved.length > 0) {
      this.activity = { cooldownSeconds: policy.cooldownSeconds, waitsFor: new Set(moved) };
    }
  }

  /** @returns the numbers of the instances that come or go */
  private resize(desired: number, by: string, warmUpSeconds: number): number[] {
    if (desired === this.desired) return [];
    const [from, count] = [this.desired, Math.abs(desired - this.desired)];
    this.actions.push({ at: this.now, from, to: desired, by });
    this.say(
      "scale",
      `${by}: ${desired > from ? "add" : "remove"} ${instancesOf(count)}, ${String(from)} → ${String(desired)}`,
    );
    this.desired = desired;
    if (desired < from) this.removedAt = this.now;
    return Array.from({ length: count }, () => {
      if (desired > from) return this.launch(warmUpSeconds).number;
      const instance = this.instances.toTerminate();
      if (instance) this.terminate(instance);
      return instance?.number ?? 0;
    });
  }

  private launch(warmUpSeconds: number): Instance {
    const { bootSeconds, appStartSeconds, warmStartSeconds } = this.parameters;
    const instance = this.instances.launch(this.now, warmUpSeconds);
    this.credits.begin(instance);
    const warm = this.warmPool > 0;
    const [boot, appStart] = warm ? [warmStartSeconds, 0] : [bootSeconds, appStartSeconds];
    if (warm) {
      this.warmPool--;
      this.queue.add(this.now + bootSeconds + appStartSeconds, () => this.warmPool++);
    }
    this.say("instance", `instance ${String(instance.number)} is launched${warm ? " from the warm pool" : ""}`);
    this.queue.add(this.now + boot, () => this.inService(instance, appStart));
    return instance;
  }

  /** In service without being healthy: the group does not wait for the load balancer. */
  private inService(instance: Instance, appStart: number): void {
    if (instance.leaving) return;
    this.lookAt(instance);
    instance.inServiceAt = this.now;
    instance.used = instance.seconds = 0;
    if (instance.warmUntil === Infinity) instance.warmUntil = this.now + instance.warmUpSeconds;
    this.ended(instance);
    // One passed check makes a new target healthy.
    const check = this.random() * this.model.healthCheck.intervalSeconds;
    const healthyAt = this.now + appStart + check;
    const { graceSeconds, healthCheck } = this.model;
    const failedAt = this.now + Math.max(graceSeconds, healthCheck.unhealthyThreshold * healthCheck.intervalSeconds);
    if (healthyAt > failedAt) {
      this.queue.add(failedAt + this.parameters.pollSeconds, () => this.replace(instance, "is not healthy in time"));
    } else {
      this.queue.add(healthyAt, () => this.turnHealthy(instance));
    }
  }

  private turnHealthy(instance: Instance): void {
    if (instance.leaving) return;
    this.change(instance, { healthy: true });
    this.replacing.delete(instance.number);
    if (instance.launchedAt > 0) this.firstAddedHealthyAt ??= this.now;
    this.say(
      "health",
      `instance ${String(instance.number)} is healthy, ${instancesOf(this.serving.full + this.serving.throttled)} serve`,
    );
  }

  /** Leaves the load balancer at once, and goes when it has answered. */
  private terminate(instance: Instance): void {
    this.change(instance, { leaving: true });
    if (instance.seconds > 0 && instance.inServiceAt + this.model.warmUpSeconds < this.now) {
      this.left.sum += instance.used / instance.seconds;
      this.left.count++;
    }
    if (instance === this.pinnedOn) this.pinnedOn = undefined;
    this.say("instance", `instance ${String(instance.number)} leaves`);
    const draining = Math.min(this.model.deregistrationSeconds, this.parameters.requestSeconds);
    this.queue.add(this.now + draining, () => {
      this.credits.settle(instance);
      this.instances.remove(instance, this.now);
      this.ended(instance);
    });
  }

  /** A cooldown begins when the last instance of an activity has come or gone. */
  private ended({ number }: Instance): void {
    this.activity?.waitsFor.delete(number);
    if (this.activity?.waitsFor.size !== 0) return;
    this.cooldownUntil = this.now + this.activity.cooldownSeconds;
    this.activity = undefined;
  }

  private fail(): void {
    const instance = this.instances.live.find(({ healthy }) => healthy);
    if (instance === undefined) return;
    this.say("health", `instance ${String(instance.number)} breaks`);
    const { unhealthyThreshold, intervalSeconds } = this.model.healthCheck;
    this.queue.add(this.now + unhealthyThreshold * intervalSeconds, () => {
      if (instance.leaving) return;
      this.change(instance, { healthy: false });
      this.say("health", `instance ${String(instance.number)} is unhealthy`);
      this.queue.add(this.now + this.parameters.pollSeconds, () => this.replace(instance, "is unhealthy"));
    });
  }

  /** No cooldown, and where the group asks for it the new one first. */
  private replace(instance: Instance, why: string): void {
    if (instance.leaving || instance.healthy) return;
    this.say("health", `instance ${String(instance.number)} ${why} and is replaced`);
    const successor = this.launch(0);
    this.replacing.add(successor.number);
    const { bootSeconds, appStartSeconds } = this.parameters;
    const wait = this.model.launchFirst ? bootSeconds + appStartSeconds + this.model.healthCheck.intervalSeconds : 0;
    this.queue.add(this.now + wait, () => {
      this.replacing.delete(successor.number);
      if (!instance.leaving) this.terminate(instance);
    });
  }

  private clamp(desired: number): number {
    return Math.min(this.maxSize, Math.max(this.minSize, desired));
  }

  private say(kind: EventKind, text: string): void {
    this.events.push({ at: this.now, kind, text });
  }
}

const instancesOf = (count: number) => (count === 1 ? "1 instance" : `${String(count)} instances`);
