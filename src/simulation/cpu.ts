/** CPU of the group between two events: the use of each instance, and the work that waits or is refused. */
import type { Segment } from "./load";
import { latencySeconds, type Service } from "./service";

/** Instances that take requests: at full speed, and throttled to their baseline because they have no credits. */
export interface Serving {
  readonly vcpus: number;
  readonly full: number;
  readonly throttled: number;
  /** Share of its CPU that a throttled one has. */
  readonly baseline: number;
  /** Whether the instance with something pinned on it is a throttled one. */
  readonly pinnedThrottled: boolean;
}

/** All instances of a kind are equally busy, so one integral for each kind is enough. */
export class Cpu {
  /** Seconds of full use of an instance since the beginning. */
  fullIntegral = 0;
  throttledIntegral = 0;
  /** The additional use of the instance that the load is pinned on. */
  pinnedIntegral = 0;
  /** CPU-seconds of work that waits. */
  backlog = 0;
  /** CPU-seconds of work that was refused. */
  lost = 0;
  /** CPU-seconds of work that came. */
  asked = 0;
  slowSeconds = 0;
  /** The longest wait for an answer. */
  worstSeconds = 0;

  constructor(private readonly service: Service) {}

  /** Lets time pass under a constant load. */
  advance(seconds: number, load: Segment, serving: Serving): void {
    const { vcpus, full, throttled, baseline } = serving;
    const capacity = vcpus * (full + throttled * baseline);
    this.asked += load.cpu * seconds;
    const most = this.service.queueSeconds * capacity;
    if (this.backlog > most) {
      this.lost += this.backlog - most;
      this.backlog = most;
    }
    let left = seconds;
    if (this.backlog > 0 || load.cpu > capacity) left = this.saturated(seconds, load, capacity, most, serving);
    if (left > 0) this.use(left, load, level(load.cpu, serving), serving, latencyAt(load.cpu, serving, this.service));
  }

  /** @returns the seconds that are left when nothing waits any more */
  private saturated(seconds: number, load: Segment, capacity: number, most: number, serving: Serving): number {
    const growth = load.cpu - capacity;
    const until = growth < 0 ? Math.min(seconds, this.backlog / -growth) : seconds;
    const before = this.backlog;
    const after = before + growth * until;
    this.backlog = Math.min(Math.max(after, 0), most);
    this.lost += Math.max(0, after - most);
    this.use(until, load, { full: 1, throttled: serving.baseline }, serving, 0);
    const wait = (backlog: number) => (capacity === 0 ? Infinity : backlog / capacity + this.service.cpuSeconds);
    // The wait grows or shrinks evenly until the queue is full; from then on some are refused, which is worse than slow.
    const full = after > most ? (after - most) / growth : 0;
    const [first, last] = [wait(before), wait(this.backlog)];
    const changing = first === Infinity ? 0 : (until - full) * over(first, last, this.service.sloSeconds);
    this.slowSeconds += first === Infinity ? until : changing + full;
    if (last < Infinity) this.worstSeconds = Math.max(this.worstSeconds, first, last);
    return seconds - until;
  }

  private use(seconds: number, load: Segment, busy: Level, serving: Serving, latency: number): void {
    this.fullIntegral += busy.full * seconds;
    this.throttledIntegral += busy.throttled * seconds;
    const [own, limit] = serving.pinnedThrottled ? [busy.throttled, serving.baseline] : [busy.full, 1];
    this.pinnedIntegral += Math.max(0, Math.min(limit, own + load.pinned) - own) * seconds;
    if (load.cpu === 0) return;
    if (latency > this.service.sloSeconds) this.slowSeconds += seconds;
    if (latency < Infinity) this.worstSeconds = Math.max(this.worstSeconds, latency);
  }
}

interface Level {
  readonly full: number;
  readonly throttled: number;
}

/** How busy the instances are: alike, until the throttled ones can do no more and the others take over. */
export function level(cpu: number, { vcpus, full, throttled, baseline }: Serving): Level {
  const alike = full + throttled === 0 ? 0 : cpu / (vcpus * (full + throttled));
  if (throttled === 0 || alike <= baseline) return { full: Math.min(1, alike), throttled: Math.min(baseline, alike) };
  const rest = full === 0 ? 0 : (cpu - throttled * baseline * vcpus) / (vcpus * full);
  return { full: Math.min(1, rest), throttled: baseline };
}

/** Mean over all requests; Infinity if nobody answers. */
function latencyAt(cpu: number, serving: Serving, service: Service): number {
  const capacity = serving.vcpus * (serving.full + serving.throttled * serving.baseline);
  if (capacity === 0) return Infinity;
  return latencySeconds(Math.min(1, cpu / capacity), serving.vcpus, service);
}

/** The share of the interval from one value to another that is above a limit. */
function over(from: number, to: number, limit: number): number {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (low === high) return low > limit ? 1 : 0;
  return Math.min(1, Math.max(0, (high - limit) / (high - low)));
}
