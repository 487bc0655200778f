/** AWS's two tables: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
import fc from "fast-check";
import { evaluate, type AlarmState } from "../../src/aws/alarm";
import type { TreatMissingData } from "../../src/aws/alarm";

const TREATMENTS: readonly TreatMissingData[] = ["missing", "ignore", "breaching", "notBreaching"];
const alarm = { comparison: ">", threshold: 80, evaluationPeriods: 3 } as const;

/** Written as AWS does, the oldest first: 0 within, X breaching, - missing. */
const points = (text: string) =>
  text
    .split(" ")
    .map((point) => ({ "0": 50, X: 100 })[point])
    .reverse();

/** A state that no evaluation results in shows that the current one was kept. */
const KEPT: AlarmState = "INSUFFICIENT_DATA";
const NO_DATA: AlarmState = "INSUFFICIENT_DATA";

describe.each([
  [
    3,
    [
      ["0 - X - X", "OK", "OK", "OK", "OK"],
      ["- - - - 0", "OK", "OK", "OK", "OK"],
      ["- - - - -", NO_DATA, KEPT, "ALARM", "OK"],
      ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
      ["- - X - -", "ALARM", KEPT, "ALARM", "OK"],
    ],
  ],
  [
    2,
    [
      ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
      ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
      ["0 - X - -", "OK", "OK", "ALARM", "OK"],
      ["- - - - 0", "OK", "OK", "ALARM", "OK"],
      ["- - - X -", "ALARM", KEPT, "ALARM", "OK"],
    ],
  ],
] as const)("%d of the last 3", (datapointsToAlarm, rows) => {
  describe.each(rows.map(([text, ...states]) => ({ text, states })))("$text", ({ text, states }) => {
    test.each(TREATMENTS.map((treatMissingData, index) => [treatMissingData, states[index]] as const))(
      "%s: %s",
      (treatMissingData, state) => {
        expect(evaluate(points(text), { ...alarm, datapointsToAlarm, treatMissingData }, KEPT)).toBe(state);
      },
    );
  });
});

test.each(["- - - - X", "- - - X -"])("%s is too early for 3 of 3", (text) => {
  expect(evaluate(points(text), { ...alarm, datapointsToAlarm: 3, treatMissingData: "missing" }, "OK")).toBe("OK");
});

test("ignore keeps the state", () => {
  for (const state of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const) {
    expect(evaluate(points("- - - - -"), { ...alarm, datapointsToAlarm: 3, treatMissingData: "ignore" }, state)).toBe(
      state,
    );
  }
});

test("thresholds are strict: 80.0 is not greater than 80", () => {
  const just = { ...alarm, datapointsToAlarm: 1, evaluationPeriods: 1, treatMissingData: "missing" as const };
  expect(evaluate([80], just, "OK")).toBe("OK");
  expect(evaluate([80.01], just, "OK")).toBe("ALARM");
});

test("missing data alone never sets off an alarm with notBreaching", () => {
  const value = fc.option(fc.double({ min: 0, max: 80, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), (values, m) => {
      const rule = { ...alarm, evaluationPeriods: 5, datapointsToAlarm: m, treatMissingData: "notBreaching" as const };
      expect(evaluate(values, rule, "ALARM")).toBe("OK");
    }),
  );
});
