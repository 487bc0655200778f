/** Whether two schedules are ever due in the same minute. */

export interface Recurrence {
  /** A cron expression that `isCron` accepts. */
  readonly recurrence: string;
  readonly timeZone: string;
}

/**
 * It depends on no clock: every date of a leap year is taken on every day of the week, which all occur, and the time zones are those
 * of 2026, as on the first and on the 28th of each month.
 */
export function coincide(one: Recurrence, other: Recurrence): boolean {
  const [a, b] = [fieldsOf(one.recurrence), fieldsOf(other.recurrence)];
  return [...a.months].some((month) =>
    shiftsIn(month, one.timeZone, other.timeZone).some((minutes) =>
      dayShifts(a, b, minutes).some((days) =>
        datesOf(month).some((date) =>
          WEEK.some((weekday) => isDue(a, month, date, weekday) && isDue(b, ...later(days, month, date, weekday))),
        ),
      ),
    ),
  );
}

interface Fields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly dates: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** As in Unix cron: where both the date and the day of the week are limited, either is enough. */
  readonly either: boolean;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const DAY = 1440;
const LEAP_YEAR = 2028;

function fieldsOf(expression: string): Fields {
  const [minute = "", hour = "", date = "", month = "", weekday = ""] = expression.toUpperCase().split(" ");
  return {
    minutes: valuesOf(minute, 0, 59),
    hours: valuesOf(hour, 0, 23),
    dates: valuesOf(date, 1, 31),
    months: valuesOf(month, 1, 12, MONTHS),
    weekdays: valuesOf(weekday, 0, 6, WEEKDAYS),
    either: date !== "*" && weekday !== "*",
  };
}

/** `*`, `5`, `1-5`, `*` and `1-30` with a step, and lists of them; a name is its place in the list, from `min` on. */
function valuesOf(field: string, min: number, max: number, names: readonly string[] = []): ReadonlySet<number> {
  const number = (text: string) => (names.includes(text) ? names.indexOf(text) + min : Number(text));
  return new Set(
    field.split(",").flatMap((part) => {
      const [span = "", step] = part.split("/");
      const [first = "", last] = span === "*" ? [String(min), String(max)] : span.split("-");
      const end = last === undefined ? (step === undefined ? number(first) : max) : number(last);
      return range(number(first), end).filter((value) => (value - number(first)) % Number(step ?? 1) === 0);
    }),
  );
}

function isDue({ dates, months, weekdays, either }: Fields, month: number, date: number, weekday: number): boolean {
  const [onDate, onWeekday] = [dates.has(date), weekdays.has(weekday)];
  return months.has(month) && (either ? onDate || onWeekday : onDate && onWeekday);
}

/** By how many minutes the other zone's clock is ahead in a month: more than one value where the clocks change. */
function shiftsIn(month: number, zone: string, other: string): number[] {
  if (zone === other) return [0];
  const days = [1, 28].map((date) => new Date(Date.UTC(2026, month - 1, date)));
  return [...new Set(days.map((day) => minutesAhead(other, day) - minutesAhead(zone, day)))];
}

function minutesAhead(timeZone: string, time: Date): number {
  const shown = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).format(time);
  const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(shown) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

/** How many days later it is there at the times of day at which both are due. */
function dayShifts(a: Fields, b: Fields, shift: number): number[] {
  const times = [...a.hours].flatMap((hour) => [...a.minutes].map((minute) => hour * 60 + minute + shift));
  const met = times.filter(
    (time) => b.minutes.has(((time % 60) + 60) % 60) && b.hours.has(Math.floor((((time % DAY) + DAY) % DAY) / 60)),
  );
  return [...new Set(met.map((time) => Math.floor(time / DAY)))];
}

function later(
  days: number,
  month: number,
  date: number,
  weekday: number,
): [month: number, date: number, weekday: number] {
  const day = new Date(Date.UTC(LEAP_YEAR, month - 1, date + days));
  return [day.getUTCMonth() + 1, day.getUTCDate(), (weekday + days + WEEK.length) % WEEK.length];
}

const datesOf = (month: number) => range(1, new Date(Date.UTC(LEAP_YEAR, month, 0)).getUTCDate());

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
}

const WEEK = range(0, 6);
