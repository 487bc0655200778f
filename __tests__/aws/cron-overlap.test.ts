import fc from "fast-check";
import { dueIn } from "../../src/aws/cron";
import { coincide } from "../../src/aws/cron-overlap";

const [india, utc] = ["Asia/Kolkata", "UTC"];
const at = (recurrence: string, timeZone = utc) => ({ recurrence, timeZone });

test.each([
  [at("0 9 * * *"), at("0 9 * * *"), true],
  [at("0 9 * * *"), at("00 09 * * *"), true],
  [at("0 9 * * *"), at("1 9 * * *"), false],
  [at("0 9 * * *"), at("0 9 * * MON"), true],
  [at("0 9 * * MON-FRI"), at("0 9 * * SAT,SUN"), false],
  [at("0 9 * * mon-fri"), at("0 9 * * 5"), true],
  [at("*/15 * * * *"), at("30 4 * * *"), true],
  [at("*/15 * * * *"), at("20 4 * * *"), false],
  [at("0 9 29 FEB *"), at("0 9 * * *"), true],
  [at("0 9 29 FEB *"), at("0 9 1-28 * *"), false],
  [at("0 9 31 APR *"), at("0 9 * * *"), false],
  [at("0 9 1 * MON"), at("0 9 * * MON"), true],
  [at("0 9 13 * *"), at("0 9 * * FRI"), true],
  [at("0 9 * 1-6 *"), at("0 9 * JUL-DEC *"), false],
  [at("30 8 * * *", india), at("0 3 * * *"), true],
  [at("30 8 * * *", india), at("30 8 * * *"), false],
  [at("30 8 * * *", india), at("*/2 * * * *"), true],
  [at("0 9 * * *", "Europe/Berlin"), at("0 7 * * *"), true],
  [at("0 9 * * *", "Europe/Berlin"), at("0 8 * * *"), true],
  [at("0 9 * * *", "Europe/Berlin"), at("0 6 * * *"), false],
  [at("0 9 * JAN *", "Europe/Berlin"), at("0 7 * * *"), false],
  [at("0 1 * * MON", india), at("30 19 * * SUN"), true],
  [at("0 1 * * MON", india), at("30 19 * * MON"), false],
  [at("0 1 1 JAN *", india), at("30 19 31 DEC *"), true],
  [at("0 22 * * *", "America/New_York"), at("30 7 * * *", india), true],
])("%j and %j are due in one minute: %s", (one, other, expected) => {
  expect([coincide(one, other), coincide(other, one)]).toEqual([expected, expected]);
});

test("it agrees with the runs themselves, within one zone", () => {
  const field = (max: number, step: string) =>
    fc.oneof(fc.constant("*"), fc.nat(max).map(String), fc.constant(step), fc.constant(`0-${String(max)}/3`));
  const recurrence = fc
    .tuple(field(59, "*/20"), field(23, "5-20/5"), fc.constantFrom("*", "1", "1-5", "*/9"), fc.constantFrom("*", "MON"))
    .map(([minute, hour, date, weekday]) => `${minute} ${hour} ${date} * ${weekday}`);
  fc.assert(
    fc.property(recurrence, recurrence, (one, other) => {
      const [isOne, isOther] = [dueIn(one, utc), dueIn(other, utc)];
      const minutes = Array.from({ length: 8 * 1440 }, (_, n) => new Date(Date.UTC(2026, 5, 1) + n * 60_000));
      const met = minutes.some((minute) => isOne(minute) && isOther(minute));
      if (met) expect(coincide(at(one), at(other))).toBe(true);
      else expect(coincide(at(one), at(other)) && one.split(" ")[2] === "*" && other.split(" ")[2] === "*").toBe(false);
    }),
    { numRuns: 15 },
  );
});
