/** Where an axis has its marks: at round numbers, and at times that a clock shows. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Seconds from mark to mark of an axis of time. */
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28, 56].map((days) => days * DAY),
];

/** Marks from 0, at most `most + 1` of them; the last is at the value or above it. @param whole for numbers of servers */
export function ticksTo(value: number, most: number, whole = false): number[] {
  const step = roundStep(value > 0 ? value / most : 1 / most, whole);
  // A sum of steps would show as 0.30000000000000004.
  return Array.from({ length: Math.max(1, Math.ceil(value / step - 1e-9)) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

/** Powers of ten from one of them; the last is at the value or above it. */
export function powersTo(least: number, value: number): number[] {
  const first = Math.round(Math.log10(least));
  const last = Math.max(first + 1, Math.ceil(Math.log10(value) - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => Number((10 ** (first + index)).toPrecision(12)));
}

/** The least of 1, 2, 5, 10, 20 and so on that is not below a value. */
function roundStep(least: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((each) => each >= least * (1 - 1e-9)) ?? least;
  return whole ? Math.max(1, step) : step;
}

/** Seconds from 0 to the end, at most `most + 1` of them. */
export function timeTicks(seconds: number, most = 8): number[] {
  const step = TIME_STEPS.find((each) => seconds / each <= most) ?? DAY * Math.ceil(seconds / DAY / most);
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

/** `0:30`, or of a load of more than two days `day 3` and `day 3, 12:00`. */
export function timeLabel(at: number, seconds: number): string {
  const clock = (time: number) =>
    `${String(Math.floor(time / HOUR))}:${String(Math.floor((time % HOUR) / MINUTE)).padStart(2, "0")}`;
  if (seconds <= 2 * DAY) return clock(at);
  const day = `day ${String(Math.floor(at / DAY) + 1)}`;
  return at % DAY === 0 ? day : `${day}, ${clock(at % DAY)}`;
}
