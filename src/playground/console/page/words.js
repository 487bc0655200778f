/** Figures and times as people read them. */

/** @param seconds of the clock; @param snapshot whose date they are counted from */
export function timeOf(seconds, { time, now }) {
  // To a tenth: the dates have whole milliseconds, and an event of a whole minute must not seem to be before it.
  const date = Date.parse(time) + (seconds - now) * 1000;
  return new Date(Math.round(date / 100) * 100).toISOString().slice(11, 19);
}

export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  return whole < 86_400 ? `${figure(whole / 3600)} h` : `${figure(whole / 86_400)} days`;
}

/** Three digits are enough. */
export function figure(value) {
  if (value === undefined || value === null) return "–";
  if (value > 0 && value < 0.1) return "< 0.1";
  return value < 10 ? String(Math.round(value * 10) / 10) : Math.round(value).toLocaleString("en");
}

export const percent = (value) => (value === undefined || value === null ? "–" : `${Math.round(value)} %`);
export const milliseconds = (value) => (value === undefined || value === null ? "–" : `${figure(value)} ms`);

export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}
