/** The targets of one target group: which are healthy, which one gets the next request, and which finish what they have. */
import type { TargetGroupState } from "../cloud-state";
import { check } from "./check";
import {
  afterCheck,
  CHECKING,
  DRAINING,
  NOT_IN_USE,
  NOT_REGISTERED,
  REGISTERING,
  UNCHECKED,
  type CheckedTarget,
  type TargetHealth,
} from "./health";
import { pick, type Target } from "./target";

/** Of the playground's clock. */
interface Timers {
  readonly speed: number;
  after(seconds: number, happens: () => void): () => void;
}

export interface TargetsOptions {
  readonly timers: Timers;
  readonly addressOf: (instance: string) => string | undefined;
  readonly onHealth: (targetGroup: string, instance: string, health: TargetHealth) => void;
  readonly random?: () => number;
}

export class Targets {
  private readonly all = new Map<string, Target>();
  private turn = 0;
  private inUse = false;

  constructor(
    private state: TargetGroupState,
    private readonly options: TargetsOptions,
  ) {}

  get attributes(): TargetGroupState["attributes"] {
    return this.state.attributes;
  }

  /** @param inUse whether a listener forwards to the group */
  update(state: TargetGroupState, inUse: boolean): void {
    const restart = inUse !== this.inUse || state.healthCheck.enabled !== this.state.healthCheck.enabled;
    this.state = state;
    this.inUse = inUse;
    const registered = new Set(state.targets.map(({ id }) => id));
    for (const target of [...this.all.values()]) {
      if (registered.has(target.id)) continue;
      target.listed = false;
      if (target.phase === "gone") this.all.delete(target.id);
      else void this.drain(target);
    }
    for (const id of registered) {
      const known = this.all.get(id);
      // One that drains and is listed again, after it was not, begins anew.
      if (!known?.listed) this.register(id);
      else if (restart && known.phase === "serving") this.begin(known);
    }
  }

  /** Gives it no more requests. Resolves when those that it has are answered, or the deregistration delay is over. */
  deregister(id: string): Promise<void> {
    const target = this.all.get(id);
    return target === undefined ? Promise.resolve() : this.drain(target);
  }

  /**
   * The target of the next request; all of them share the requests if none is healthy. Undefined if there is none at all.
   *
   * @param stuck that the client has had before
   */
  next(stuck?: string): Target | undefined {
    const registered = [...this.all.values()].filter(({ phase }) => phase === "serving");
    const well = registered.filter(({ checked }) => ["healthy", "unavailable"].includes(checked.health.state));
    const serving = well.length > 0 ? well : registered;
    const same = serving.find(({ id }) => id === stuck);
    if (same !== undefined || serving.length === 0) return same;
    this.turn = (this.turn + 1) % Number.MAX_SAFE_INTEGER;
    const first = this.turn % serving.length;
    return pick([...serving.slice(first), ...serving.slice(0, first)], this.attributes, () => this.random());
  }

  health(id: string): TargetHealth {
    return this.all.get(id)?.checked.health ?? NOT_REGISTERED;
  }

  /** How many are healthy and how many are not, as the metrics count them. */
  counts(): { readonly healthy: number; readonly unhealthy: number } {
    const states = [...this.all.values()].map(({ checked }) => checked.health.state);
    const count = (wanted: string) => states.filter((state) => state === wanted).length;
    return { healthy: count("healthy"), unhealthy: count("unhealthy") };
  }

  /** Ends all checks, and cuts what is not answered. */
  stop(): void {
    for (const target of this.all.values()) {
      target.cancel();
      target.round++;
      for (const request of [...target.inFlight]) request.cut();
    }
    this.all.clear();
  }

  private random(): number {
    return (this.options.random ?? Math.random)();
  }

  private register(id: string): void {
    this.all.get(id)?.cancel();
    const target: Target = {
      id,
      inFlight: new Set(),
      checked: { health: NOT_REGISTERED, passed: 0, failed: 0 },
      phase: "serving",
      listed: true,
      drained: Promise.resolve(),
      ended: () => undefined,
      round: 0,
      cancel: () => undefined,
    };
    this.all.set(id, target);
    this.begin(target);
  }

  /** Begins its checks, the first at any moment of an interval: AWS does not say when it is. */
  private begin(target: Target): void {
    const { enabled, intervalSeconds } = this.state.healthCheck;
    target.cancel();
    target.round++;
    this.found(target, !this.inUse ? NOT_IN_USE : enabled ? REGISTERING : UNCHECKED);
    if (this.inUse && enabled)
      this.checkAfter(this.random() * intervalSeconds, target, () => this.found(target, CHECKING));
  }

  /** Again and again. Each check is one for itself: how long its answer takes does not delay the next. */
  private checkAfter(seconds: number, target: Target, begins: () => void = () => undefined): void {
    const { timers, addressOf } = this.options;
    const { round } = target;
    target.cancel = timers.after(seconds, () => {
      begins();
      const { healthCheck } = this.state;
      this.checkAfter(healthCheck.intervalSeconds, target);
      void check(addressOf(target.id), healthCheck, timers.speed).then((result) => {
        if (target.round === round) this.report(target, afterCheck(target.checked, result, this.state.healthCheck));
      });
    });
  }

  private found(target: Target, health: TargetHealth): void {
    this.report(target, { health, passed: 0, failed: 0 });
  }

  private report(target: Target, checked: CheckedTarget): void {
    const before = target.checked.health;
    target.checked = checked;
    if (JSON.stringify(checked.health) !== JSON.stringify(before))
      this.options.onHealth(this.state.arn, target.id, checked.health);
  }

  private drain(target: Target): Promise<void> {
    if (target.phase !== "serving") return target.drained;
    target.phase = "draining";
    target.cancel();
    target.round++;
    this.found(target, DRAINING);
    target.drained = new Promise((resolve) => {
      target.ended = () => {
        if (target.inFlight.size === 0) resolve();
      };
      target.ended();
    });
    // It is shown as draining for the whole delay, also if it has nothing to finish.
    const delay = Number(this.attributes["deregistration_delay.timeout_seconds"] ?? 300);
    target.cancel = this.options.timers.after(delay, () => {
      target.phase = "gone";
      for (const request of [...target.inFlight]) request.cut();
      this.found(target, NOT_REGISTERED);
      if (!target.listed && this.all.get(target.id) === target) this.all.delete(target.id);
    });
    return target.drained;
  }
}
