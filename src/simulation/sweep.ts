/** Many settings of the alarms tried on one load, and the best of them. */
import { Problem } from "../machine/problem";
import type { Load } from "./load";
import type { Model } from "./model";
import type { Alarm } from "../aws/alarm";

export interface Point {
  readonly name: string;
  readonly slowMinutes: number;
  readonly instanceHours: number;
}

/** The settings that can be swept: of the alarm that adds, of the one that removes, or of both. */
const KNOBS: Readonly<Record<string, (alarm: Alarm, value: number) => Alarm>> = {
  high: (alarm, threshold) => (alarm.comparison.startsWith(">") ? { ...alarm, threshold } : alarm),
  low: (alarm, threshold) => (alarm.comparison.startsWith("<") ? { ...alarm, threshold } : alarm),
  evaluationPeriods: (alarm, evaluationPeriods) => ({
    ...alarm,
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
  }),
};

/**
 * All combinations of `high=60..90:5` and the like.
 *
 * @param most combinations, before any of them is made
 * @throws Problem with a line for each that cannot be read, or where there are too many
 */
export function variants(model: Model, ranges: readonly string[], most = 10_000): { name: string; model: Model }[] {
  const problems: string[] = [];
  const axes = ranges.map((range) => {
    const [, knob = "", from = "", to = from, step = "1"] = /^(\w+)=(\d+)(?:\.\.(\d+)(?::(\d+))?)?$/.exec(range) ?? [];
    const change = Object.hasOwn(KNOBS, knob) ? KNOBS[knob] : undefined;
    if (change === undefined || Number(step) < 1 || Number(to) < Number(from)) {
      problems.push(`${range}: must be such as high=60..90:5, of ${Object.keys(KNOBS).join(", ")}`);
      return [];
    }
    const values = Math.floor((Number(to) - Number(from)) / Number(step)) + 1;
    return Array.from({ length: Math.min(values, most + 1) }, (_, index) => {
      const value = Number(from) + index * Number(step);
      return { name: `${knob}=${String(value)}`, apply: (alarm: Alarm) => change(alarm, value) };
    });
  });
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  if (axes.reduce((product, { length }) => product * length, 1) > most)
    throw new Problem(`--sweep tries too many settings: with a load of this length there can be ${String(most)}`);
  return axes.reduce<{ name: string; model: Model }[]>(
    (made, axis) =>
      made.flatMap((before) =>
        axis.map(({ name, apply }) => ({
          name: [before.name, name].filter(Boolean).join(" "),
          model: { ...before.model, alarms: before.model.alarms.map(apply) },
        })),
      ),
    [{ name: "", model }],
  );
}

/** The Pareto front of slow minutes and instance hours, by instance hours: no other point is better in one and as good in the other. */
export function paretoFront(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.instanceHours - b.instanceHours || a.slowMinutes - b.slowMinutes);
  let least = Infinity;
  return sorted.filter(({ slowMinutes }) => {
    if (slowMinutes >= least) return false;
    least = slowMinutes;
    return true;
  });
}

/** The least instance hours that carry the load, up to the greatest size: those of a scaler that knows the load in advance. */
export function lowerBound({ minSize, maxSize, instance }: Model, load: Load): number {
  return load.segments.reduce((hours, { from, cpu }, index) => {
    const seconds = (load.segments[index + 1]?.from ?? load.seconds) - from;
    const enough = Math.min(maxSize, Math.max(minSize, Math.ceil(cpu / instance.vcpus)));
    return hours + (enough * seconds) / 3600;
  }, 0);
}
