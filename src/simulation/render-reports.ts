/** Reports of what is not one simulation alone: of all seconds at which a load may begin, and of many settings. */
import { columns } from "../machine/table";
import { STRESS_SECONDS } from "./load";
import type { Model } from "./model";
import type { Parameters } from "./parameters";
import { phases } from "./phases";
import { clock } from "./render-text";
import type { Service } from "./service";
import { paretoFront, type Point } from "./sweep";
import type { Trace } from "./trace";

export function phasesReport(model: Model, service: Service, parameters: Partial<Parameters>): string {
  return [false, true]
    .map((partialDatapoints) => {
      const { share, fastest, slowest } = phases(model, service, { ...parameters, partialDatapoints });
      const when =
        fastest === undefined || slowest === undefined ? "" : `, after ${clock(fastest)} to ${clock(slowest)}`;
      const kind = partialDatapoints
        ? "if alarms use values that are not whole yet"
        : "if alarms use whole values only";
      return `${String(STRESS_SECONDS)} s of full load add an instance in ${(100 * share).toFixed(0)} of 100 cases${when} (${kind})`;
    })
    .join("\n");
}

/** @param bound least instance hours that carry the load */
export function sweepReport(points: readonly Point[], bound: number, json: boolean): string {
  const front = paretoFront(points);
  if (json) return JSON.stringify({ points, front, lowerBoundInstanceHours: bound }, null, 2);
  const rows = front.map(({ name, slowMinutes, instanceHours }) => [
    name,
    `${slowMinutes.toFixed(1)} min too slow`,
    `${instanceHours.toFixed(2)} instance hours`,
  ]);
  return [
    `Of ${String(points.length)} settings, those that no other beats:`,
    columns(rows, { indent: 2, right: [1, 2], least: [0, 20, 23] }),
    `Whoever knew what comes would need ${bound.toFixed(2)} instance hours at least.`,
  ].join("\n");
}

/** A warning where the group has run out of CPU credits: it looks idle then, and is made smaller. */
export function creditWarning({ model, samples }: Trace): string {
  const starved = samples.some(({ load, capacity, cpu }) => load > capacity && cpu !== undefined && cpu < 50);
  return starved && model.instance.credits === "standard"
    ? 'Warning: out of CPU credits the group is saturated and looks idle, so it is not made larger, or even made smaller. fleet.cpuCredits: "unlimited" cures that.\n'
    : "";
}
