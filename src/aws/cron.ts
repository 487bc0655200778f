/** When a schedule acts: Unix cron of five fields, https://docs.aws.amazon.com/autoscaling/ec2/userguide/scheduled-scaling-cron-expressions.html */

interface Field {
  readonly min: number;
  readonly max: number;
  /** Words for the numbers, from `min` on. */
  readonly words: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: readonly Field[] = [
  { min: 0, max: 59, words: [] },
  { min: 0, max: 23, words: [] },
  { min: 1, max: 31, words: [] },
  { min: 1, max: 12, words: MONTHS },
  { min: 0, max: 6, words: DAYS },
];

/** Minutes, hours, days of the month, months and days of the week in which it is due; undefined if it is no such expression. */
export function parseCron(expression: string): readonly ReadonlySet<number>[] | undefined {
  const parts = expression.split(" ");
  const sets = FIELDS.map((field, index) => valuesOf(parts[index] ?? "", field));
  return parts.length === FIELDS.length && sets.every((set) => set !== undefined) ? sets : undefined;
}

/** `*`, `5`, `1-5` or `MON-FRI`, each with or without a step such as `/15`, and several of them between commas. */
function valuesOf(text: string, { min, max, words }: Field): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [, range = "", step = "1"] = /^(\*|[0-9A-Z-]+)(?:\/(\d{1,2}))?$/i.exec(part) ?? [];
    const ends = (range === "*" ? `${String(min)}-${String(max)}` : range).split("-").map((end) => {
      const word = words.indexOf(end.toUpperCase());
      return word >= 0 ? min + word : /^\d{1,2}$/.test(end) ? Number(end) : NaN;
    });
    const [first = NaN, last = first] = ends;
    if (!(ends.length <= 2 && Number(step) >= 1 && first >= min && last <= max && first <= last)) return undefined;
    for (let value = first; value <= last; value += Number(step)) values.add(value);
  }
  return values;
}

/** Whether it is a name of the IANA list, such as `Asia/Kolkata` or `UTC`, which AWS follows through summer and winter. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z]\w*([/+-]\w+)*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a schedule is due, minute by minute.
 *
 * @throws RangeError if the expression or the time zone is not one
 */
export function dueIn(expression: string, timeZone: string): (time: Date) => boolean {
  const sets = parseCron(expression);
  if (sets === undefined) throw new RangeError(`${expression} is not a cron expression of five fields`);
  const [minutes, hours, days, months, weekdays] = sets as readonly [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  const wanted = { minute: "numeric", hour: "numeric", day: "numeric", month: "numeric", weekday: "short" } as const;
  const format = new Intl.DateTimeFormat("en-US", { ...wanted, hourCycle: "h23", timeZone });
  // As cron has it: where both the day of the month and of the week are limited, one of them is enough.
  const [, , dayField, , weekdayField] = expression.split(" ");
  const either = dayField !== "*" && weekdayField !== "*";
  return (time) => {
    const now = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const inMonth = days.has(Number(now["day"]));
    const inWeek = weekdays.has(DAYS.indexOf(String(now["weekday"]).toUpperCase()));
    return (
      (either ? inMonth || inWeek : inMonth && inWeek) &&
      minutes.has(Number(now["minute"])) &&
      hours.has(Number(now["hour"])) &&
      months.has(Number(now["month"]))
    );
  };
}
