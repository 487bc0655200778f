/** Alarms and policies: the capacity that each asks for, which request wins, and the change of the group. */
import { evaluate, EXTRA_PERIODS, type AlarmState } from "../aws/alarm";
import { adjustment, stepFor, trackedCapacity } from "../aws/capacity";
import type { Group } from "./group";
import type { Instance } from "./instances";
import type { Model, ScalingPolicy, Schedule } from "./model";
import type { Alarm } from "../aws/alarm";
import type { Parameters } from "./parameters";
import type { Trace } from "./trace";
import { instancesOf, type World } from "./world";

/** A request of a policy or schedule to change the capacity. */
interface Proposal {
  readonly desired: number;
  readonly policy: ScalingPolicy;
}

export class Scaler {
  desired: number;
  readonly actions: Trace["actions"][number][] = [];
  private minSize: number;
  private maxSize: number;
  private readonly states = new Map<string, AlarmState>();
  /** The simple policy's wait: until its instances are launched or terminated, and then until its cooldown is over. */
  private activity: { readonly cooldownSeconds: number; readonly waitsFor: Set<number> } | undefined;
  private cooldownUntil = 0;
  private removedAt = -Infinity;
  /** Seconds that the alarms look back. */
  private readonly longest: number;

  constructor(
    private readonly world: World,
    private readonly group: Group,
    private readonly model: Model,
    private readonly parameters: Parameters,
  ) {
    ({ desired: this.desired, minSize: this.minSize, maxSize: this.maxSize } = model);
    group.settled = (instance) => this.ended(instance);
    this.longest = Math.max(
      0,
      ...model.alarms.map(({ evaluationPeriods: n, periodSeconds: p }) => (n + EXTRA_PERIODS) * p),
    );
  }

  /** Called once a minute: evaluates the alarms, and then the policies that they call. */
  watch(): void {
    const { now } = this.world;
    const { metric } = this.group;
    const proposals = this.model.alarms.flatMap((alarm) => {
      const points = metric.window(now, alarm.periodSeconds, alarm.evaluationPeriods + EXTRA_PERIODS);
      const before = this.states.get(alarm.name) ?? "INSUFFICIENT_DATA";
      const state = evaluate(points, alarm, before);
      this.states.set(alarm.name, state);
      if (state !== before) this.world.say("alarm", `${alarm.name} ${state}`);
      // Other actions run once; a scaling action runs every minute for as long as the alarm lasts.
      return state === "ALARM" ? this.proposalsOf(alarm, points.find((value) => value !== undefined) ?? 0) : [];
    });
    metric.forget(now - this.longest - 3600);
    this.decide(proposals);
  }

  /** A schedule starts no cooldown, and waits for none. */
  act({ name, minSize = this.minSize, maxSize = this.maxSize, desired = this.desired }: Schedule): void {
    [this.minSize, this.maxSize] = [minSize, maxSize];
    this.resize(this.clamp(desired), name, 0);
  }

  private proposalsOf(alarm: Alarm, percent: number): Proposal[] {
    return this.model.policies
      .filter(({ name }) => alarm.policies.includes(name))
      .flatMap((policy) => {
        const desired = this.clamp(this.wantedBy(policy, alarm, percent) ?? this.desired);
        return desired === this.desired ? [] : [{ policy, desired }];
      });
  }

  /** The capacity that a policy asks for; undefined while it may not act. */
  private wantedBy(policy: ScalingPolicy, alarm: Alarm, percent: number): number | undefined {
    const { now } = this.world;
    if (policy.kind === "simple") {
      // A request during the wait is dropped; the alarm asks again in a minute.
      if (this.activity !== undefined || this.group.replacing.size > 0 || now < this.cooldownUntil) return undefined;
      return this.desired + adjustment(policy.adjustmentType, policy.adjustment, this.desired, policy.minimumMagnitude);
    }
    const out = alarm.comparison.startsWith(">");
    const live = this.group.instances.live;
    const warming = live.filter(({ warmUntil }) => warmUntil > now).length;
    // Nothing is removed while something warms up, nor again before the last removal shows in the metric.
    if (!out && (warming > 0 || now < this.removedAt + this.parameters.scaleInPauseSeconds)) return undefined;
    // Instances that warm up count as added already, so that one rise of the load is answered once.
    const wanted = wantedFrom(policy, live.length - warming, percent, alarm.threshold);
    if (wanted === undefined) return undefined;
    return out ? Math.max(this.desired, wanted) : Math.min(this.desired, wanted);
  }

  /** Of several, the one that gives the largest capacity; target tracking removes only where all of it agree. */
  private decide(proposals: readonly Proposal[]): void {
    const tracking = this.model.policies.filter(({ kind }) => kind === "targetTracking").length;
    const agreed = proposals.filter(({ policy }) => policy.kind === "targetTracking").length === tracking;
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

  /** @returns the numbers of the instances that are launched or terminated */
  private resize(desired: number, by: string, warmUpSeconds: number): number[] {
    const from = this.desired;
    if (desired === from) return [];
    const count = Math.abs(desired - from);
    this.actions.push({ at: this.world.now, from, to: desired, by });
    const what = `${desired > from ? "add" : "remove"} ${instancesOf(count)}`;
    this.world.say("scale", `${by}: ${what}, ${String(from)} → ${String(desired)}`);
    this.desired = desired;
    if (desired < from) this.removedAt = this.world.now;
    return Array.from({ length: count }, () => {
      if (desired > from) return this.group.launch(warmUpSeconds).number;
      const instance = this.group.instances.toTerminate();
      if (instance) this.group.terminate(instance);
      return instance?.number ?? 0;
    });
  }

  /** A cooldown begins when the last instance of an activity is launched or terminated. */
  private ended({ number }: Instance): void {
    this.activity?.waitsFor.delete(number);
    if (this.activity?.waitsFor.size !== 0) return;
    this.cooldownUntil = this.world.now + this.activity.cooldownSeconds;
    this.activity = undefined;
  }

  private clamp(desired: number): number {
    return Math.min(this.maxSize, Math.max(this.minSize, desired));
  }
}

/** The capacity that a step policy or a target asks for, from the present one and the metric in percent. */
function wantedFrom(
  policy: Exclude<ScalingPolicy, { kind: "simple" }>,
  warm: number,
  percent: number,
  threshold: number,
): number | undefined {
  if (policy.kind === "targetTracking") return trackedCapacity(warm, percent, policy.targetPercent);
  const step = stepFor(policy.steps, percent - threshold);
  return step && warm + adjustment(policy.adjustmentType, step.adjustment, warm, policy.minimumMagnitude);
}
