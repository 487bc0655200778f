/** When a schedule is due: https://docs.aws.amazon.com/autoscaling/ec2/userguide/scheduled-scaling-cron.html */
import { Problem } from "../problem";

const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/**
 * @param recurrence five fields: minute, hour, day of month, month, day of week
 * @returns whether it is due in a minute
 * @throws Problem if it is not such a recurrence, or the time zone is not known
 */
export function due(recurrence: string, timeZone: string): (time: Date) => boolean {
  const fields = recurrence.trim().split(/\s+/);
  const sets = fields.map((field, index) => values(field.toUpperCase(), index));
  if (fields.length !== 5 || sets.includes(undefined))
    throw new Problem(`${recurrence} is not a recurrence of five cron fields, such as 0 8 * * MON-FRI`);
  const [minutes, hours, days, months, weekdays] = sets as Set<number>[];
  let format: Intl.DateTimeFormat;
  try {
    const parts = { minute: "numeric", hour: "numeric", day: "numeric", month: "numeric", weekday: "short" } as const;
    format = new Intl.DateTimeFormat("en-US", { ...parts, hourCycle: "h23", timeZone });
  } catch {
    throw new Problem(`${timeZone} is not a time zone, such as Asia/Kolkata`);
  }
  return (time) => {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const weekday = DAYS.indexOf(String(parts["weekday"]).toUpperCase());
    const inMonth = days?.has(Number(parts["day"])) ?? false;
    const inWeek = (weekdays?.has(weekday) ?? false) || (weekday === 0 && (weekdays?.has(7) ?? false));
    // As cron has it: where both days are limited, one of them is enough.
    const onDay = fields[2] !== "*" && fields[4] !== "*" ? inMonth || inWeek : inMonth && inWeek;
    return (
      onDay &&
      (minutes?.has(Number(parts["minute"])) ?? false) &&
      (hours?.has(Number(parts["hour"])) ?? false) &&
      (months?.has(Number(parts["month"])) ?? false)
    );
  };
}

function values(field: string, index: number): Set<number> | undefined {
  const [least = 0, most = 0] = RANGES[index] ?? [];
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const [, range = "", step = "1"] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from = "", to] = range === "*" ? [String(least), String(most)] : range.split("-");
    const [first, last] = [numberOf(from), to === undefined ? numberOf(from) : numberOf(to)];
    if (Number.isNaN(first) || Number.isNaN(last) || first < least || last > most || Number(step) < 1) return undefined;
    for (let value = first; value <= last; value += Number(step)) found.add(value);
  }
  return found;
}

function numberOf(text: string): number {
  const day = DAYS.indexOf(text);
  return day >= 0 ? day : /^\d+$/.test(text) ? Number(text) : NaN;
}
