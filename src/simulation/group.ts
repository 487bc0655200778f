/** The simulated servers of a group: when they boot, start to answer, pass their checks and are gone. */
import { AutoScalingGroup, type Body } from "../aws/auto-scaling/group";
import { Members } from "../aws/auto-scaling/members";
import { Cpu, type Serving } from "./cpu";
import { Credits } from "./credits";
import { checked } from "./health-checks";
import { instanceFrom, type Instance } from "./instance";
import type { Segment } from "./load";
import type { Model } from "./model";
import { Overload } from "./overload";
import type { Parameters } from "./parameters";
import { Retries } from "./retries";
import type { Service } from "./service";
import { Usage, type GroupCpu } from "./usage";
import { WarmPool } from "./warm-pool";
import type { World } from "./world";

export class Group implements Body<Instance> {
  readonly members: Members<Instance>;
  readonly scaling: AutoScalingGroup<Instance>;
  readonly credits: Credits;
  readonly cpu: Cpu;
  readonly usage: Usage;
  readonly overload: Overload;
  readonly warmPool: WarmPool | undefined;
  readonly retries: Retries;
  serving: Serving;
  /** CPU-seconds per second, since the last sample. */
  private peakLoad = 0;
  private segment: Segment = { from: 0, cpu: 0, pinned: 0 };
  /** Of instances that are terminated. */
  private billedSeconds = 0;

  constructor(
    private readonly world: World,
    private readonly model: Model,
    service: Service,
    private readonly parameters: Parameters,
    private readonly random: () => number,
  ) {
    this.overload = new Overload(model, parameters);
    this.members = new Members(model.zones, (member) => instanceFrom(member, this.overload.at(world.now)), random);
    this.credits = new Credits(model.instance, parameters.initialCredits);
    const { vcpus, burst } = model.instance;
    this.cpu = new Cpu(service, { vcpus, baseline: burst?.baseline ?? 1 });
    this.usage = new Usage(world, model, this.members, this.cpu, parameters);
    this.retries = new Retries(world, parameters, () => this.cpu.refusals * service.cpuSeconds);
    this.scaling = new AutoScalingGroup(world, { ...model, pollSeconds: parameters.pollSeconds }, this.members, this);
    this.warmPool = model.warmPool && new WarmPool(world, model.warmPool, parameters.startupSeconds);
    this.warmPool?.begin(model.desired, model.maxSize);
    for (let count = 0; count < model.desired; count++) {
      const instance = this.members.launch(0, { warmUpSeconds: 0, added: false });
      instance.inServiceAt = -Infinity;
      instance.healthy = instance.started = true;
      this.credits.begin(instance);
    }
    this.serving = this.served();
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
      this.usage.pin(pinned ? this.members.live[0] : undefined);
      this.route();
    }
    this.segment = segment;
  }

  /** Instance hours that are billed until now. */
  get hours(): number {
    const { now } = this.world;
    const running = [...this.members.all.values()].reduce((sum, { launchedAt }) => sum + now - launchedAt, 0);
    return (this.billedSeconds + running) / 3600;
  }

  /** Called each minute: the samples of all instances become the group's. */
  sample(): GroupCpu & { readonly peakLoad: number } {
    const { changing, ...cpu } = this.usage.sample(this.credits);
    for (const instance of changing) this.usage.change(instance, { throttled: !instance.throttled });
    if (changing.length > 0) this.route();
    const { peakLoad } = this;
    this.peakLoad = 0;
    return { ...cpu, peakLoad };
  }

  route(): number {
    this.serving = this.served();
    return this.serving.full + this.serving.throttled;
  }

  /**
   * Where the requests are sent: to the healthy targets; if none is healthy, to all of them.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
   */
  private served(): Serving {
    const registered = this.members.live.filter(({ inServiceAt }) => inServiceAt <= this.world.now);
    const healthy = registered.filter((instance) => instance.healthy);
    const targets = new Set(healthy.length > 0 ? healthy : registered);
    const counts = { full: 0, throttled: 0, failing: 0 };
    for (const instance of this.members.all.values()) {
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

  launch(instance: Instance): string {
    const { startupSeconds, warmStartSeconds } = this.parameters;
    const bootSeconds = Math.min(this.parameters.bootSeconds, startupSeconds);
    this.credits.begin(instance);
    const warm = this.warmPool?.take() === true;
    const warmStart = this.model.warmPool?.state === "Running" ? 0 : warmStartSeconds;
    const [boot, appStart] = warm ? [warmStart, 0] : [bootSeconds, startupSeconds - bootSeconds];
    instance.appStartSeconds = appStart;
    this.world.after(boot, () => this.scaling.inService(instance));
    return warm ? " from the warm pool" : "";
  }

  inService(instance: Instance): void {
    const { healthCheck } = this.model;
    const { appStartSeconds } = instance;
    this.usage.forget(instance);
    this.world.after(appStartSeconds, () => {
      instance.started = true;
      this.route();
    });
    const { healthyAfter, unhealthyAfter } = checked(
      healthCheck,
      appStartSeconds,
      this.random() * healthCheck.intervalSeconds,
    );
    if (unhealthyAfter !== undefined)
      this.world.after(unhealthyAfter, () => this.scaling.foundUnhealthy(instance, "is not healthy in time"));
    this.world.after(healthyAfter, () => this.turnHealthy(instance));
    this.route();
  }

  warmedUp(instance: Instance): void {
    this.usage.forget(instance);
  }

  private turnHealthy(instance: Instance): void {
    if (instance.leaving || instance.broken) return;
    if (instance.added) this.overload.answered(this.world.now, instance.overloadedSince);
    this.scaling.foundHealthy(instance);
  }

  terminate(instance: Instance): void {
    this.usage.leave(instance);
    this.world.after(Math.min(this.model.deregistrationSeconds, this.parameters.requestSeconds), () => {
      this.credits.settle(instance);
      this.billedSeconds += this.world.now - instance.launchedAt;
      this.scaling.gone(instance);
    });
  }
}
