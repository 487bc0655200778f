import { dueIn, isCron, isTimeZone } from "../../src/aws/cron";

test.each(["* * * * *", "30 8 * * MON-FRI", "0 0,12 1 1,6,12 *", "*/15 0-23/2 1-31 JAN-DEC 0-6", "59 23 31 12 sat"])(
  "%s is cron",
  (expression) => expect(isCron(expression)).toBe(true),
);

test.each([
  "",
  "0 9 * *",
  "0 9 * * * *",
  "60 * * * *",
  "* 24 * * *",
  "* * 0 * *",
  "* * * 13 *",
  "* * * * 7",
  "* * * * MON-",
  "* * * * FRI-MON",
  "MON * * * *",
  "*/0 * * * *",
  "1-2-3 * * * *",
  "1,,2 * * * *",
  "0 9  * * *",
  "0 9 * * * ",
  "@daily",
  "* * L * *",
  "* * 15W * *",
  "* * ? * *",
  "* * * * FRI#2",
  "* * * * 5-7",
])("%j is not", (expression) => expect(isCron(expression)).toBe(false));

test.each(["UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "Etc/GMT+9", "Pacific/Tahiti"])(
  "%s is a time zone",
  (name) => expect(isTimeZone(name)).toBe(true),
);

test.each(["", "utc", "Mars/Olympus", "+05:30", "Asia/", "Asia Kolkata"])("%j is none", (name) =>
  expect(isTimeZone(name)).toBe(false),
);

describe("schedules", () => {
  const at = (text: string) => new Date(text);
  test.each([
    ["0 8 * * MON-FRI", "Etc/UTC", "2026-01-05T08:00:00Z", true],
    ["0 8 * * MON-FRI", "Etc/UTC", "2026-01-04T08:00:00Z", false],
    ["*/15 * * * *", "Etc/UTC", "2026-01-05T08:45:00Z", true],
    ["*/15 * * * *", "Etc/UTC", "2026-01-05T08:46:00Z", false],
    ["30 9 * * *", "Asia/Kolkata", "2026-01-05T04:00:00Z", true],
    ["0 0 1 1 *", "Etc/UTC", "2027-01-01T00:00:00Z", true],
    ["0 0 13 * 5", "Etc/UTC", "2026-01-09T00:00:00Z", true],
    ["0 0 * * 0", "Etc/UTC", "2026-01-04T00:00:00Z", true],
    ["0 0 13 * 5", "Etc/UTC", "2026-01-13T00:00:00Z", true],
    ["0 0 13 * 5", "Etc/UTC", "2026-01-14T00:00:00Z", false],
    ["0 0 31 2 *", "Etc/UTC", "2026-01-31T00:00:00Z", false],
    ["30 9 * * *", "Asia/Kolkata", "2026-01-05T04:00:59Z", true],
    ["0 9 * * *", "Europe/Berlin", "2026-01-05T08:00:00Z", true],
    ["0 9 * * *", "Europe/Berlin", "2026-07-06T07:00:00Z", true],
  ])("%s in %s at %s: %s", (recurrence, zone, time, expected) => {
    expect(dueIn(recurrence, zone)(at(time))).toBe(expected);
  });
});

test("a schedule is due once in each of its minutes, in whatever order they are asked for", () => {
  const isDue = dueIn("*/15 8 * * *", "UTC");
  const minutes = Array.from({ length: 24 * 60 }, (_, minute) => new Date(Date.UTC(2026, 0, 5, 0, minute)));
  const due = minutes.filter(isDue).map((time) => time.toISOString().slice(11, 16));
  expect(due).toEqual(["08:00", "08:15", "08:30", "08:45"]);
  expect(minutes.reverse().filter(isDue)).toHaveLength(4);
});

test.each([
  ["0 9 * *", "UTC"],
  ["0 9 * * *", "Mars/Olympus"],
])("%j in %s is refused", (expression, zone) => {
  expect(() => dueIn(expression, zone)).toThrow(RangeError);
});
