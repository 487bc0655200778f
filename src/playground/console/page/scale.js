/** From values to pixels, and the figures that people like to read on an axis. */

/** Seconds that the time axis shows at the least. */
const SHORTEST = 900;
const STEPS = [60, 120, 300, 600, 900, 1800, 3600];

/** The time axis grows in steps, so that its marks stay where they are for a while. */
export function niceSpan(seconds) {
  return [SHORTEST, 1800, 3600].find((span) => span >= seconds) ?? 3600;
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15 … */
export function niceMost(value) {
  if (!(value > 1)) return 1;
  const ten = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * ten).find((most) => most >= value);
}

/** @returns seconds of the clock at whole minutes of the date, at the most `most` of them */
export function minutesBetween({ time, now }, span, most) {
  const step = STEPS.find((each) => span / each <= most) ?? 3600;
  const date = Date.parse(time) / 1000;
  const first = Math.ceil((date - span) / step) * step;
  const marks = [];
  for (let at = first; at <= date; at += step) marks.push(now + at - date);
  return marks;
}

/** Straight from sample to sample, broken where there is none. */
export function line(history, x, y, value) {
  let broken = true;
  return history
    .map((sample) => {
      const height = value(sample);
      if (height === null) {
        broken = true;
        return "";
      }
      const letter = broken ? "M" : "L";
      broken = false;
      return `${letter}${x(sample.at)} ${y(height)}`;
    })
    .join("");
}

/** A count holds until the next sample. */
export function steps(history, x, y, value) {
  return history
    .map((sample, index) =>
      index === 0 ? `M${x(sample.at)} ${y(value(sample))}` : `H${x(sample.at)}V${y(value(sample))}`,
    )
    .join("");
}

/** What is under such a line, which must not be broken. */
export function area(history, x, y, value, outline = line) {
  if (history.length === 0) return "";
  return `${outline(history, x, y, value)}V${y(0)}H${x(history[0].at)}z`;
}
