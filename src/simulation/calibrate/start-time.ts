/** How long a server takes to start: launches of the group, and the first answer of each new server. */
import type { Observed } from "./observed";

/** Seconds; of several launches the median. */
export interface Measured {
  readonly seconds: number;
  readonly least: number;
  readonly most: number;
  readonly launches: number;
}

/** An answer that comes later after a launch is not that of its server. */
const MOST_SECONDS = 1800;

/** From the launch to InService. */
export const bootTime = ({ launches }: Observed): Measured | undefined =>
  measured(launches.map(({ from, inServiceAt }) => inServiceAt - from));

/**
 * From the launch to the first answer. A log names servers by address and not by id, so launches and new servers are matched in
 * their order. Half an interval of the health check is subtracted, for which a server that could answer waits on average.
 */
export function startTime({ launches, answers }: Observed, checkSeconds: number): Measured | undefined {
  if (answers === undefined) return undefined;
  const seen = launches.filter(({ from }) => from >= answers.first).sort((one, other) => one.from - other.from);
  const earliest = seen[0]?.from ?? Infinity;
  const starts = [...answers.firstOf.values()].filter((at) => at > earliest).sort((one, other) => one - other);
  return measured(
    seen.flatMap(({ from }) => {
      const index = starts.findIndex((at) => at > from && at - from <= MOST_SECONDS);
      const [answer] = index < 0 ? [] : starts.splice(index, 1);
      return answer === undefined ? [] : [Math.max(0, answer - from - checkSeconds / 2)];
    }),
  );
}

function measured(seconds: readonly number[]): Measured | undefined {
  const [...sorted] = seconds;
  sorted.sort((one, other) => one - other);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  return { seconds: median, least, most, launches: sorted.length };
}
