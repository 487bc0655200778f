/** Whether two schedules are ever due in the same minute. */
import { Cron } from "croner";

export interface Recurrence {
  /** A cron expression that `isCron` accepts. */
  readonly recurrence: string;
  readonly timeZone: string;
}

/**
 * Exact for two schedules of one time zone. For two zones, it looks through the next 100 runs of each from the first of January and
 * of July 2026, so in winter and in summer: the result never depends on the clock.
 */
export function coincide(one: Recurrence, other: Recurrence): boolean {
  if (one.timeZone !== other.timeZone) return STARTS.some((start) => meetFrom(start, cronOf(one), cronOf(other)));
  const [a, b] = [fieldsOf(one.recurrence), fieldsOf(other.recurrence)];
  const share = (field: "minutes" | "hours" | "months") => [...a[field]].filter((value) => b[field].has(value));
  return (
    share("minutes").length > 0 &&
    share("hours").length > 0 &&
    share("months").some((month) =>
      // Every date of a leap year is on every day of the week in some year.
      DATES.slice(0, new Date(Date.UTC(2028, month, 0)).getUTCDate()).some((date) =>
        WEEK.some((day) => isDue(a, date, day) && isDue(b, date, day)),
      ),
    )
  );
}

const STARTS = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)];
const MAX_LEAPS = 100;

const cronOf = ({ recurrence, timeZone }: Recurrence) =>
  new Cron(recurrence, { paused: true, timezone: timeZone, domAndDow: false });

/** Whichever is behind leaps to its first run that is not before the other's. */
function meetFrom(start: number, one: Cron, other: Cron): boolean {
  const next = (cron: Cron, from: number) => cron.nextRun(new Date(from - 1000))?.getTime() ?? Infinity;
  let [a, b] = [next(one, start), next(other, start)];
  for (let leap = 0; leap < MAX_LEAPS && a !== b; leap++) {
    if (a < b) a = next(one, b);
    else b = next(other, a);
  }
  return a === b && a !== Infinity;
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

const isDue = ({ dates, weekdays, either }: Fields, date: number, weekday: number) =>
  either ? dates.has(date) || weekdays.has(weekday) : dates.has(date) && weekdays.has(weekday);

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

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
}

const DATES = range(1, 31);
const WEEK = range(0, 6);
