import { dueIn, isTimeZone, parseCron } from "../../src/aws/cron";

test.each(["* * * * *", "30 8 * * MON-FRI", "0 0,12 1 1,6,12 *", "*/15 0-23/2 1-31 JAN-DEC 0-6", "59 23 31 12 sat"])(
  "%s is cron",
  (expression) => expect(parseCron(expression)).toBeDefined(),
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
  "@daily",
])("%j is not", (expression) => expect(parseCron(expression)).toBeUndefined());

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
  ])("%s in %s at %s: %s", (recurrence, zone, time, expected) => {
    expect(dueIn(recurrence, zone)(at(time))).toBe(expected);
  });
});
