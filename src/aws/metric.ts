/** The group's CPU in CloudWatch: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-metricscollected.html */

/** A later value for the same timestamp replaces an earlier one. */
interface Datapoint {
  readonly stamp: number;
  readonly updates: { readonly visibleAt: number; readonly value: number }[];
}

export interface MetricOptions {
  /** 300 for basic monitoring, 60 for detailed. */
  readonly resolutionSeconds: number;
  /** From a sample until CloudWatch returns it. */
  readonly delaySeconds: number;
  /** Whether a five-minute value exists after its first minute and is then updated, as on Nitro; else it exists when complete. */
  readonly partial: boolean;
}

/** One sample of the group a minute: the sum over its instances of each one's average in the period so far. */
export class GroupMetric {
  private readonly datapoints: Datapoint[] = [];

  constructor(private readonly options: MetricOptions) {}

  /** The period that the minute before `time` belongs to. */
  periodOf(time: number): number {
    const { resolutionSeconds } = this.options;
    return Math.floor((time - 1) / resolutionSeconds) * resolutionSeconds;
  }

  /** @param value mean over the instances, in percent, of the period up to now */
  record(time: number, value: number): void {
    const { resolutionSeconds, delaySeconds, partial } = this.options;
    const stamp = this.periodOf(time);
    if (!partial && time < stamp + resolutionSeconds) return;
    let last = this.datapoints.at(-1);
    if (last?.stamp !== stamp) {
      last = { stamp, updates: [] };
      this.datapoints.push(last);
    }
    last.updates.push({ visibleAt: time + delaySeconds, value });
  }

  /** Periods that end at `time`, the newest first: the mean of what is visible by then; undefined where nothing is. */
  window(time: number, periodSeconds: number, periods: number): (number | undefined)[] {
    const sums = new Array<number>(periods).fill(0);
    const counts = new Array<number>(periods).fill(0);
    const begin = time - periods * periodSeconds;
    for (let index = this.datapoints.length - 1; index >= 0; index--) {
      const point = this.datapoints[index];
      if (point === undefined || point.stamp < begin) break;
      const value = point.updates.findLast(({ visibleAt }) => visibleAt <= time)?.value;
      if (value === undefined || point.stamp >= time) continue;
      const bucket = Math.floor((time - 1 - point.stamp) / periodSeconds);
      sums[bucket] = (sums[bucket] ?? 0) + value;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    return counts.map((count, bucket) => (count === 0 ? undefined : (sums[bucket] ?? 0) / count));
  }

  /** Removes values that no alarm can ask for any more. */
  forget(before: number): void {
    let stale = 0;
    while ((this.datapoints[stale]?.stamp ?? Infinity) < before) stale++;
    if (stale > 512) this.datapoints.splice(0, stale);
  }
}
