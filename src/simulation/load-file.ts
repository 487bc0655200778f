/** A load from a CSV file: times and values, a line each. */
import { Problem } from "../machine/problem";
import type { Load } from "./load";
import { timeIn, type Time, type TimeKind } from "./load-time";

/** A year of minutes takes some seconds. */
const MOST_SECONDS = 366 * 86_400;
const MOST_ROWS = 1_000_000;
const MOST_PROBLEMS = 20;

const PLAIN = /^\d+(\.\d+)?(e[+-]?\d+)?$/i;

interface Row {
  readonly number: number;
  readonly text: string;
  readonly time: Time | undefined;
  readonly value: number;
}

/**
 * Reads lines of time and load. The header says which load: `time,requests` per second, or `time,cpu` in CPU-seconds per second.
 *
 * Times are seconds since the beginning, or real times as ISO 8601 with a time zone, or in seconds or milliseconds of the epoch:
 * the beginning is then the first of them. The last value lasts for as long as the one before it.
 *
 * @param cpuSeconds of one request
 * @throws Problem with a line for each row that is wrong
 */
export function readCsv(name: string, text: string, cpuSeconds: number): Load {
  const [head = "", ...lines] = text
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split(/\r?\n/);
  const unit = new Map([
    ["time,requests", cpuSeconds],
    ["time,cpu", 1],
  ]).get(head.replaceAll(" ", "").toLowerCase());
  if (unit === undefined)
    throw new Problem(`${name}: the header is ${JSON.stringify(head)}; it must be "time,requests" or "time,cpu"`);
  if (lines.length < 2) throw new Problem(`${name}: needs two rows or more`);
  if (lines.length > MOST_ROWS)
    throw new Problem(`${name}: has ${String(lines.length)} rows; there can be ${String(MOST_ROWS)}`);
  const rows = lines.map((line, index) => rowOf(line, index + 2));
  const problems = problemsOf(rows).map((problem) => `${name}:${problem}`);
  if (problems.length > 0) throw new Problem(bounded(problems).join("\n"));

  const times = rows.map(({ time }) => time?.seconds ?? NaN);
  const isReal = rows[0]?.time?.kind !== "seconds";
  const begin = isReal ? (times[0] ?? 0) : 0;
  const [before = 0, last = 0] = times.slice(-2);
  const seconds = last + (last - before) - begin;
  if (seconds > MOST_SECONDS) throw new Problem(`${name}: is longer than a year, the most that is simulated`);
  const segments = rows.map(({ value }, index) => ({
    from: (times[index] ?? 0) - begin,
    cpu: value * unit,
    pinned: 0,
  }));
  return { name, seconds, segments, ...(isReal && { beginsAt: 1000 * begin }) };
}

function rowOf(text: string, number: number): Row {
  const cells = text.split(",").map((cell) => cell.trim());
  const [time = "", value = ""] = cells.length === 2 ? cells : [];
  return { number, text, time: timeIn(time), value: PLAIN.test(value) ? Number(value) : NaN };
}

/** What is wrong with each row, after its number. */
function problemsOf(rows: readonly Row[]): string[] {
  const kind = rows.find(({ time }) => time !== undefined)?.time?.kind;
  let before = -Infinity;
  return rows.flatMap((row) => {
    const problem = problemOf(row, kind, before);
    before = row.time?.seconds ?? before;
    return problem === undefined ? [] : [`${String(row.number)}: ${row.text} ${problem}`];
  });
}

function problemOf({ text, time, value }: Row, kind: TimeKind | undefined, before: number): string | undefined {
  const cells = text.split(",").length;
  if (cells !== 2)
    return `has ${String(cells)} cells and must have 2, a time and a number: write 1200.5, without a decimal comma or a comma between thousands`;
  if (time === undefined)
    return "does not begin with a time: seconds since the beginning, or such as 2026-01-05T08:00:00Z, or the seconds or milliseconds of the epoch";
  if (!Number.isFinite(value)) return "does not end with a number that is not negative, such as 1200.5";
  if (time.kind !== kind) return "has another kind of time than the rows before";
  return time.seconds > before ? undefined : "does not come after the row before";
}

const bounded = (problems: readonly string[]): readonly string[] =>
  problems.length <= MOST_PROBLEMS
    ? problems
    : [...problems.slice(0, MOST_PROBLEMS), `and ${String(problems.length - MOST_PROBLEMS)} more rows are wrong`];
