/** Instances that fail, or are in the wrong zone, and those that take their places. */
import type { AutoScalingGroup } from "./group";
import type { Member } from "./members";
import type { World } from "./world";

/** The share of the group that is replaced at a time, but at least one. */
const MOST_REPLACED = 0.1;

export class Replacements<I extends Member> {
  /** Those that are not complete: the instance that is replaced, by its successor. */
  private readonly open = new Map<I, I>();

  constructor(
    private readonly world: World,
    private readonly group: Pick<
      AutoScalingGroup<I>,
      "members" | "size" | "settings" | "isAtRest" | "launch" | "terminate"
    >,
  ) {}

  /** How many there are. */
  get size(): number {
    return this.open.size;
  }

  /**
   * Replaces an unhealthy instance: without a cooldown, and not too many at a time; the others wait for the group's next look.
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
   */
  begin(instance: I, why: string): void {
    if (instance.leaving || instance.replaced || instance.healthy) return;
    const { pollSeconds, launchFirst } = this.group.settings;
    if (this.size >= Math.max(1, Math.floor(MOST_REPLACED * this.group.size))) {
      this.world.after(pollSeconds, () => this.begin(instance, why));
      return;
    }
    this.world.say("health", `instance ${String(instance.number)} ${why} and is replaced`);
    this.succeed(instance, launchFirst);
  }

  /**
   * Called each minute: a new instance in the emptiest zone takes the place of one in the fullest, if they differ too much.
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html#AutoScalingBehavior.Rebalancing
   */
  rebalance(): void {
    if (!this.group.settings.rebalances || this.size > 0 || !this.group.isAtRest) return;
    const perZone = this.group.members.perZone();
    if (Math.max(...perZone) - Math.min(...perZone) < 2) return;
    const instance = this.group.members.toTerminate();
    if (instance === undefined) return;
    this.world.say("scale", `the zones differ: instance ${String(instance.number)} is replaced in another zone`);
    this.succeed(instance, true);
  }

  /** @param launchFirst whether the old instance stays until the new one is in service and warmed up */
  private succeed(old: I, launchFirst: boolean): void {
    if (!launchFirst) this.group.terminate(old);
    this.open.set(this.group.launch({ warmUpSeconds: 0, added: false, replaces: old }), old);
  }

  /** The successor is in service and warmed up. */
  complete(successor: I): void {
    const old = this.endedBy(successor);
    if (old !== undefined) this.group.terminate(old);
  }

  /** Ends the replacement by a successor, if there is one. @returns the old instance if it is still there */
  endedBy(successor: I): I | undefined {
    const old = this.open.get(successor);
    this.open.delete(successor);
    return old?.leaving === false ? old : undefined;
  }
}
