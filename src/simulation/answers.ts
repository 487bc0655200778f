/** How long answers take: of all requests of a simulation, and of those of a minute. */
import type { WaitingLine } from "./waiting-line";

/** Requests of a minute, or of a whole simulation. */
export interface Answers {
  /** All that came. */
  readonly requests: number;
  /** Those that were refused, or answered with an error. */
  readonly refused: number;
  /** Those that were answered, later than the SLO allows. */
  readonly late: number;
  /** Seconds; undefined where nothing was answered. 95 of 100 answers took at most so long. */
  readonly p95Seconds: number | undefined;
}

export interface AllAnswers extends Answers {
  readonly p50Seconds: number | undefined;
  readonly p99Seconds: number | undefined;
}

/** Times are looked for in a table, in which each is so much longer than the one before; between two it is interpolated. */
const RATIO = 1.05;
/** From a microsecond to a week. */
const [FIRST, LAST] = [-283, 273];
const timeAt = (step: number) => RATIO ** step;

/** Requests by the number of requests that they found at their instance; the last number are those that found no room. */
export class Arrivals {
  /** Since the last minute. */
  readonly minute: Float64Array;
  readonly all: Float64Array;
  private readonly late: Float64Array;
  private readonly table: (Float64Array | undefined)[] = [];

  constructor(
    private readonly line: WaitingLine,
    sloSeconds: number,
  ) {
    this.minute = new Float64Array(line.numbers.length);
    this.all = this.minute.slice();
    this.late = this.sharesLater(sloSeconds);
  }

  add(requests: number, probabilities: Float64Array): void {
    const { minute } = this;
    for (let index = 0; index < minute.length; index++)
      minute[index] = (minute[index] ?? 0) + requests * (probabilities[index] ?? 0);
  }

  /** The minute is over. */
  turn(): void {
    const { minute, all } = this;
    for (let index = 0; index < all.length; index++) all[index] = (all[index] ?? 0) + (minute[index] ?? 0);
    minute.fill(0);
  }

  /** Of some requests: how many are answered. */
  answered(requests: Float64Array): number {
    let sum = 0;
    for (let index = 0; index + 1 < requests.length; index++) sum += requests[index] ?? 0;
    return sum;
  }

  /** Of some requests: how many are answered, but not within the SLO. */
  tooLate(requests: Float64Array): number {
    return product(requests, this.late);
  }

  /** Of some requests: how many are answered, but not within the time of the table. */
  later(requests: Float64Array, step: number): number {
    return product(requests, (this.table[step - FIRST] ??= this.sharesLater(timeAt(step))));
  }

  /**
   * By the number of requests that a request finds: the probability that its answer takes longer. At a free core it takes an
   * exponential time. Otherwise it waits before that for as many answers of all cores as there are before it; the sum is taken
   * for the gamma distribution of the same mean and variance.
   */
  private sharesLater(seconds: number): Float64Array {
    const { count, rate } = this.line.cores;
    return Float64Array.from(this.line.numbers, (number) => {
      const waits = Math.max(0, number - count + 1);
      const mean = waits / (count * rate) + 1 / rate;
      const variance = waits / (count * rate) ** 2 + 1 / rate ** 2;
      return gammaAbove(seconds, mean, variance);
    });
  }
}

type Kinds = readonly Arrivals[];

/** @param kinds of instances: the answers of all are put together, and not their percentiles */
export function answersOf(kinds: Kinds, of: "minute" | "all", refused: number): Answers {
  const answered = kinds.reduce((sum, kind) => sum + kind.answered(kind[of]), 0);
  return {
    requests: answered + refused,
    refused,
    late: kinds.reduce((sum, kind) => sum + kind.tooLate(kind[of]), 0),
    p95Seconds: percentile(kinds, of, 95),
  };
}

/** @returns seconds; undefined where nothing was answered */
export function percentile(kinds: Kinds, of: "minute" | "all", percent: number): number | undefined {
  const used = kinds.filter((kind) => kind.answered(kind[of]) > 0);
  if (used.length === 0) return undefined;
  const wanted = (1 - percent / 100) * used.reduce((sum, kind) => sum + kind.answered(kind[of]), 0);
  const later = (step: number) => used.reduce((sum, kind) => sum + kind.later(kind[of], step), 0);
  let [low, high] = [FIRST, LAST];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (later(middle) > wanted) low = middle;
    else high = middle;
  }
  const [before, after] = [later(low), later(high)];
  return timeAt(low + (before - wanted) / (before - after));
}

/** The last of the requests are refused. */
function product(requests: Float64Array, shares: Float64Array): number {
  let sum = 0;
  for (let index = 0; index + 1 < requests.length; index++) sum += (requests[index] ?? 0) * (shares[index] ?? 0);
  return sum;
}

/** The share of a gamma distribution above a value, by Wilson and Hilferty's approximation; exact for the exponential one. */
function gammaAbove(value: number, mean: number, variance: number): number {
  if (value <= 0) return 1;
  const shape = mean ** 2 / variance;
  if (shape < 1 + 1e-9) return Math.exp(-value / mean);
  return normalAbove((Math.cbrt(value / mean) - 1 + 1 / (9 * shape)) * 3 * Math.sqrt(shape));
}

/** Abramowitz and Stegun, 26.2.17. */
function normalAbove(value: number): number {
  if (value < 0) return 1 - normalAbove(-value);
  const t = 1 / (1 + 0.2316419 * value);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (series * Math.exp((-value * value) / 2)) / Math.sqrt(2 * Math.PI);
}
