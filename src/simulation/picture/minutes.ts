/** The minutes of a simulation, as many as a picture has room for. */
import type { Sample } from "../trace";

/**
 * Several minutes as one: of each value the one that matters, so that no short trouble is lost. A sample has the state at its end,
 * so that of a minute is in the sample before.
 */
export interface Interval {
  readonly from: number;
  readonly to: number;
  /** CPU-seconds per second: the greatest load, and the least capacity. */
  readonly load: number;
  readonly capacity: number;
  /** Percent, the greatest; undefined without a server. */
  readonly cpu: number | undefined;
  readonly desired: number;
  readonly healthy: number;
  /** Refused requests, the most in one minute. */
  readonly refused: number;
  /** 95 of 100 answers of a minute took at most so long: the longest of them; undefined without an answer. */
  readonly p95Seconds: number | undefined;
}

export function intervals(samples: readonly Sample[], most: number): Interval[] {
  const every = Math.max(1, Math.ceil(samples.length / most));
  return Array.from({ length: Math.ceil(samples.length / every) }, (_, index) => {
    const some = samples.slice(index * every, (index + 1) * every);
    const states = index === 0 ? some.slice(0, 1) : samples.slice(index * every - 1, (index + 1) * every - 1);
    const worst = (pick: (sample: Sample) => number | undefined) => {
      const values = some.flatMap((sample) => pick(sample) ?? []);
      return values.length === 0 ? undefined : Math.max(...values);
    };
    return {
      from: samples[index * every - 1]?.at ?? 0,
      to: some.at(-1)?.at ?? 0,
      load: worst(({ peakLoad }) => peakLoad) ?? 0,
      capacity: Math.min(...states.map(({ capacity }) => capacity)),
      cpu: worst(({ cpu }) => cpu),
      desired: Math.max(...states.map(({ desired }) => desired)),
      healthy: Math.min(...states.map(({ healthy }) => healthy)),
      refused: worst(({ answers }) => answers.refused) ?? 0,
      p95Seconds: worst(({ answers }) => answers.p95Seconds),
    };
  });
}
