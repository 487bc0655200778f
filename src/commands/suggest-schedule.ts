/** `npm run simulate -- ENV --suggest-schedule WEEK.csv`: a schedule for a weekly load, with what it costs and saves. */
import { derive } from "../config/derive";
import { growsAt } from "../config/sections/scaling";
import type { Settings } from "../config/schema";
import { environmentProblems } from "../config/validate";
import { Problem } from "../machine/problem";
import type { Load } from "../simulation/load";
import type { Model } from "../simulation/model";
import { table } from "../simulation/render-text";
import { actionsFor, type Actions } from "../simulation/suggest/actions";
import { neededIn, serversFor, type Capacity } from "../simulation/suggest/week";
import type { Summary } from "../simulation/summary";

const WEEK = 7 * 86_400;

interface Suggesting {
  readonly environment: string;
  readonly settings: Settings;
  readonly model: Model;
  readonly load: Load;
  /** When the load begins, in seconds since 1970. */
  readonly begins: number;
  /** Simulates the load on these settings. */
  readonly simulated: (settings: Settings) => Summary;
}

/** @throws Problem where the load is shorter than a week */
export function suggestSchedule({ environment, settings, model, load, begins, simulated }: Suggesting): string {
  if (load.seconds < WEEK)
    throw new Problem(
      `--suggest-schedule ${load.name}: is ${(load.seconds / 86_400).toFixed(1)} days long; a schedule repeats weekly, and needs the load of a week at least`,
    );
  const { fleet, scaling } = settings;
  const { percent } = growsAt(scaling);
  const capacity: Capacity = {
    ofServer: (model.instance.vcpus * percent) / 100,
    minSize: fleet.minSize,
    maxSize: fleet.maxSize,
  };
  const needed = neededIn(load, begins, capacity);
  const highest = needed.reduce((most, size) => Math.max(most, size), 0);
  const peak = load.segments.reduce((most, { cpu }) => Math.max(most, cpu), 0);
  const notes = [
    ...(serversFor(peak, capacity) > fleet.maxSize
      ? [`Its peak needs ${String(serversFor(peak, capacity))} servers, and fleet.maxSize is ${String(fleet.maxSize)}.`]
      : []),
    ...(scaling.schedules === undefined ? [] : ["It takes the place of the present scaling.schedules."]),
  ];
  const schedules = actionsFor(needed, fleet.startupSeconds + model.healthCheck.intervalSeconds);
  if (Object.keys(schedules).length === 0)
    return [`This load needs ${serversText(highest)} all week: a schedule would change nothing.`, ...notes].join("\n");

  const suggested = { ...settings, scaling: { ...scaling, schedules } };
  const problems = environmentProblems(environment, suggested);
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  const present = simulated(settings);
  const scheduled = simulated(suggested);
  const constant = simulated(
    derive(settings, {
      fleet: { minSize: highest, desiredCapacity: Math.max(highest, fleet.desiredCapacity) },
      scaling: { schedules: undefined },
    }),
  );
  return [
    table([
      ["as it is", present],
      ["with this schedule", scheduled],
      [`${serversText(highest)} at least, always`, constant],
    ]),
    verdictOf(present, scheduled, constant, load.seconds / WEEK),
    ...notes,
    `For ${environment} in src/config/environments.ts, in scaling:`,
    pasted(schedules),
  ].join("\n");
}

/** Whether the schedule is worth its price: what it saves and costs in a week. */
function verdictOf(present: Summary, scheduled: Summary, constant: Summary, weeks: number): string {
  const less = (pick: (summary: Summary) => number) => Math.round((pick(present) - pick(scheduled)) / weeks);
  const minutes = less(({ slowMinutes }) => slowMinutes);
  const refused = less(({ requestsLost }) => requestsLost);
  const saved = [
    ...(minutes > 0 ? [`${String(minutes)} minutes a week that are too slow`] : []),
    ...(refused > 0 ? [`${refused.toLocaleString("en-US")} refused requests a week`] : []),
  ];
  const price = (one: Summary, other: Summary) => {
    if (one.usd === undefined || other.usd === undefined) return "what is not known";
    const usd = (one.usd - other.usd) / weeks;
    return `${Math.abs(usd).toFixed(2)} USD a week ${usd < 0 ? "less" : "more"}`;
  };
  return saved.length > 0
    ? `The schedule saves ${saved.join(" and ")}. It costs ${price(scheduled, present)} than the present settings; as many servers all the time cost ${price(constant, scheduled)} than the schedule.`
    : `The schedule is not worth it: the group follows this load as well without, and it costs ${price(scheduled, present)}.`;
}

/** As TypeScript that `environments.ts` takes. */
function pasted(schedules: Actions): string {
  const lines = Object.entries(schedules).map(
    ([name, { recurrence, timeZone, minSize }]) =>
      `      ${JSON.stringify(name)}: { recurrence: ${JSON.stringify(recurrence)}, timeZone: ${JSON.stringify(timeZone)}, minSize: ${String(minSize)} },`,
  );
  return ["    schedules: {", ...lines, "    },"].join("\n");
}

const serversText = (count: number) => (count === 1 ? "1 server" : `${String(count)} servers`);
