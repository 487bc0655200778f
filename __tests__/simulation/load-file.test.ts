/** Loads from files: what is accepted, and that everything else is refused with the number of its row. */
import { modelOf } from "../../src/commands/simulate";
import { environments } from "../../src/config/environments";
import { readCsv } from "../../src/simulation/load-file";
import { simulate } from "../../src/simulation/simulate";

const csv = (...rows: string[]) => readCsv("a.csv", ["time,requests", ...rows].join("\n"), 0.05);

test("are read in requests or in CPU, whatever ends their lines", () => {
  expect(csv("0,10", "60,20")).toEqual({
    name: "a.csv",
    seconds: 120,
    segments: [
      { from: 0, cpu: 0.5, pinned: 0 },
      { from: 60, cpu: 1, pinned: 0 },
    ],
  });
  expect(readCsv("a.csv", "\uFEFFtime, CPU\r\n0,1\r\n60, 2e-1\r\n\r\n", 0.05).segments[1]?.cpu).toBe(0.2);
});

test("the last value lasts as long as the one before it, and seconds before the first have no load", () => {
  expect(csv("600,1", "4200,2", "4260,3")).toMatchObject({
    seconds: 4320,
    segments: [{ from: 600 }, {}, { from: 4260 }],
  });
});

const CELLS =
  "cells and must have 2, a time and a number: write 1200.5, without a decimal comma or a comma between thousands";
const NOT_A_TIME = "does not begin with a time";
const NOT_A_NUMBER = "does not end with a number that is not negative, such as 1200.5";

test.each([
  ["0,1,200", `has 3 ${CELLS}`],
  ["0,0,5", `has 3 ${CELLS}`],
  ['0,"1,200"', `has 3 ${CELLS}`],
  ["0,1,", `has 3 ${CELLS}`],
  ["0;1", `has 1 ${CELLS}`],
  ["", `has 1 ${CELLS}`],
  ["0,", NOT_A_NUMBER],
  ["0,-1", NOT_A_NUMBER],
  ["0,1e999", NOT_A_NUMBER],
  ["0,Infinity", NOT_A_NUMBER],
  ["0,NaN", NOT_A_NUMBER],
  ["0,0x10", NOT_A_NUMBER],
  ["0,.5", NOT_A_NUMBER],
  ["0,1 200", NOT_A_NUMBER],
  ["0,1_200", NOT_A_NUMBER],
  ["-60,1", NOT_A_TIME],
  [",1", NOT_A_TIME],
  ["1e999,1", NOT_A_TIME],
  ["soon,1", NOT_A_TIME],
  ["08:00,1", NOT_A_TIME],
  // Without a time zone it would have to be guessed.
  ["2026-01-05T08:00:00,1", NOT_A_TIME],
  ["2026-01-05,1", NOT_A_TIME],
  ["2026-02-30T08:00:00Z,1", NOT_A_TIME],
  ["2026-13-01T08:00:00Z,1", NOT_A_TIME],
  ["2026-01-05T25:00:00Z,1", NOT_A_TIME],
])("a row of %j is refused with its number", (row, problem) => {
  expect(() => csv(row, "60,1")).toThrow(`a.csv:2: ${row} ${problem}`);
});

test("all wrong rows are reported at once, each once, and no more than a screen of them", () => {
  expect(() => csv("0,x", "0,1,2", "60,1", "60,1", "30,1", "90,1")).toThrow(
    new RegExp(
      `^a.csv:2: 0,x does not end .*\\na.csv:3: 0,1,2 has 3 .*\\na.csv:5: 60,1 does not come after the row before\\na.csv:6: 30,1 does not come after the row before$`,
    ),
  );
  const many = Array.from({ length: 100 }, (_, index) => `${String(index)},x`);
  expect(() => csv(...many)).toThrow(/a\.csv:21: 19,x [^\n]*\nand 80 more rows are wrong$/);
  expect(() => csv(...many.slice(0, 20))).toThrow(/a\.csv:21: 19,x [^\n]*$/);
});

test.each([
  ["when,what\n0,1\n60,1", 'a.csv: the header is "when,what"; it must be "time,requests" or "time,cpu"'],
  ["time,requests,errors\n0,1\n60,1", "it must be"],
  ["time;requests\n0;1\n60;1", 'the header is "time;requests"'],
  ["0,1\n60,1", 'the header is "0,1"'],
  ["", 'the header is ""'],
  ["time,requests", "a.csv: needs two rows or more"],
  ["time,requests\n0,1", "a.csv: needs two rows or more"],
])("a file of %j is refused", (text, problem) => {
  expect(() => readCsv("a.csv", text, 1)).toThrow(problem);
});

test.each([
  ["in seconds of the epoch", "1767600000,1", "1767600300,2", 300],
  ["in milliseconds of the epoch", "1767600000000,1", "1767600300500,2", 300.5],
  ["in UTC", "2026-01-05T08:00:00Z,1", "2026-01-05T08:05:00Z,2", 300],
  ["with a fraction", "2026-01-05T08:00:00.000Z,1", "2026-01-05T08:05:00.500Z,2", 300.5],
  ["in other time zones", "2026-01-05T13:30:00+05:30,1", "2026-01-05T03:05-0500,2", 300],
  ["with a blank, to the minute", "2026-01-05 08:00Z,1", "2026-01-05 08:05Z,2", 300],
])("times %s begin with the first", (_, first, second, seconds) => {
  expect(csv(first, second)).toEqual({
    name: "a.csv",
    beginsAt: Date.UTC(2026, 0, 5, 8),
    seconds: 2 * seconds,
    segments: [
      { from: 0, cpu: 0.05, pinned: 0 },
      { from: seconds, cpu: 0.1, pinned: 0 },
    ],
  });
});

test("times of several kinds are refused", () => {
  const problem = "has another kind of time than the rows before";
  expect(() => csv("0,1", "1767600000,1")).toThrow(`a.csv:3: 1767600000,1 ${problem}`);
  expect(() => csv("2026-01-05T08:00:00Z,1", "1767600300,1")).toThrow(`a.csv:3: 1767600300,1 ${problem}`);
  expect(() => csv("1767600000,1", "1767600300000,1")).toThrow(problem);
});

test("a load of more than a year, or of a million rows, is refused, and one of a year is not", () => {
  expect(csv("0,1", `${String(183 * 86_400)},1`).seconds).toBe(366 * 86_400);
  expect(() => csv("0,1", `${String(183 * 86_400 + 1)},1`)).toThrow(
    "a.csv: is longer than a year, the most that is simulated",
  );
  expect(() => csv("2024-01-01T00:00:00Z,1", "2026-01-01T00:00:00Z,1")).toThrow("is longer than a year");
  expect(() => readCsv("a.csv", `time,cpu\n${"0,1\n".repeat(1_000_001)}`, 1)).toThrow(
    "a.csv: has 1000001 rows; there can be 1000000",
  );
});

test("schedules follow the clock of a load with real times, in their own time zone", () => {
  const model = modelOf("production", environments.production);
  // Thursdays at 08:30 in Kolkata, which is at 03:00 UTC.
  const schedule = { name: "morning", recurrence: "30 8 * * THU", timeZone: "Asia/Kolkata", minSize: 2, desired: 2 };
  const acted = (begin: string) => {
    const seconds = Date.parse(begin) / 1000;
    const load = csv(`${String(seconds)},1`, `${String(seconds + 7200)},1`);
    return simulate({ ...model, schedules: [schedule] }, load, { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 })
      .actions.filter(({ by }) => by === "morning")
      .map(({ at }) => at);
  };
  expect(acted("2026-01-08T02:00:00Z")).toEqual([3600]); // a Thursday
  expect(acted("2026-01-08T07:30:00+05:30")).toEqual([3600]);
  expect(acted("2026-01-07T02:00:00Z")).toEqual([]);
});
