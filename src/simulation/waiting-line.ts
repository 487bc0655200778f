/**
 * The requests at one instance over time: the queue M/M/c/K, as the probability of each number of them. Requests come and are
 * answered at random, one on each core; the others wait, and are refused where there is no room.
 */

/** How an instance answers. */
export interface Cores {
  readonly count: number;
  /** Requests a second that one core answers. */
  readonly rate: number;
  /** The most requests that wait. */
  readonly room: number;
}

/** No step of time moves more than this share of the probability, unless it is as short as the shortest. */
const MOST_MOVED = 0.05;
const SHORTEST_SECONDS = 0.25;

/** @param probabilities of each of `numbers`, for so many seconds */
type Record = (seconds: number, probabilities: Float64Array) => void;

export class WaitingLine {
  /** Numbers of requests: each where a core is free, where few wait and where little room is left, and some of those between. */
  readonly numbers: readonly number[];
  probabilities: Float64Array;
  /** How many numbers each of them is for. */
  private readonly widths: readonly number[];
  /** Of the requests that come, by the number that are there; and of those that are answered, by the next number. */
  private readonly up: Float64Array;
  private readonly down: Float64Array;
  private arrivals = NaN;
  private step = 1;
  private next: Float64Array;
  private readonly factors: Float64Array;

  constructor(readonly cores: Cores) {
    this.numbers = numbersOf(cores);
    const gaps = this.numbers.slice(1).map((number, index) => number - (this.numbers[index] ?? 0));
    this.widths = this.numbers.map((_, index) => ((gaps[index - 1] ?? 1) + (gaps[index] ?? 1)) / 2);
    [this.probabilities, this.next, this.up, this.down, this.factors] = [0, 1, 2, 3, 4].map(
      () => new Float64Array(this.numbers.length),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    this.probabilities[0] = 1;
  }

  /** Expected number of requests at the instance. */
  get requests(): number {
    return this.numbers.reduce((sum, number, index) => sum + number * at(this.probabilities, index), 0);
  }

  /**
   * Lets time pass, in steps as long as the change allows (backward Euler: no probability is lost or negative).
   *
   * @param arrivals requests a second
   */
  advance(seconds: number, arrivals: number, record: Record): void {
    if (arrivals === 0 && this.probabilities[0] === 1) return;
    this.come(arrivals);
    for (let left = seconds; left > 0;) {
      const step = Math.min(left, this.step);
      const moved = this.solve(step);
      if (moved > MOST_MOVED && step > SHORTEST_SECONDS) {
        this.step = step / 2;
        continue;
      }
      if (moved < MOST_MOVED / 4) this.step = Math.max(this.step, 2 * step);
      [this.probabilities, this.next] = [this.next, this.probabilities];
      record(step, this.probabilities);
      left -= step;
    }
  }

  /**
   * The rates from number to number. Where numbers are left out, they are those of Scharfetter and Gummel, which are exact at
   * rest, and for what grows or shrinks evenly.
   */
  private come(arrivals: number): void {
    if (arrivals === this.arrivals) return;
    this.arrivals = arrivals;
    const { count, rate } = this.cores;
    const growth = arrivals - count * rate;
    const slope = Math.log1p(growth / (count * rate));
    // Between two numbers with a gap; there are but few gaps, one after the other.
    let [gap, more, fewer] = [0, arrivals, 0];
    for (let index = 0; index + 1 < this.numbers.length; index++) {
      const following = this.numbers[index + 1] ?? 0;
      const next = following - (this.numbers[index] ?? 0);
      if (following <= count) fewer = following * rate;
      else if (next !== gap) {
        gap = next;
        more = growth === 0 ? arrivals / gap : -growth / Math.expm1(-gap * slope);
        fewer = growth === 0 ? arrivals / gap : growth / Math.expm1(gap * slope);
      }
      this.up[index] = more / (this.widths[index] ?? 1);
      this.down[index] = fewer / (this.widths[index + 1] ?? 1);
    }
  }

  /** Solves the tridiagonal equations of a step into `next`. @returns the share of the probability that moves */
  private solve(seconds: number): number {
    const { probabilities, next, up, down, factors } = this;
    const last = probabilities.length - 1;
    let [factor, value] = [0, 0];
    for (let index = 0; index <= last; index++) {
      const before = index === 0 ? 0 : seconds * at(up, index - 1);
      const away = index === 0 ? 0 : at(down, index - 1);
      const pivot = 1 + seconds * (at(up, index) + away) - before * factor;
      factor = (seconds * at(down, index)) / pivot;
      value = (at(probabilities, index) + before * value) / pivot;
      factors[index] = factor;
      next[index] = value;
    }
    let moved = Math.abs(at(next, last) - at(probabilities, last));
    for (let index = last - 1; index >= 0; index--) {
      next[index] = at(next, index) + at(factors, index) * at(next, index + 1);
      moved += Math.abs(at(next, index) - at(probabilities, index));
    }
    return moved / 2;
  }

  /**
   * Becomes the line of some instances that stay, some that come from another line, and some that are idle.
   *
   * @param probabilities of each of the `numbers` at those that come
   * @returns requests of those that come for which there is no room
   */
  mix(
    { staying, coming, idle }: { readonly staying: number; readonly coming: number; readonly idle: number },
    numbers: readonly number[],
    probabilities: Float64Array,
  ): number {
    const count = staying + coming + idle;
    if (count === staying) return 0;
    const mixed = this.probabilities.map((probability) => (probability * staying) / count);
    mixed[0] = at(mixed, 0) + idle / count;
    const most = this.cores.count + this.cores.room;
    let refused = 0;
    numbers.forEach((number, index) => {
      const share = coming * at(probabilities, index);
      refused += share * Math.max(0, number - most);
      // Between two of this line's numbers it is shared so that the mean is kept.
      const kept = Math.min(number, most);
      const above = this.numbers.findIndex((each) => each >= kept);
      const [low = 0, high = 0] = [this.numbers[above - 1], this.numbers[above]];
      const part = high === kept ? 1 : (kept - low) / (high - low);
      mixed[above] = at(mixed, above) + (share * part) / count;
      if (part < 1) mixed[above - 1] = at(mixed, above - 1) + (share * (1 - part)) / count;
    });
    this.probabilities = mixed;
    return refused;
  }
}

/** Gaps grow with the distance from where all cores are busy and from where there is no room, so that both are exact. */
function numbersOf({ count, room }: Cores): number[] {
  const last = count + room;
  const numbers = Array.from({ length: count + 1 }, (_, number) => number);
  for (let number = count; number < last;) {
    const near = Math.min(number - count, last - number) / 6;
    number += 2 ** Math.floor(Math.log2(Math.max(1, near)));
    numbers.push(number);
  }
  return numbers;
}

const at = (values: Float64Array, index: number) => values[index] ?? 0;
