/** The texts of options: numbers, parameters and their ranges. */
import { numberIn, positiveIn, wholeIn } from "../../src/simulation/options";
import { parametersFrom } from "../../src/simulation/parameter-options";
import { DEFAULTS, LIMITS, type Parameters } from "../../src/simulation/parameters";

test.each([
  ["0", 0],
  ["1.5", 1.5],
  [".5", 0.5],
  ["1e3", 1000],
  [" 7 ", 7],
])("%j is a number", (text, number) => {
  expect(numberIn("--x", text)).toBe(number);
});

test.each(["", " ", "-1", "Infinity", "NaN", "1e999", "0x10", "1,5", "1_000", "5s", "١"])("%j is none", (text) => {
  expect(() => numberIn("--x", text)).toThrow(`--x ${text}: must be a number, not negative`);
});

test("numbers have a least and a most, and may have to be whole or positive", () => {
  expect([
    numberIn("--x", "1", 1, 2),
    numberIn("--x", "2", 1, 2),
    wholeIn("--x", "3", 0, 3),
    positiveIn("--x", "0.1"),
  ]).toEqual([1, 2, 3, 0.1]);
  expect(() => numberIn("--x", "0.9", 1, 2)).toThrow("--x 0.9: must be at least 1");
  expect(() => numberIn("--x", "2.1", 1, 2)).toThrow("--x 2.1: must be at most 2");
  expect(() => wholeIn("--x", "2.5", 0, 3)).toThrow("--x 2.5: must be a whole number");
  expect(() => wholeIn("--x", "4", 0, 3)).toThrow("--x 4: must be at most 3");
  expect(() => positiveIn("--x", "0")).toThrow("--x 0: must be more than 0");
});

describe("parameters", () => {
  test("are the defaults, the start of the settings, and what is given", () => {
    expect(parametersFrom([])).toEqual(DEFAULTS);
    expect(parametersFrom([], 300).startupSeconds).toBe(300);
    expect(parametersFrom(["startupSeconds=90", "failures=[600, 600]", "partialDatapoints=true"], 300)).toEqual({
      ...DEFAULTS,
      startupSeconds: 90,
      failures: [600, 600],
      partialDatapoints: true,
    });
  });

  const numbers = Object.keys(DEFAULTS).filter((name) => typeof DEFAULTS[name as keyof Parameters] === "number");

  test("all have limits, and defaults within them", () => {
    expect(numbers.filter((name) => LIMITS[name as keyof Parameters] === undefined)).toEqual([]);
    for (const name of numbers as (keyof Parameters)[]) {
      const [least, most] = LIMITS[name] ?? [NaN, NaN];
      expect(DEFAULTS[name]).toBeGreaterThanOrEqual(least);
      expect(DEFAULTS[name]).toBeLessThanOrEqual(most);
    }
  });

  test.each(numbers)("%s is a number between its limits", (name) => {
    const [least, most] = LIMITS[name as keyof Parameters] ?? [NaN, NaN];
    for (const inside of [least, most])
      expect(parametersFrom([`${name}=${String(inside)}`], 3600)).toMatchObject({ [name]: inside });
    for (const wrong of [
      least - 1,
      most + 1,
      "-1000",
      "null",
      "true",
      '"60"',
      "[60]",
      "{}",
      "1e999",
      "NaN",
      "",
      "0x10",
    ])
      expect(() => parametersFrom([`${name}=${String(wrong)}`], 3600)).toThrow(
        new RegExp(`^--parameter ${name}=.*: must be a (whole )?number from ${String(least)} to ${String(most)}$`),
      );
  });

  test.each(["[null]", "[-1]", '["600"]', "[1e999]", "600", "null", "{}", "[600", `[${"1,".repeat(1000)}1]`])(
    "failures=%s are refused",
    (text) => {
      expect(() => parametersFrom([`failures=${text}`])).toThrow(
        "must be a list such as [600, 900], of at most 1000 numbers",
      );
    },
  );

  test.each([
    ["partialDatapoints=1", "--parameter partialDatapoints=1: must be true or false"],
    ["retries=1.5", "--parameter retries=1.5: must be a whole number from 0 to 10"],
    [
      "bootSeconds",
      "--parameter bootSeconds: must be NAME=VALUE, such as bootSeconds=90; there are startupSeconds=120, ",
    ],
    ["__proto__=1", "--parameter __proto__=1: must be NAME=VALUE"],
    ["toString=1", "--parameter toString=1: must be NAME=VALUE"],
  ])("%s is refused", (text, line) => {
    expect(() => parametersFrom([text])).toThrow(line);
  });

  test("are given once, and all of their problems are reported", () => {
    expect(() => parametersFrom(["pollSeconds=30", "bootSeconds=-1000", "pollSeconds=60", "failures=[null]"])).toThrow(
      /^--parameter bootSeconds=-1000: [^\n]*\n--parameter pollSeconds=60: pollSeconds is given more than once\n--parameter failures=\[null\]: [^\n]*$/,
    );
  });

  test("a boot is part of the start", () => {
    expect(parametersFrom(["bootSeconds=120"]).bootSeconds).toBe(120);
    expect(parametersFrom(["bootSeconds=200", "startupSeconds=200"]).bootSeconds).toBe(200);
    expect(() => parametersFrom(["bootSeconds=121"])).toThrow("is part of startupSeconds, which is 120");
    // The default boot of 60 s is no longer than a start that the settings have.
    expect(parametersFrom([], 30)).toMatchObject({ startupSeconds: 30, bootSeconds: 60 });
  });
});
