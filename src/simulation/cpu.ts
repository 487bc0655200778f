/** CPU of the group between two events: the use of each instance, and the requests that wait, are answered or are refused. */
import { answersOf, Arrivals, percentile, type AllAnswers, type Answers } from "./answers";
import type { Segment } from "./load";
import type { Service } from "./service";
import { WaitingLine } from "./waiting-line";

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

/** Instances of one speed: all are equally busy, and one line of requests is that of each of them. */
class Kind {
  count = 0;
  /** Seconds of full use of an instance since the beginning. */
  integral = 0;
  /** CPU-seconds of work that waits at an instance, if requests came evenly. */
  backlog = 0;
  readonly line: WaitingLine;
  readonly arrivals: Arrivals;
  /** CPU-seconds a second of an instance. */
  private readonly capacity: number;

  /** @param speed share of its CPU that an instance has */
  constructor(
    private readonly service: Service,
    private readonly vcpus: number,
    speed: number,
  ) {
    this.capacity = vcpus * speed;
    const { cpuSeconds, queueSeconds, sloSeconds } = service;
    const room = Math.floor((queueSeconds * this.capacity) / cpuSeconds + 1e-9);
    this.line = new WaitingLine({ count: vcpus, rate: speed / cpuSeconds, room });
    this.arrivals = new Arrivals(this.line, sloSeconds);
  }

  /**
   * Some instances stay, some come from the other kind, and the rest are new.
   *
   * @param from what waits at those that come
   * @returns requests that find no room
   */
  become(count: number, coming: number, from: Waiting): number {
    const staying = Math.min(this.count, count);
    this.count = count;
    if (count > 0) this.backlog = (staying * this.backlog + coming * from.backlog) / count;
    return this.line.mix({ staying, coming, idle: count - staying - coming }, from.numbers, from.probabilities);
  }

  get waiting(): Waiting {
    const { backlog, line } = this;
    return { backlog, numbers: line.numbers, probabilities: line.probabilities };
  }

  /**
   * The CPU is used as if requests came evenly, which is right on average. The answers are those of requests that come at random.
   *
   * @param asked CPU-seconds a second of an instance
   * @returns seconds of full use of an instance, and the requests that find no room
   */
  work(seconds: number, asked: number): { busy: number; refused: number } {
    const { count, capacity, service, vcpus } = this;
    if (count === 0) return { busy: 0, refused: 0 };
    const wanted = Math.min(this.backlog, service.queueSeconds * capacity) + asked * seconds;
    const done = Math.min(wanted, capacity * seconds);
    this.backlog = Math.min(wanted - done, service.queueSeconds * capacity);
    this.integral += done / vcpus;
    let refused = 0;
    this.line.advance(seconds, asked / service.cpuSeconds, (step, probabilities) => {
      const requests = (count * asked * step) / service.cpuSeconds;
      this.arrivals.add(requests, probabilities);
      refused += requests * (probabilities.at(-1) ?? 0);
    });
    return { busy: done / vcpus, refused };
  }
}

/** What waits at an instance. */
interface Waiting {
  readonly backlog: number;
  readonly numbers: readonly number[];
  readonly probabilities: Float64Array;
}

/** The load balancer shares the requests evenly, whatever the speed of an instance; each instance has a line of its own. */
export class Cpu {
  /** The additional use of the instance that the load is pinned on. */
  pinnedIntegral = 0;
  private readonly full: Kind;
  private readonly throttled: Kind;
  private failing = 0;
  /** Requests that were refused or answered with an error: until the last minute, and since then. */
  private refused = { before: 0, minute: 0 };

  constructor(
    private readonly service: Service,
    { vcpus, baseline }: Pick<Serving, "vcpus" | "baseline">,
  ) {
    this.full = new Kind(service, vcpus, 1);
    this.throttled = new Kind(service, vcpus, baseline);
  }

  get fullIntegral(): number {
    return this.full.integral;
  }

  get throttledIntegral(): number {
    return this.throttled.integral;
  }

  /** Expected number of requests that instances work on, or that wait for them. */
  get waiting(): number {
    return [this.full, this.throttled].reduce((sum, { count, line }) => sum + count * line.requests, 0);
  }

  /** Lets time pass under a constant load. */
  advance(seconds: number, load: Segment, serving: Serving): void {
    this.share(serving);
    const { full, throttled, failing, baseline } = serving;
    const targets = full + throttled + failing;
    const each = load.cpu / Math.max(1, targets);
    const ofFull = this.full.work(seconds, each);
    const ofThrottled = this.throttled.work(seconds, each);
    const errors = seconds * load.cpu * (targets === 0 ? 1 : failing / targets);
    this.refused.minute += errors / this.service.cpuSeconds + ofFull.refused + ofThrottled.refused;
    const [own, limit] = serving.pinnedThrottled ? [ofThrottled.busy, baseline * seconds] : [ofFull.busy, seconds];
    this.pinnedIntegral += Math.max(0, Math.min(limit, own + load.pinned * seconds) - own);
  }

  /** Requests that were refused or answered with an error since the beginning. */
  get refusals(): number {
    return this.refused.before + this.refused.minute;
  }

  /** The answers since the last call. */
  minute(): Answers {
    const { minute, before } = this.refused;
    const kinds = [this.full.arrivals, this.throttled.arrivals];
    const answers = answersOf(kinds, "minute", minute);
    this.refused = { before: before + minute, minute: 0 };
    for (const kind of kinds) kind.turn();
    return answers;
  }

  /** The answers since the beginning. */
  total(): AllAnswers {
    this.minute();
    const kinds = [this.full.arrivals, this.throttled.arrivals];
    return {
      ...answersOf(kinds, "all", this.refused.before),
      p50Seconds: percentile(kinds, "all", 50),
      p99Seconds: percentile(kinds, "all", 99),
    };
  }

  /**
   * The requests at an instance stay with it while it changes its speed; those at one that leaves are answered meanwhile, and
   * those at one that fails are not. A new instance has none.
   */
  private share({ full, throttled, failing }: Serving): void {
    if (full === this.full.count && throttled === this.throttled.count && failing === this.failing) return;
    const [one, other] = [this.full, this.throttled];
    const stopped = one.count + other.count - full - throttled;
    const lost = Math.max(0, Math.min(failing - this.failing, stopped));
    this.refused.minute += (lost * this.waiting) / Math.max(1, one.count + other.count);
    const slowed = Math.max(0, Math.min(one.count - full, throttled - other.count));
    const hastened = Math.max(0, Math.min(other.count - throttled, full - one.count));
    const before = one.waiting;
    this.refused.minute += one.become(full, hastened, other.waiting) + other.become(throttled, slowed, before);
    this.failing = failing;
  }
}
