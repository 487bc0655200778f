/** How CloudWatch decides an alarm's state: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */

export type TreatMissingData = "missing" | "ignore" | "breaching" | "notBreaching";

/** A CloudWatch alarm on the group's average CPU. */
export interface Alarm {
  readonly name: string;
  readonly comparison: ">" | ">=" | "<" | "<=";
  /** Percent. */
  readonly threshold: number;
  readonly periodSeconds: number;
  /** N, of which M must breach. */
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
  /** Names of the scaling policies that it calls. */
  readonly policies: readonly string[];
}

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** CloudWatch looks at more periods than are asked for; AWS's tables show 5 for 3, and no rule is documented. */
export const EXTRA_PERIODS = 2;

type AlarmSettings = Pick<
  Alarm,
  "comparison" | "threshold" | "evaluationPeriods" | "datapointsToAlarm" | "treatMissingData"
>;

/**
 * @param points values of the evaluation range, the newest first; undefined where there is none
 * @param state before this evaluation
 */
export function evaluate(points: readonly (number | undefined)[], alarm: AlarmSettings, state: AlarmState): AlarmState {
  const { evaluationPeriods: n, datapointsToAlarm: m, treatMissingData } = alarm;
  const real = points.flatMap((value, index) =>
    value === undefined ? [] : [{ breaches: breaches(value, alarm), age: index + 1 }],
  );
  const decide = (breaching: number) => (breaching >= m ? "ALARM" : "OK");
  const count = (some: typeof real) => some.filter((point) => point.breaches).length;

  if (real.length === 0)
    return { missing: "INSUFFICIENT_DATA", ignore: state, breaching: "ALARM", notBreaching: "OK" }[
      treatMissingData
    ] as AlarmState;
  // With n real points in the range, the setting for missing ones has no effect.
  if (real.length >= n) return decide(count(real.slice(0, n)));
  if (treatMissingData === "breaching") return decide(count(real) + n - real.length);
  if (treatMissingData === "notBreaching" || count(real) >= m) return decide(count(real));

  // There are too few points to decide, but those that exist have breached for long enough.
  const oldest = real.findLast((point) => point.breaches);
  const premature =
    real.length < m &&
    oldest !== undefined &&
    oldest.age >= m &&
    count(real) === real.filter(({ age }) => age <= oldest.age).length;
  if (!premature) return "OK";
  return treatMissingData === "ignore" ? state : "ALARM";
}

/** "Greater than 80" is strict: 80.0 does not breach. */
function breaches(value: number, { comparison, threshold }: Pick<Alarm, "comparison" | "threshold">): boolean {
  switch (comparison) {
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
  }
}
