/**
 * When a schedule acts: Unix cron of five fields, as Auto Scaling takes it.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/scheduled-scaling-cron-expressions.html
 */
import { Cron } from "croner";

const MINUTE = 60_000;

/** AWS accepts less than croner, which also knows seconds, `L`, `W`, `#`, `?`, `@daily` and 7 for Sunday. */
const VALUE = String.raw`(\d{1,2}|[A-Z]{3})`;
const PART = String.raw`(\*|${VALUE}(-${VALUE})?)(/\d{1,2})?`;
const FIVE_FIELDS = new RegExp(`^(${PART}(,${PART})*( |$)){5}$`, "i");
const SUNDAY_AS_7 = /(?<!\/)7\S*$/;

/** Whether it is such an expression: `30 8 * * MON-FRI`. */
export function isCron(expression: string): boolean {
  if (!FIVE_FIELDS.test(expression) || expression.endsWith(" ") || SUNDAY_AS_7.test(expression)) return false;
  try {
    new Cron(expression, { paused: true });
    return true;
  } catch {
    return false;
  }
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
 * Whether a schedule is due in the minute of a time. It is fast for times that follow each other: the next run is
 * looked for only when the last one has passed.
 *
 * Where both the day of the month and the day of the week are limited, either is enough, as in Unix cron.
 *
 * @throws RangeError if the expression or the time zone is not one
 */
export function dueIn(expression: string, timeZone: string): (time: Date) => boolean {
  if (!isCron(expression)) throw new RangeError(`${expression} is not a cron expression of five fields`);
  if (!isTimeZone(timeZone)) throw new RangeError(`${timeZone} is not a time zone`);
  const cron = new Cron(expression, { paused: true, timezone: timeZone, domAndDow: false });
  // No run is from `since` to `next`, which is Infinity for a day that no calendar has.
  let [since, next] = [Infinity, -Infinity];
  return (time) => {
    const minute = Math.floor(time.getTime() / MINUTE) * MINUTE;
    if (minute < since || minute > next) {
      since = minute;
      next = cron.nextRun(new Date(minute - 1000))?.getTime() ?? Infinity;
    }
    return minute === next;
  };
}
