/** When a schedule acts: Unix cron of five fields, https://docs.aws.amazon.com/autoscaling/ec2/userguide/scheduled-scaling-cron-expressions.html */

interface Field {
  readonly min: number;
  readonly max: number;
  /** Words for the numbers, from `min` on. */
  readonly words?: string;
}

/** Minute, hour, day of the month, month, day of the week. */
const FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, words: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC" },
  { min: 0, max: 6, words: "SUN MON TUE WED THU FRI SAT" },
];

export function isCron(expression: string): boolean {
  const fields = expression.split(" ");
  return (
    fields.length === FIELDS.length &&
    FIELDS.every((field, index) => (fields[index] ?? "").split(",").every((part) => isPart(part, field)))
  );
}

/** `*`, `5`, `1-5` or `MON-FRI`, each with or without a step such as `/15`. */
function isPart(part: string, { min, max, words = "" }: Field): boolean {
  const [, range = "", step = "1"] = /^(\*|[0-9A-Z-]+)(?:\/(\d{1,2}))?$/i.exec(part) ?? [];
  if (range === "" || Number(step) < 1) return false;
  if (range === "*") return true;
  const ends = range.split("-").map((end) => {
    const word = words.split(" ").indexOf(end.toUpperCase());
    return word >= 0 ? min + word : /^\d{1,2}$/.test(end) ? Number(end) : NaN;
  });
  const [first = NaN, last = first] = ends;
  return ends.length <= 2 && first >= min && last <= max && first <= last;
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
