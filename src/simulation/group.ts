/** The group's instances over time: launched, in service, failing, replaced, terminated. */
import { Cpu, type Serving } from "./cpu";
import { Credits } from "./credits";
import { checked } from "./health-checks";
import { Instances, type Instance, type Launch } from "./instances";
import type { Segment } from "./load";
import type { Model } from "./model";
import { Overload } from "./overload";
import type { Parameters } from "./parameters";
import { Replacements } from "./replacements";
import { Retries } from "./retries";
import type { Service } from "./service";
import { Usage, type GroupCpu } from "./usage";
import { WarmPool } from "./warm-pool";
import { instancesOf, type World } from "./world";

export class Group {
  readonly instances: Instances;
  readonly credits: Credits;
  readonly cpu: Cpu;
  readonly usage: Usage;
  readonly overload: Overload;
  readonly warmPool: WarmPool | undefined;
  readonly replacements: Replacements;
  readonly retries: Retries;
  /** Called when an instance is in service, or terminated. */
  settled: (instance: Instance) => void = () => undefined;
  serving: Serving;
  /** CPU-seconds per second, since the last sample. */
  private peakLoad = 0;
  private segment: Segment = { from: 0, cpu: 0, pinned: 0 };

  constructor(
    private readonly world: World,
    private readonly model: Model,
    service: Service,
    private readonly parameters: Parameters,
    private readonly random: () => number,
  ) {
    this.instances = new Instances(model, random);
    this.credits = new Credits(model.instance, parameters.initialCredits);
    const { vcpus, burst } = model.instance;
    this.cpu = new Cpu(service, { vcpus, baseline: burst?.baseline ?? 1 });
    this.usage = new Usage(world, model, this.instances, this.cpu, parameters);
    this.overload = new Overload(model, parameters);
    this.retries = new Retries(world, parameters, () => this.cpu.refusals * service.cpuSeconds);
    this.replacements = new Replacements(world, model, parameters, this);
    this.warmPool = model.warmPool && new WarmPool(world, model.warmPool, parameters.startupSeconds);
    this.warmPool?.begin(model.desired, model.maxSize);
    for (let count = 0; count < model.desired; count++) {
      const instance = this.instances.launch(0, { warmUpSeconds: 0, added: false });
      instance.inServiceAt = -Infinity;
      instance.healthy = instance.started = true;
      this.credits.begin(instance);
    }
    this.serving = this.route();
  }

  /** To be called when an instance starts or stops to answer, or is found healthy or unhealthy. */
  reroute(): void {
    this.serving = this.route();
  }

  /** The number of instances; one and its successor count as one. */
  get size(): number {
    return this.instances.counted.length;
  }

  advance(seconds: number): void {
    const { vcpus, full, throttled, baseline } = this.serving;
    const { cpu: fresh, pinned } = this.segment;
    const cpu = fresh + this.retries.rate;
    const use = cpu === 0 && pinned === 0 ? 0 : (cpu / vcpus + pinned) / (full + throttled * baseline);
    this.overload.see(this.world.now, this.world.now + seconds, use);
    this.cpu.advance(seconds, { ...this.segment, cpu }, this.serving);
    this.retries.see(seconds, fresh);
    this.peakLoad = Math.max(this.peakLoad, cpu + pinned * vcpus);
  }

  get load(): Segment {
    return this.segment;
  }

  set load(segment: Segment) {
    const pinned = segment.pinned > 0;
    if (pinned !== this.segment.pinned > 0) {
      this.world.say("load", pinned ? "load begins on one instance" : "load ends");
      this.usage.pin(pinned ? this.instances.live[0] : undefined);
      this.reroute();
    }
    this.segment = segment;
  }

  /** Whether no instance is being launched, terminated or unhealthy. */
  get isAtRest(): boolean {
    return [...this.instances.all.values()].every(({ healthy, leaving }) => healthy && !leaving);
  }

  /** Called each minute: the samples of all instances become the group's. */
  sample(): GroupCpu & { readonly peakLoad: number } {
    const { changing, ...cpu } = this.usage.sample(this.credits);
    for (const instance of changing) this.usage.change(instance, { throttled: !instance.throttled });
    if (changing.length > 0) this.reroute();
    const { peakLoad } = this;
    this.peakLoad = 0;
    return { ...cpu, peakLoad };
  }

  /**
   * Where the requests are sent: to the healthy targets; if none is healthy, to all of them.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
   */
  private route(): Serving {
    const registered = this.instances.live.filter(({ inServiceAt }) => inServiceAt <= this.world.now);
    const healthy = registered.filter((instance) => instance.healthy);
    const targets = new Set(healthy.length > 0 ? healthy : registered);
    const counts = { full: 0, throttled: 0, failing: 0 };
    for (const instance of this.instances.all.values()) {
      const serves = targets.has(instance) && instance.started && !instance.broken;
      if (serves !== instance.serves) this.usage.change(instance, { serves });
      if (targets.has(instance)) counts[!serves ? "failing" : instance.throttled ? "throttled" : "full"]++;
    }
    const { vcpus, burst } = this.model.instance;
    return {
      vcpus,
      ...counts,
      baseline: burst?.baseline ?? 1,
      pinnedThrottled: this.usage.pinnedOn?.throttled ?? false,
    };
  }

  launch(how: Launch): Instance {
    const { startupSeconds, warmStartSeconds } = this.parameters;
    const bootSeconds = Math.min(this.parameters.bootSeconds, startupSeconds);
    const instance = this.instances.launch(this.world.now, how, this.overload.at(this.world.now));
    this.credits.begin(instance);
    const warm = this.warmPool?.take() === true;
    const warmStart = this.model.warmPool?.state === "Running" ? 0 : warmStartSeconds;
    const [boot, appStart] = warm ? [warmStart, 0] : [bootSeconds, startupSeconds - bootSeconds];
    this.world.say("instance", `instance ${String(instance.number)} is launched${warm ? " from the warm pool" : ""}`);
    this.world.after(boot, () => this.inService(instance, appStart));
    return instance;
  }

  /** In service without being healthy: the group does not wait for the load balancer. */
  private inService(instance: Instance, appStart: number): void {
    if (instance.leaving) return;
    const { graceSeconds, healthCheck, warmUpSeconds, replacesUnhealthy } = this.model;
    this.usage.forget(instance);
    instance.inServiceAt = this.world.now;
    if (instance.warmUntil === Infinity) instance.warmUntil = this.world.now + instance.warmUpSeconds;
    this.world.after(warmUpSeconds, () => {
      this.usage.forget(instance);
      this.replacements.complete(instance);
    });
    this.world.after(appStart, () => {
      instance.started = true;
      this.reroute();
    });
    this.settled(instance);
    const { healthyAfter, unhealthyAfter } = checked(
      healthCheck,
      appStart,
      this.random() * healthCheck.intervalSeconds,
    );
    const noticedAfter = Math.max(graceSeconds, unhealthyAfter ?? Infinity);
    if (replacesUnhealthy && healthyAfter > noticedAfter) {
      this.world.after(noticedAfter + this.parameters.pollSeconds, () =>
        this.replacements.begin(instance, "is not healthy in time"),
      );
    }
    this.world.after(healthyAfter, () => this.turnHealthy(instance));
    this.reroute();
  }

  private turnHealthy(instance: Instance): void {
    if (instance.leaving || instance.broken) return;
    instance.healthy = true;
    this.reroute();
    if (instance.added) this.overload.answered(this.world.now, instance.overloadedSince);
    const serving = this.serving.full + this.serving.throttled;
    const serve = `${instancesOf(serving)} ${serving === 1 ? "serves" : "serve"}`;
    this.world.say("health", `instance ${String(instance.number)} is healthy, ${serve}`);
  }

  /** Launches or terminates until the group has a size. @returns the instances that are launched or terminated */
  resize(size: number, maxSize: number, warmUpSeconds: number): Instance[] {
    const moved: Instance[] = [];
    while (this.size < size) moved.push(this.launch({ warmUpSeconds, added: true }));
    this.warmPool?.want(size, maxSize);
    while (this.size > size) {
      const instance = this.instances.toTerminate();
      if (instance === undefined) break;
      moved.push(instance);
      // The one whose place it was to take has no other.
      const old = this.replacements.endedBy(instance);
      this.terminate(instance, this.warmPool?.give() === true ? "returns to the warm pool" : "leaves");
      if (old !== undefined) this.terminate(old);
    }
    this.warmPool?.fill();
    return moved;
  }

  /** It leaves the load balancer at once, and is terminated when its requests are answered. */
  terminate(instance: Instance, how = "leaves"): void {
    this.usage.leave(instance);
    instance.leaving = true;
    this.reroute();
    this.world.say("instance", `instance ${String(instance.number)} ${how}`);
    this.world.after(Math.min(this.model.deregistrationSeconds, this.parameters.requestSeconds), () => {
      this.credits.settle(instance);
      this.instances.remove(instance, this.world.now);
      this.settled(instance);
    });
  }
}
