/**
 * An Auto Scaling group: when instances are launched, in service, replaced and terminated. The simulation and the local servers
 * have this one, each with a body of its own.
 */
import { Members, type Launch, type Member } from "./members";
import { Replacements } from "./replacements";
import { instancesOf, type World } from "./world";

export interface GroupSettings {
  /** Their number. */
  readonly zones: number;
  readonly graceSeconds: number;
  /** Whether new instances are launched before old ones are terminated: an instance maintenance policy of at least 100 %. */
  readonly launchFirst: boolean;
  /** Whether an instance is replaced that the load balancer finds unhealthy. */
  readonly replacesUnhealthy: boolean;
  /** Whether instances are moved when the zones differ by more than one. */
  readonly rebalances: boolean;
  /** Time in which a new instance's CPU does not count in the group's. */
  readonly warmUpSeconds: number;
  /** From when a target is unhealthy until the group notices. */
  readonly pollSeconds: number;
}

/** What the instances of a group are. */
export interface Body<I extends Member> {
  /** Launches a server, and calls the group's `inService` when it runs. @returns what is special about it, for the record */
  launch(instance: I): string;
  /** The server is in service: the load balancer begins to check it, and calls `foundHealthy` and `foundUnhealthy`. */
  inService(instance: I): void;
  /** Its warm-up in the group's metric is over. */
  warmedUp(instance: I): void;
  /** To be called when an instance is found healthy or unhealthy, or leaves. @returns how many serve then */
  route(): number;
  /** Takes a server out of the load balancer, terminates it when its requests are answered, and calls the group's `gone`. */
  terminate(instance: I): void;
  readonly warmPool?:
    | {
        /** @returns whether an instance that leaves the group returns to the pool */
        give(): boolean;
        /** Terminates what waits in vain. */
        want(desired: number, maxSize: number): void;
        /** Launches what is missing. */
        fill(): void;
      }
    | undefined;
}

export class AutoScalingGroup<I extends Member> {
  readonly replacements: Replacements<I>;
  /** Called when an instance is in service, or terminated. */
  settled: (instance: I) => void = () => undefined;

  constructor(
    private readonly world: World,
    public settings: GroupSettings,
    readonly members: Members<I>,
    private readonly body: Body<I>,
  ) {
    this.replacements = new Replacements(world, this);
  }

  /** The number of instances; one and its successor count as one. */
  get size(): number {
    return this.members.counted.length;
  }

  /** Whether no instance is being launched, terminated or unhealthy. */
  get isAtRest(): boolean {
    return [...this.members.all.values()].every(({ healthy, leaving }) => healthy && !leaving);
  }

  launch(how: Launch<I>): I {
    const instance = this.members.launch(this.world.now, how);
    this.world.say("instance", `instance ${String(instance.number)} is launched${this.body.launch(instance)}`);
    return instance;
  }

  /** In service without being healthy: the group does not wait for the load balancer. */
  inService(instance: I): void {
    if (instance.leaving) return;
    instance.inServiceAt = this.world.now;
    if (instance.warmUntil === Infinity) instance.warmUntil = this.world.now + instance.warmUpSeconds;
    this.world.after(this.settings.warmUpSeconds, () => {
      this.body.warmedUp(instance);
      this.replacements.complete(instance);
    });
    this.body.inService(instance);
    this.settled(instance);
  }

  foundHealthy(instance: I): void {
    if (instance.leaving) return;
    instance.healthy = true;
    const serving = this.body.route();
    const serve = `${instancesOf(serving)} ${serving === 1 ? "serves" : "serve"}`;
    this.world.say("health", `instance ${String(instance.number)} is healthy, ${serve}`);
  }

  /**
   * It is replaced after its grace period, if the group replaces such instances.
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html
   *
   * @param why it is replaced, for the record: "is unhealthy"
   */
  foundUnhealthy(instance: I, why: string): void {
    if (instance.leaving) return;
    instance.healthy = false;
    this.body.route();
    this.world.say("health", `instance ${String(instance.number)} is unhealthy`);
    if (!this.settings.replacesUnhealthy) return;
    const grace = Math.max(0, instance.inServiceAt + this.settings.graceSeconds - this.world.now);
    this.world.after(grace + this.settings.pollSeconds, () => this.replacements.begin(instance, why));
  }

  /** Launches or terminates until the group has a size. @returns the instances that are launched or terminated */
  resize(size: number, maxSize: number, warmUpSeconds: number): I[] {
    const { warmPool } = this.body;
    const moved: I[] = [];
    while (this.size < size) moved.push(this.launch({ warmUpSeconds, added: true }));
    warmPool?.want(size, maxSize);
    while (this.size > size) {
      const instance = this.members.toTerminate();
      if (instance === undefined) break;
      moved.push(instance);
      // The one whose place it was to take has no other.
      const old = this.replacements.endedBy(instance);
      this.terminate(instance, warmPool?.give() === true ? "returns to the warm pool" : "leaves");
      if (old !== undefined) this.terminate(old);
    }
    warmPool?.fill();
    return moved;
  }

  /** It leaves the load balancer at once, and is terminated when its requests are answered. */
  terminate(instance: I, how = "leaves"): void {
    instance.leaving = true;
    this.body.route();
    this.world.say("instance", `instance ${String(instance.number)} ${how}`);
    this.body.terminate(instance);
  }

  /** Its server is terminated. */
  gone(instance: I): void {
    this.members.all.delete(instance.number);
    this.settled(instance);
  }
}
