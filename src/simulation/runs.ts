/** Many runs of one simulation: with other random numbers, another phase of the load within the metric's periods, and noise. */
import type { Load, Segment } from "./load";
import { randomFrom } from "./random";
import type { Summary } from "./summary";

/** The longest period of EC2's metrics. */
const PERIOD_SECONDS = 300;
const MINUTE = 60;

/** The load of one run, always the same for the same seed. @param noisePercent standard deviation, from minute to minute */
export function varied(load: Load, seed: number, noisePercent: number): Load {
  const random = randomFrom(seed);
  const phase = Math.floor(random() * PERIOD_SECONDS);
  const sigma = noisePercent / 100;
  // Log-normal with a mean of 1: a load that varies is never negative.
  const factor = () => Math.exp(sigma * normal(random) - sigma ** 2 / 2);
  const [first] = load.segments;
  const segments: readonly Segment[] = load.segments.map((segment) => ({ ...segment, from: segment.from + phase }));
  const held = first !== undefined && phase > 0 ? [{ ...first, from: 0 }] : [];
  const seconds = load.seconds + phase;
  return {
    ...load,
    seconds,
    segments: sigma === 0 ? [...held, ...segments] : noisy([...held, ...segments], seconds, factor),
  };
}

/** Cuts a load into minutes, or what it has that is shorter. */
function noisy(segments: readonly Segment[], seconds: number, factor: () => number): Segment[] {
  return segments.flatMap((segment, index) => {
    const to = segments[index + 1]?.from ?? seconds;
    // Nothing is as much with noise, and a process on one server does not vary.
    if (segment.cpu === 0) return [segment];
    return Array.from({ length: Math.max(1, Math.ceil((to - segment.from) / MINUTE)) }, (_, minute) => ({
      ...segment,
      from: segment.from + MINUTE * minute,
      cpu: segment.cpu * factor(),
    }));
  });
}

/** Box and Muller's: of a normal distribution with a mean of 0 and a standard deviation of 1. */
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Of each figure by itself: the middle one of all runs, and the highest, which is the worst of every figure. */
export interface Spread {
  readonly median: Summary;
  readonly worst: Summary;
}

/** A figure that is not known in a run counts as the highest: capacity that is never added takes for ever. */
export function spreadOf(summaries: readonly Summary[]): Spread {
  const [first] = summaries;
  const sorted = Object.keys(first ?? {}).map((key) => {
    const values = summaries.map((summary) => summary[key as keyof Summary]);
    return [key, values.sort((one = Infinity, other = Infinity) => (one === other ? 0 : one - other))] as const;
  });
  const pick = (index: number) =>
    Object.fromEntries(sorted.map(([key, values]) => [key, values[index]])) as unknown as Summary;
  return { median: pick(Math.floor((summaries.length - 1) / 2)), worst: pick(summaries.length - 1) };
}
