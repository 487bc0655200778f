/** The metrics that the playground measures: kept for its alarms, and put into the emulated CloudWatch for everybody else. */

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What CloudWatch makes of the values of a period; pNN is a percentile. */
export type Statistic = "Average" | "Sum" | "Minimum" | "Maximum" | "SampleCount" | `p${number}`;

/** Values of one minute, or of the five that basic monitoring puts together. */
export interface Datapoint extends Metric {
  /** Seconds of the clock at which the period begins. */
  readonly stamp: number;
  readonly unit: "Percent" | "Count" | "Seconds" | "None";
  readonly values: readonly number[];
}

/** As long as CloudWatch's alarms of this project can look back. */
const KEPT_SECONDS = 3 * 3600;

const keyOf = ({ namespace, name, dimensions }: Metric) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([one], [other]) => one.localeCompare(other))]);

export class Metrics {
  private readonly series = new Map<string, Pick<Datapoint, "stamp" | "values">[]>();
  private unpublished: Datapoint[] = [];

  record(datapoint: Datapoint): void {
    const key = keyOf(datapoint);
    const series = this.series.get(key) ?? [];
    this.series.set(key, [...series.filter(({ stamp }) => stamp > datapoint.stamp - KEPT_SECONDS), datapoint]);
    this.unpublished.push(datapoint);
  }

  /** What was recorded since the last call. */
  take(): readonly Datapoint[] {
    const taken = this.unpublished;
    this.unpublished = [];
    return taken;
  }

  /** Periods that end at a time, the newest first; undefined where there is no value. */
  window(
    metric: Metric,
    statistic: Statistic,
    now: number,
    periodSeconds: number,
    periods: number,
  ): (number | undefined)[] {
    const series = this.series.get(keyOf(metric)) ?? [];
    return Array.from({ length: periods }, (_, age) => {
      const end = now - age * periodSeconds;
      const points = series.filter(({ stamp }) => stamp < end && stamp >= end - periodSeconds);
      return statisticOf(
        statistic,
        points.flatMap(({ values }) => values),
      );
    });
  }
}

/** @returns undefined of no values */
export function statisticOf(statistic: Statistic, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (statistic) {
    case "Average":
      return sum / values.length;
    case "Sum":
      return sum;
    case "Minimum":
      return values.reduce((least, value) => Math.min(least, value));
    case "Maximum":
      return values.reduce((most, value) => Math.max(most, value));
    case "SampleCount":
      return values.length;
    default:
      return percentile(values, Number(statistic.slice(1)));
  }
}

/** The least value that so many percent of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}
