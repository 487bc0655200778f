/** The policies of a group: the capacity that each asks for, which request wins, and the change of the group. */
import type { Alarm } from "../alarm";
import { adjustment, stepFor, trackedCapacity } from "../capacity";
import type { Breach } from "./alarms";
import type { AutoScalingGroup } from "./group";
import type { Member } from "./members";
import type { ScalingPolicy, Schedule } from "./policies";
import { instancesOf, type World } from "./world";

export interface Capacity {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
}

/** What AWS documents of target tracking without a number: it removes "more gradually" than it adds. */
export interface Gentleness {
  /** The wait between two removals. */
  readonly scaleInPauseSeconds: number;
  /** The most that is removed at a time, in percent of the group's size, and at least one. */
  readonly scaleInPercent: number;
}

/** A change of the capacity by a policy, a schedule or a request. */
export interface Action {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** A request of a policy to change the capacity. */
interface Proposal {
  readonly desired: number;
  readonly policy: ScalingPolicy;
}

export class Scaler<I extends Member> {
  desired: number;
  readonly actions: Action[] = [];
  private minSize: number;
  private maxSize: number;
  /** The simple policy's wait: until its instances are launched or terminated, and then until its cooldown is over. */
  private activity: { readonly cooldownSeconds: number; readonly waitsFor: Set<I> } | undefined;
  private cooldownUntil = 0;
  private removedAt = -Infinity;

  constructor(
    private readonly world: World,
    private readonly group: AutoScalingGroup<I>,
    capacity: Capacity,
    public policies: readonly ScalingPolicy[],
    private readonly gentleness: Gentleness,
  ) {
    ({ desired: this.desired, minSize: this.minSize, maxSize: this.maxSize } = capacity);
    group.settled = (instance) => this.ended(instance);
  }

  /** Whether a simple policy would wait. */
  get waits(): boolean {
    return this.activity !== undefined || this.group.replacements.size > 0 || this.world.now < this.cooldownUntil;
  }

  /** Seconds of the cooldown that are left; 0 where none runs. */
  get cooldownSecondsLeft(): number {
    return Math.max(0, this.cooldownUntil - this.world.now);
  }

  /** Called once a minute, with the alarms that call policies. */
  answer(breaches: readonly Breach[]): void {
    this.decide(breaches.flatMap(({ alarm, points }) => this.proposalsOf(alarm, points)));
  }

  /**
   * A schedule starts no cooldown, and waits for none. AWS rejects sizes that contradict those that it leaves.
   * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
   */
  act({ name, minSize = this.minSize, maxSize = this.maxSize, desired }: Schedule): void {
    const wrong = desired !== undefined && (desired < minSize || desired > maxSize);
    if (minSize > maxSize || wrong) {
      const sizes = `${String(minSize)} to ${String(maxSize)}`;
      this.world.say("scale", `${name} fails: ${wrong ? `${String(desired)} of ` : ""}${sizes} instances`);
      return;
    }
    [this.minSize, this.maxSize] = [minSize, maxSize];
    this.resize(this.clamp(desired ?? this.desired), name, 0);
  }

  private proposalsOf(alarm: Alarm, points: readonly number[]): Proposal[] {
    return this.policies
      .filter(({ name }) => alarm.policies.includes(name))
      .flatMap((policy) => {
        const desired = this.clamp(this.wantedBy(policy, alarm, points) ?? this.desired);
        return desired === this.desired ? [] : [{ policy, desired }];
      });
  }

  /** The capacity that a policy asks for; undefined while it may not act. */
  private wantedBy(policy: ScalingPolicy, alarm: Alarm, points: readonly number[]): number | undefined {
    const { now } = this.world;
    if (policy.kind === "simple") {
      // A request during the wait is dropped; the alarm asks again in a minute.
      if (this.waits) return undefined;
      return this.desired + adjustment(policy.adjustmentType, policy.adjustment, this.desired, policy.minimumMagnitude);
    }
    const out = alarm.comparison.startsWith(">");
    const warming = this.group.members.live.filter(({ warmUntil }) => warmUntil > now).length;
    // Nothing is removed while something warms up.
    if (!out && warming > 0) return undefined;
    // Instances that warm up count as added already, so that one rise of the load is answered once.
    const warm = this.group.size - warming;
    const [newest = 0] = points;
    const wanted =
      policy.kind === "step"
        ? stepped(policy, warm, newest - alarm.threshold)
        : out
          ? trackedCapacity(warm, newest, policy.targetPercent)
          : this.gentler(policy, alarm, warm, points);
    if (wanted === undefined) return undefined;
    return out ? Math.max(this.desired, wanted) : Math.min(this.desired, wanted);
  }

  /**
   * The capacity that target tracking shrinks to: one at which even the highest value of the alarm would stay below its threshold,
   * a few at a time, and not again before the last removal shows in the metric. AWS documents that it shrinks "more gradually",
   * and not how.
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
   */
  private gentler(
    { disableScaleIn }: ScalingPolicy & { kind: "targetTracking" },
    { threshold, evaluationPeriods }: Alarm,
    warm: number,
    points: readonly number[],
  ): number | undefined {
    const { scaleInPauseSeconds, scaleInPercent } = this.gentleness;
    if (disableScaleIn || this.world.now < this.removedAt + scaleInPauseSeconds) return undefined;
    const highest = Math.max(...points.slice(0, evaluationPeriods));
    const most = Math.max(1, Math.floor((warm * scaleInPercent) / 100));
    return Math.max(warm - most, trackedCapacity(warm, highest, threshold));
  }

  /** Of several, the one that gives the largest capacity; target tracking removes only where all of it that may remove agree. */
  private decide(proposals: readonly Proposal[]): void {
    const removing = this.policies.filter((policy) => policy.kind === "targetTracking" && !policy.disableScaleIn);
    const agreed = removing.every((policy) => proposals.some((proposal) => proposal.policy === policy));
    const [chosen] = proposals
      .filter(({ policy, desired }) => policy.kind !== "targetTracking" || desired > this.desired || agreed)
      .sort((one, other) => other.desired - one.desired);
    if (chosen === undefined) return;
    const { policy, desired } = chosen;
    const moved = this.resize(desired, policy.name, policy.kind === "simple" ? 0 : policy.warmUpSeconds);
    if (policy.kind === "simple") {
      this.activity = { cooldownSeconds: policy.cooldownSeconds, waitsFor: new Set(moved) };
    }
  }

  /** @returns the instances that are launched or terminated */
  private resize(desired: number, by: string, warmUpSeconds: number): I[] {
    const from = this.desired;
    if (desired !== from) {
      this.actions.push({ at: this.world.now, from, to: desired, by });
      const what = `${desired > from ? "add" : "remove"} ${instancesOf(Math.abs(desired - from))}`;
      this.world.say("scale", `${by}: ${what}, ${String(from)} → ${String(desired)}`);
      this.desired = desired;
      if (desired < from) this.removedAt = this.world.now;
    }
    return this.group.resize(desired, this.maxSize, warmUpSeconds);
  }

  /** A cooldown begins when the last instance of an activity is launched or terminated. */
  private ended(instance: I): void {
    this.activity?.waitsFor.delete(instance);
    if (this.activity?.waitsFor.size !== 0) return;
    this.cooldownUntil = this.world.now + this.activity.cooldownSeconds;
    this.activity = undefined;
  }

  private clamp(desired: number): number {
    return Math.min(this.maxSize, Math.max(this.minSize, desired));
  }
}

/** @param distance of the metric from the threshold */
function stepped(policy: ScalingPolicy & { kind: "step" }, warm: number, distance: number): number | undefined {
  const step = stepFor(policy.steps, distance);
  return step && warm + adjustment(policy.adjustmentType, step.adjustment, warm, policy.minimumMagnitude);
}
