/** Scheduled actions that give a group at least as many servers as each half hour of the week needs. */
import { DAYS, modulo, SLOTS, SLOTS_A_DAY, SLOT_SECONDS } from "./week";

/** A schedule, as the settings have it, by its name. */
export type Actions = Readonly<Record<string, { recurrence: string; timeZone: string; minSize: number }>>;

/** Which days are alike: as few as that, so that the schedule can be read. */
const PARTITIONS: readonly (readonly (readonly number[])[])[] = [
  [[0, 1, 2, 3, 4, 5, 6]],
  [
    [0, 1, 2, 3, 4],
    [5, 6],
  ],
  [[0, 1, 2, 3, 4], [5], [6]],
  [[0], [1], [2], [3], [4], [5], [6]],
];

/** One more action must save four hours of a server in the week. */
const SLOTS_AN_ACTION = 8;

/**
 * @param needed servers by half hour of the week
 * @param leadSeconds time in which a server starts: servers are added so long before they are needed
 * @returns none where the same number is needed all week
 */
export function actionsFor(needed: readonly number[], leadSeconds: number): Actions {
  const minutes = 5 * Math.ceil(leadSeconds / 300);
  // Removals are at the half hour, and additions never are: no two actions may be due in the same minute.
  const leadMinutes = minutes % 30 === 0 ? minutes + 5 : minutes;
  const [best] = PARTITIONS.map((partition) => {
    const sizes = withoutDips(alike(needed, partition), 1 + Math.floor(leadMinutes / 30));
    const actions = changesOf(sizes, leadMinutes);
    return { actions, cost: sum(sizes) + SLOTS_AN_ACTION * Object.keys(actions).length };
  }).sort((one, other) => one.cost - other.cost);
  return best?.actions ?? {};
}

/** What days that are alike need, they all have. */
function alike(needed: readonly number[], partition: readonly (readonly number[])[]): number[] {
  return needed.map((_, slot) => {
    const day = Math.floor(slot / SLOTS_A_DAY);
    const same = partition.find((days) => days.includes(day)) ?? [day];
    return Math.max(...same.map((other) => needed[other * SLOTS_A_DAY + (slot % SLOTS_A_DAY)] ?? 0));
  });
}

/**
 * A dip of half an hour is not worth two actions, and in one that is shorter than the lead a server would be added before it is
 * removed.
 *
 * @param longest the longest dip that is filled, in half hours
 */
function withoutDips(sizes: readonly number[], longest: number): number[] {
  const window = Array.from({ length: longest + 1 }, (_, index) => index);
  const most = (from: number) => Math.max(...window.map((index) => sizes[modulo(from + index)] ?? 0));
  return sizes.map((_, slot) => Math.min(...window.map((index) => most(slot - index))));
}

function changesOf(sizes: readonly number[], leadMinutes: number): Actions {
  /** Days by time of the day and size. */
  const days = new Map<string, { minutes: number; minSize: number; days: number[] }>();
  sizes.forEach((minSize, slot) => {
    const before = sizes[modulo(slot - 1)] ?? minSize;
    if (minSize === before) return;
    const week = (SLOTS * SLOT_SECONDS) / 60;
    const at = (slot * (SLOT_SECONDS / 60) - (minSize > before ? leadMinutes : 0) + week) % week;
    const minutes = at % 1440;
    const key = `${String(minutes)} ${String(minSize)}`;
    const action = days.get(key) ?? { minutes, minSize, days: [] };
    action.days.push(Math.floor(at / 1440));
    days.set(key, action);
  });
  return Object.fromEntries(
    [...days.values()]
      .sort((one, other) => one.minutes - other.minutes || one.minSize - other.minSize)
      .map(({ minutes, minSize, days: on }) => {
        const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
        const clock = `${String(hour).padStart(2, "0")}${String(minute).padStart(2, "0")}`;
        const recurrence = `${String(minute)} ${String(hour)} * * ${daysOf(on)}`;
        return [`at-${clock}-min-${String(minSize)}`, { recurrence, timeZone: "UTC", minSize }];
      }),
  );
}

/** `*`, `MON-FRI` or `TUE,SUN`; in cron, the week begins on Sunday, so that no range ends there. */
function daysOf(days: readonly number[]): string {
  if (days.length === DAYS.length) return "*";
  const sorted = [...days].sort((one, other) => one - other);
  const parts: string[] = [];
  for (let index = 0; index < sorted.length;) {
    const first = sorted[index] ?? 0;
    let length = 1;
    while (sorted[index + length] === first + length && first + length < 6) length++;
    const last = first + length - 1;
    parts.push(
      ...(length >= 3
        ? [`${DAYS[first] ?? ""}-${DAYS[last] ?? ""}`]
        : sorted.slice(index, index + length).map((day) => DAYS[day] ?? "")),
    );
    index += length;
  }
  return parts.join(",");
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
