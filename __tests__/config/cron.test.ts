import { isCron, isTimeZone } from "../../src/config/cron";

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
  "@daily",
])("%j is not", (expression) => expect(isCron(expression)).toBe(false));

test.each(["UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "Etc/GMT+9", "Pacific/Tahiti"])(
  "%s is a time zone",
  (name) => expect(isTimeZone(name)).toBe(true),
);

test.each(["", "utc", "Mars/Olympus", "+05:30", "Asia/", "Asia Kolkata"])("%j is none", (name) =>
  expect(isTimeZone(name)).toBe(false),
);
