/** `npm run simulate -- ENV --runs 50`: median and worst of every figure, and promises that hold in every run. */
import type { Progress } from "../machine/progress";
import { wrapped } from "../machine/table";
import { broken, type Promised } from "../simulation/assertions";
import { table } from "../simulation/render-text";
import { spreadOf } from "../simulation/runs";
import type { Summary } from "../simulation/summary";
import { keepsSlo } from "../simulation/verdict";

/** One of them, which `--runs 1 --seed SEED` repeats. */
export interface SeededRun {
  readonly seed: number;
  readonly summary: Summary;
}

/** @param simulated simulates the run of a seed */
export async function manyRuns(
  count: number,
  seed: number,
  progress: Progress,
  simulated: (seed: number) => Summary,
): Promise<SeededRun[]> {
  return progress.step(count === 1 ? "1 run" : `${String(count)} runs`, async (onLine) => {
    const runs: SeededRun[] = [];
    for (let index = 0; index < count; index++) {
      runs.push({ seed: seed + index, summary: simulated(seed + index) });
      onLine(`${String(index + 1)} of ${String(count)} done`);
      // The time and the count on the screen are drawn between two runs.
      await new Promise(setImmediate);
    }
    return runs;
  });
}

/** The run with the most requests over the SLO, and of those that have as many, the one with the latest capacity. */
export const worstOf = (runs: readonly SeededRun[]): SeededRun | undefined =>
  [...runs].sort(
    ({ summary: one }, { summary: other }) =>
      other.overSloPercent - one.overSloPercent ||
      Math.min(1e9, other.timeToCapacity ?? 1e9) - Math.min(1e9, one.timeToCapacity ?? 1e9),
  )[0];

export function runsReport(runs: readonly SeededRun[], json: boolean): string {
  const { median, worst } = spreadOf(runs.map(({ summary }) => summary));
  const kept = runs.filter(({ summary }) => keepsSlo(summary)).length;
  const seed = worstOf(runs)?.seed ?? 1;
  if (json) return JSON.stringify({ median, worst, keptSlo: kept, worstSeed: seed, runs }, null, 2);
  return [
    table([
      ["median", median],
      ["worst", worst],
    ]),
    "",
    wrapped(
      `${String(kept)} of ${String(runs.length)} runs keep the SLO. Each figure's worst may be that of another run; the run with the most requests over the SLO is --runs 1 --seed ${String(seed)}. Promises are judged by the worst of all runs.`,
      80,
    ),
  ].join("\n");
}

/** @returns a line for each promise that is broken in any run, with the worst of them */
export function brokenInAny(promises: readonly Promised[], runs: readonly SeededRun[]): string[] {
  return promises.flatMap((promise) => {
    const found = runs.flatMap(({ seed, summary }) =>
      broken([promise], summary).map((line) => ({ seed, line, value: summary[promise.name] ?? Infinity })),
    );
    const sign = promise.sign.startsWith(">") ? 1 : -1;
    const [worst] = found.sort((one, other) => (one.value === other.value ? 0 : sign * (one.value - other.value)));
    return worst === undefined
      ? []
      : [
          `${worst.line} in the run of --seed ${String(worst.seed)}, the worst of ${String(found.length)} broken in ${String(runs.length)}`,
        ];
  });
}
