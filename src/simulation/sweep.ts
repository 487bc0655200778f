/** Many settings of the scaling tried on one load, and the best of them. */
import type { Alarm } from "../aws/alarm";
import { Problem } from "../machine/problem";
import type { Load } from "./load";
import type { Model } from "./model";

export interface Point {
  readonly name: string;
  readonly slowMinutes: number;
  /** Whole requests. */
  readonly requestsLost: number;
  readonly instanceHours: number;
}

/** One of all combinations. */
export interface Variant {
  readonly name: string;
  /** By the name of what is swept. */
  readonly values: Readonly<Partial<Record<Knob, number>>>;
  readonly model: Model;
}

export type Knob = "high" | "low" | "evaluationPeriods" | "target";

/** The settings that can be swept; the model itself is returned where it has no such setting. */
const KNOBS: Readonly<Record<Knob, (model: Model, value: number) => Model>> = {
  high: (model, threshold) => withAlarms(model, ({ comparison }) => comparison.startsWith(">"), { threshold }),
  low: (model, threshold) => withAlarms(model, ({ comparison }) => comparison.startsWith("<"), { threshold }),
  evaluationPeriods: (model, value) =>
    withAlarms(model, () => true, { evaluationPeriods: value, datapointsToAlarm: value }),
  target: withTarget,
};

const isKnob = (name: string): name is Knob => Object.hasOwn(KNOBS, name);

/** The alarms that target tracking keeps for itself cannot be set. */
const isOwn = ({ policies }: Model, alarm: Alarm) =>
  policies.some(({ kind, name }) => kind === "targetTracking" && alarm.policies.includes(name));

function withAlarms(model: Model, concerns: (alarm: Alarm) => boolean, change: Partial<Alarm>): Model {
  const changed = (alarm: Alarm) => concerns(alarm) && !isOwn(model, alarm);
  return model.alarms.some(changed)
    ? { ...model, alarms: model.alarms.map((alarm) => (changed(alarm) ? { ...alarm, ...change } : alarm)) }
    : model;
}

/** The alarms of target tracking follow its target. */
function withTarget(model: Model, targetPercent: number): Model {
  const before = new Map(
    model.policies.flatMap((policy) => (policy.kind === "targetTracking" ? [[policy.name, policy.targetPercent]] : [])),
  );
  if (before.size === 0) return model;
  return {
    ...model,
    policies: model.policies.map((policy) =>
      policy.kind === "targetTracking" ? { ...policy, targetPercent } : policy,
    ),
    alarms: model.alarms.map((alarm) => {
      const target = before.get(alarm.policies.find((name) => before.has(name)) ?? "");
      return target === undefined ? alarm : { ...alarm, threshold: (alarm.threshold * targetPercent) / target };
    }),
  };
}

/**
 * All combinations of `high=60..90:5` and the like.
 *
 * @param most combinations, before any of them is made
 * @throws Problem with a line for each that cannot be read or does nothing, or where there are too many
 */
export function variants(model: Model, ranges: readonly string[], most = 10_000): Variant[] {
  const known = (Object.keys(KNOBS) as Knob[]).filter((knob) => KNOBS[knob](model, 50) !== model);
  const problems: string[] = [];
  const axes = ranges.map((range, index) => {
    const [, knob = "", from = "", to = from, step = "1"] = /^(\w+)=(\d+)(?:\.\.(\d+)(?::(\d+))?)?$/.exec(range) ?? [];
    if (!isKnob(knob) || Number(step) < 1 || Number(to) < Number(from)) {
      problems.push(`--sweep ${range}: must be such as high=60..90:5, of ${Object.keys(KNOBS).join(", ")}`);
      return [];
    }
    if (!known.includes(knob)) problems.push(`--sweep ${range}: this group has none; it has ${known.join(", ")}`);
    if (ranges.findIndex((other) => other.startsWith(`${knob}=`)) !== index)
      problems.push(`--sweep ${range}: ${knob} is swept already`);
    const values = Math.floor((Number(to) - Number(from)) / Number(step)) + 1;
    return Array.from({ length: Math.min(values, most + 1) }, (_, place) => ({
      knob,
      value: Number(from) + place * Number(step),
    }));
  });
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  if (axes.reduce((product, { length }) => product * length, 1) > most)
    throw new Problem(`--sweep tries too many settings: with a load of this length there can be ${String(most)}`);
  return axes.reduce<Variant[]>(
    (made, axis) =>
      made.flatMap((before) =>
        axis.map(({ knob, value }) => ({
          name: [before.name, `${knob}=${String(value)}`].filter(Boolean).join(" "),
          values: { ...before.values, [knob]: value },
          model: KNOBS[knob](before.model, value),
        })),
      ),
    [{ name: "", values: {}, model }],
  );
}

/** Whether one is as good in everything, and better in something. */
const beats = (one: Point, other: Point) =>
  AXES.every((axis) => one[axis] <= other[axis]) && AXES.some((axis) => one[axis] < other[axis]);
const AXES = ["slowMinutes", "requestsLost", "instanceHours"] as const;

/** The Pareto front, by instance hours: those that no other beats; of equal ones the first. */
export function paretoFront(points: readonly Point[]): Point[] {
  const isFirst = (point: Point, index: number) =>
    points.findIndex((other) => AXES.every((axis) => other[axis] === point[axis])) === index;
  return points
    .filter((point, index) => isFirst(point, index) && !points.some((other) => beats(other, point)))
    .sort((one, other) => one.instanceHours - other.instanceHours || one.slowMinutes - other.slowMinutes);
}

/** The least instance hours that carry the load, up to the greatest size: those of a scaler that knows the load in advance. */
export function lowerBound({ minSize, maxSize, instance }: Model, load: Load): number {
  return load.segments.reduce((hours, { from, cpu }, index) => {
    const seconds = (load.segments[index + 1]?.from ?? load.seconds) - from;
    const enough = Math.min(maxSize, Math.max(minSize, Math.ceil(cpu / instance.vcpus)));
    return hours + (enough * seconds) / 3600;
  }, 0);
}
