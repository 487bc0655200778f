/** CPU of the group between two events: the use of each instance, and the work that waits or is refused. */
import type { Segment } from "./load";
import { latencySeconds, type Service } from "./service";

/** The instances that the load balancer sends requests to. */
export interface Serving {
  readonly vcpus: number;
  /** At full speed. */
  readonly full: number;
  /** At their baseline, because they have no credits. */
  readonly throttled: number;
  /** Those that answer with an error. */
  readonly failing: number;
  /** Share of its CPU that a throttled one has. */
  readonly baseline: number;
  /** Whether the instance with something pinned on it is a throttled one. */
  readonly pinnedThrottled: boolean;
}

/** Instances of one speed: all are equally busy, so one integral is enough. */
interface Kind {
  count: number;
  /** Seconds of full use of an instance since the beginning. */
  integral: number;
  /** CPU-seconds of work that waits. */
  backlog: number;
}

/** The load balancer shares the requests evenly, whatever the speed of an instance; each kind has a queue of its own. */
export class Cpu {
  /** The additional use of the instance that the load is pinned on. */
  pinnedIntegral = 0;
  /** CPU-seconds of work that was refused, or answered with an error. */
  lost = 0;
  /** CPU-seconds of work that came. */
  asked = 0;
  slowSeconds = 0;
  /** The longest wait for an answer. */
  worstSeconds = 0;
  /** The same since it was last set to undefined. */
  latestSeconds: number | undefined;
  private readonly full: Kind = { count: 0, integral: 0, backlog: 0 };
  private readonly throttled: Kind = { count: 0, integral: 0, backlog: 0 };

  constructor(private readonly service: Service) {}

  get fullIntegral(): number {
    return this.full.integral;
  }

  get throttledIntegral(): number {
    return this.throttled.integral;
  }

  get backlog(): number {
    return this.full.backlog + this.throttled.backlog;
  }

  /** Lets time pass under a constant load. */
  advance(seconds: number, load: Segment, serving: Serving): void {
    this.share(serving);
    const { full, throttled, failing, vcpus, baseline } = serving;
    const targets = full + throttled + failing;
    this.asked += load.cpu * seconds;
    this.lost += load.cpu * seconds * (targets === 0 ? 1 : failing / targets);
    const failed = load.cpu > 0 && (targets === 0 || failing > 0) ? seconds : 0;
    const each = load.cpu / Math.max(1, targets);
    const [fullSlow, fullBusy] = this.work(this.full, seconds, each, vcpus);
    const [throttledSlow, throttledBusy] = this.work(this.throttled, seconds, each, vcpus, baseline);
    this.slowSeconds += Math.max(failed, fullSlow, throttledSlow);
    const [own, limit] = serving.pinnedThrottled ? [throttledBusy, baseline * seconds] : [fullBusy, seconds];
    this.pinnedIntegral += Math.max(0, Math.min(limit, own + load.pinned * seconds) - own);
  }

  /** The work that waits at an instance stays with it while it changes its speed; what waits at none is refused. */
  private share({ full, throttled }: Serving): void {
    const kinds = [this.full, this.throttled] as const;
    [full, throttled].forEach((count, index) => {
      const [from, to] = index === 0 ? kinds : ([kinds[1], kinds[0]] as const);
      const other = index === 0 ? throttled : full;
      const changed = Math.min(from.count - count, other - to.count);
      const moved = count === 0 ? from.backlog : changed <= 0 ? 0 : (from.backlog * changed) / from.count;
      from.backlog -= moved;
      to.backlog += moved;
    });
    [this.full.count, this.throttled.count] = [full, throttled];
    if (full + throttled > 0) return;
    this.lost += this.backlog;
    this.full.backlog = this.throttled.backlog = 0;
  }

  /**
   * @param each CPU-seconds per second that an instance is asked for
   * @param speed share of its CPU that an instance has
   * @returns the seconds in which answers are too slow, and the seconds of full use of an instance
   */
  private work(kind: Kind, seconds: number, each: number, vcpus: number, speed = 1): [slow: number, busy: number] {
    if (kind.count === 0) return [0, 0];
    const capacity = kind.count * vcpus * speed;
    const asked = kind.count * each;
    const growth = asked - capacity;
    const { queueSeconds, cpuSeconds, sloSeconds } = this.service;
    const most = queueSeconds * capacity;
    this.lost += Math.max(0, kind.backlog - most);
    const before = Math.min(kind.backlog, most);

    // First everything is busy, until nothing waits any more.
    const saturated = growth < 0 ? Math.min(seconds, before / -growth) : growth > 0 || before > 0 ? seconds : 0;
    const after = before + growth * saturated;
    kind.backlog = Math.min(Math.max(after, 0), most);
    this.lost += Math.max(0, after - most);
    // The wait grows or shrinks evenly until the queue is full; from then on some are refused, which is worse than slow.
    const full = after > most ? (after - most) / growth : 0;
    const [first, last] = [before, kind.backlog].map((backlog) => backlog / capacity + cpuSeconds / speed) as [
      number,
      number,
    ];
    let slow = full + (saturated - full) * over(first, last, sloSeconds);
    if (saturated > 0) this.waited(Math.max(first, last));

    const rest = seconds - saturated;
    const use = asked / capacity;
    if (rest > 0 && asked > 0) {
      const latency = latencySeconds(Math.min(1, use), vcpus, { ...this.service, cpuSeconds: cpuSeconds / speed });
      if (latency > sloSeconds) slow += rest;
      if (latency < Infinity) this.waited(latency);
    }
    const busy = speed * (saturated + rest * Math.min(1, use));
    kind.integral += busy;
    return [slow, busy];
  }

  private waited(seconds: number): void {
    this.worstSeconds = Math.max(this.worstSeconds, seconds);
    this.latestSeconds = Math.max(this.latestSeconds ?? 0, seconds);
  }
}

/** The share of the interval from one value to another that is above a limit. */
function over(from: number, to: number, limit: number): number {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (low === high) return low > limit ? 1 : 0;
  return Math.min(1, Math.max(0, (high - limit) / (high - low)));
}
