/** Alarms and policies: the capacity that each asks for, which request wins, and the change of the group. */
import { evaluate, EXTRA_PERIODS, type Alarm, type AlarmState } from "../aws/alarm";
import { adjustment, stepFor, trackedCapacity } from "../aws/capacity";
import type { Group } from "./group";
import type { Instance } from "./instances";
import type { Model, ScalingPolicy, Schedule } from "./model";
import type { Parameters } from "./parameters";
import type { Trace } from "./trace";
import { instancesOf, type World } from "./world";

/** A request of a policy to change the capacity. */
interface Proposal {
  readonly desired: number;
  readonly policy: ScalingPolicy;
}

/** Seconds that the alarms look back, with the periods that AWS looks at besides. */
export const lookBack = ({ alarms }: Model) =>
  Math.max(0, ...alarms.map((alarm) => (alarm.evaluationPeriods + EXTRA_PERIODS) * alarm.periodSeconds));

export class Scaler {
  desired: number;
  readonly actions: Trace["actions"][number][] = [];
  private minSize: number;
  private maxSize: number;
  private readonly states = new Map<string, AlarmState>();
  /** The simple policy's wait: until its instances are launched or terminated, and then until its cooldown is over. */
  private activity: { readonly cooldownSeconds: number; readonly waitsFor: Set<Instance> } | undefined;
  private cooldownUntil = 0;
  private removedAt = -Infinity;

  constructor(
    private readonly world: World,
    private readonly group: Group,
    private readonly model: Model,
    private readonly parameters: Parameters,
  ) {
    ({ desired: this.desired, minSize: this.minSize, maxSize: this.maxSize } = model);
    group.settled = (instance) => this.ended(instance);
  }

  /** Called once a minute: evaluates the alarms, and then the policies that they call. */
  watch(): void {
    const { now } = this.world;
    const { metric } = this.group.usage;
    const proposals = this.model.alarms.flatMap((alarm) => {
      const points = metric.window(now, alarm.periodSeconds, alarm.evaluationPeriods + EXTRA_PERIODS);
      const before = this.states.get(alarm.name) ?? "INSUFFICIENT_DATA";
      const state = evaluate(points, alarm, before);
      this.states.set(alarm.name, state);
      if (state !== before) this.world.say("alarm", `${alarm.name} ${state}`);
      // Other actions run once; a scaling action runs every minute for as long as the alarm lasts.
      return state === "ALARM"
        ? this.proposalsOf(
            alarm,
            points.filter((value) => value !== undefined),
          )
        : [];
    });
    metric.forget(now - lookBack(this.model) - 3600);
    this.decide(proposals);
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

  /** @param points of the metric that exist, the newest first */
  private proposalsOf(alarm: Alarm, points: readonly number[]): Proposal[] {
    return this.model.policies
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
      if (this.activity !== undefined || this.group.replacements.size > 0 || now < this.cooldownUntil) return undefined;
      return this.desired + adjustment(policy.adjustmentType, policy.adjustment, this.desired, policy.minimumMagnitude);
    }
    const out = alarm.comparison.startsWith(">");
    const warming = this.group.instances.live.filter(({ warmUntil }) => warmUntil > now).length;
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
    const { scaleInPauseSeconds, scaleInPercent } = this.parameters;
    if (disableScaleIn || this.world.now < this.removedAt + scaleInPauseSeconds) return undefined;
    const highest = Math.max(...points.slice(0, evaluationPeriods));
    const most = Math.max(1, Math.floor((warm * scaleInPercent) / 100));
    return Math.max(warm - most, trackedCapacity(warm, highest, threshold));
  }

  /** Of several, the one that gives the largest capacity; target tracking removes only where all of it that may remove agree. */
  private decide(proposals: readonly Proposal[]): void {
    const removing = this.model.policies.filter((policy) => policy.kind === "targetTracking" && !policy.disableScaleIn);
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
  private resize(desired: number, by: string, warmUpSeconds: number): Instance[] {
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

  /** The sizes that are in force. */
  get bounds(): { readonly minSize: number; readonly maxSize: number } {
    return { minSize: this.minSize, maxSize: this.maxSize };
  }

  /** Whether an alarm is raised that makes the group larger. */
  get isRaised(): boolean {
    return this.growing.some(({ name }) => this.states.get(name) === "ALARM");
  }

  /** The lowest threshold, in percent, above which the group grows; Infinity if it never does. */
  get growsAbove(): number {
    return Math.min(...this.growing.map(({ threshold }) => threshold));
  }

  private get growing(): readonly Alarm[] {
    return this.model.alarms.filter(({ comparison }) => comparison.startsWith(">"));
  }

  /** A cooldown begins when the last instance of an activity is launched or terminated. */
  private ended(instance: Instance): void {
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
