/** Reports of many simulations: of all seconds at which a load may begin, and of many settings. */
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
      const kind = partialDatapoints ? "if alarms use incomplete values" : "if alarms use complete values only";
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
    `The best of ${String(points.length)} settings, each better than any other in at least one column:`,
    columns(rows, { indent: 2, right: [1, 2], least: [0, 20, 23] }),
    `A scaler that knew the load in advance would need at least ${bound.toFixed(2)} instance hours.`,
  ].join("\n");
}

/** What has to be known about a result: what the group cannot get out of by itself, and what the simulation leaves out. */
export function warnings({ model, samples, load }: Trace): string[] {
  const starved = samples.some(({ load, capacity, cpu }) => load > capacity && cpu !== undefined && cpu < 50);
  const found: readonly (readonly [boolean, string])[] = [
    [
      starved && model.instance.credits === "standard",
      'without CPU credits the group is saturated but looks idle, so it is not made larger, or is even made smaller. fleet.cpuCredits: "unlimited" avoids that.',
    ],
    [
      samples.some(({ load, desired }) => load > 0 && desired === 0),
      "the group has no server while there is a load, and without servers there is no CPU metric that would add one. fleet.minSize: 1 keeps one.",
    ],
  ];
  return [
    ...found.flatMap(([applies, text]) => (applies ? [`Warning: ${text}`] : [])),
    ...(load.beginsAt === undefined ? [] : [`Note: 0:00:00 is ${new Date(load.beginsAt).toISOString()}`]),
    ...model.notes.map((note) => `Note: ${note}`),
  ];
}
