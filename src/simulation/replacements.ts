/** Instances that fail, or are in the wrong zone, and those that take their places. */
import type { Group } from "./group";
import type { Instance } from "./instances";
import type { Model } from "./model";
import type { Parameters } from "./parameters";
import type { World } from "./world";

/** The share of the group that is replaced at a time, but at least one. */
const MOST_REPLACED = 0.1;

export class Replacements {
  /** Those that are not complete: the instance that is replaced, by its successor. */
  private readonly open = new Map<Instance, Instance>();

  constructor(
    private readonly world: World,
    private readonly model: Model,
    private readonly parameters: Parameters,
    private readonly group: Pick<Group, "instances" | "size" | "isAtRest" | "launch" | "terminate" | "reroute">,
  ) {}

  /** How many there are. */
  get size(): number {
    return this.open.size;
  }

  /** An application fails: its requests do at once; it fails its checks until it is unhealthy, and the group replaces it. */
  fail(): void {
    const instance = this.group.instances.live.find(({ healthy, broken }) => healthy && !broken);
    if (instance === undefined) return;
    this.world.say("health", `instance ${String(instance.number)} fails`);
    instance.broken = true;
    this.group.reroute();
    const { graceSeconds, healthCheck, replacesUnhealthy } = this.model;
    this.world.after(healthCheck.unhealthyThreshold * healthCheck.intervalSeconds, () => {
      if (instance.leaving) return;
      instance.healthy = false;
      this.group.reroute();
      this.world.say("health", `instance ${String(instance.number)} is unhealthy`);
      const grace = Math.max(0, instance.inServiceAt + graceSeconds - this.world.now);
      if (replacesUnhealthy)
        this.world.after(grace + this.parameters.pollSeconds, () => this.begin(instance, "is unhealthy"));
    });
  }

  /**
   * Without a cooldown, and not too many at a time; the others wait for the group's next look.
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
   */
  begin(instance: Instance, why: string): void {
    if (instance.leaving || instance.healthy) return;
    if (this.size >= Math.max(1, Math.floor(MOST_REPLACED * this.group.size))) {
      this.world.after(this.parameters.pollSeconds, () => this.begin(instance, why));
      return;
    }
    this.world.say("health", `instance ${String(instance.number)} ${why} and is replaced`);
    this.succeed(instance, this.model.launchFirst);
  }

  /**
   * Called each minute: a new instance in the emptiest zone takes the place of one in the fullest, if they differ too much.
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html#AutoScalingBehavior.Rebalancing
   */
  rebalance(): void {
    if (!this.model.rebalances || this.size > 0 || !this.group.isAtRest) return;
    const perZone = this.group.instances.perZone();
    if (Math.max(...perZone) - Math.min(...perZone) < 2) return;
    const instance = this.group.instances.toTerminate();
    if (instance === undefined) return;
    this.world.say("scale", `the zones differ: instance ${String(instance.number)} is replaced in another zone`);
    this.succeed(instance, true);
  }

  /** @param launchFirst whether the old instance stays until the new one is in service and warmed up */
  private succeed(old: Instance, launchFirst: boolean): void {
    if (!launchFirst) this.group.terminate(old);
    this.open.set(this.group.launch({ warmUpSeconds: 0, added: false, replaces: old }), old);
  }

  /** The successor is in service and warmed up. */
  complete(successor: Instance): void {
    const old = this.endedBy(successor);
    if (old !== undefined) this.group.terminate(old);
  }

  /** Ends the replacement by a successor, if there is one. @returns the old instance if it is still there */
  endedBy(successor: Instance): Instance | undefined {
    const old = this.open.get(successor);
    this.open.delete(successor);
    return old?.leaving === false ? old : undefined;
  }
}
