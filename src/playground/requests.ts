/** What the load balancer has answered: as CloudWatch's metrics of each minute, and as rates of the last seconds. */
import type { RequestRecord } from "./balancer/listener";
import { percentile, type Datapoint, type Metric } from "./metrics";

/** Real time that the rates are of. */
const RECENT_MS = 5000;

/** The part of an ARN that is the dimension of the metrics: `app/NAME/ID`, `targetgroup/NAME/ID`. */
export const dimensionOf = (arn: string) => (arn.split(":").at(-1) ?? "").replace(/^loadbalancer\//, "");

export interface Rates {
  readonly perSecond: number;
  readonly errorsPerSecond: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

export class Requests {
  private minute: RequestRecord[] = [];
  private recent: (RequestRecord & { readonly at: number })[] = [];

  add(record: RequestRecord): void {
    const at = performance.now();
    this.minute.push(record);
    this.recent.push({ ...record, at });
    if ((this.recent[0]?.at ?? at) < at - 2 * RECENT_MS) this.recent = this.recent.filter(isRecent(at));
  }

  /** Of one server, or of all of a load balancer. */
  rates(of: { readonly instance?: string; readonly balancer?: string }): Rates {
    const records = this.recent
      .filter(isRecent(performance.now()))
      .filter(
        ({ instance, balancer }) => instance === (of.instance ?? instance) && balancer === (of.balancer ?? balancer),
      );
    const milliseconds = records.map(({ seconds }) => 1000 * seconds);
    return {
      perSecond: (1000 * records.length) / RECENT_MS,
      errorsPerSecond: (1000 * records.filter(({ status }) => status >= 500).length) / RECENT_MS,
      p50Ms: percentile(milliseconds, 50),
      p99Ms: percentile(milliseconds, 99),
    };
  }

  /**
   * The metrics of the minute that has just ended. One that counts nothing has no value, as on AWS.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
   */
  takeMinute(stamp: number): Datapoint[] {
    const byDimensions = new Map<
      string,
      { readonly metric: Metric; readonly unit: Datapoint["unit"]; values: number[] }
    >();
    const add = (dimensions: Metric["dimensions"], name: string, unit: Datapoint["unit"], value: number) => {
      const key = JSON.stringify([dimensions, name]);
      const metric = { namespace: "AWS/ApplicationELB", name, dimensions };
      const entry = byDimensions.get(key) ?? { metric, unit, values: [] };
      byDimensions.set(key, entry);
      if (unit === "Count") entry.values = [(entry.values[0] ?? 0) + value];
      else entry.values.push(value);
    };
    for (const { balancer, targetGroup, status, byBalancer, seconds } of this.minute) {
      const whole = { LoadBalancer: dimensionOf(balancer) };
      const group = targetGroup && { TargetGroup: dimensionOf(targetGroup), ...whole };
      const kind = `${String(Math.floor(status / 100))}XX_Count`;
      for (const dimensions of group ? [whole, group] : [whole]) {
        if (byBalancer) {
          add(dimensions, `HTTPCode_ELB_${kind}`, "Count", 1);
          if (status >= 500 && status <= 504) add(dimensions, `HTTPCode_ELB_${String(status)}_Count`, "Count", 1);
        } else {
          add(dimensions, "RequestCount", "Count", 1);
          add(dimensions, `HTTPCode_Target_${kind}`, "Count", 1);
          add(dimensions, "TargetResponseTime", "Seconds", seconds);
        }
      }
    }
    this.minute = [];
    return [...byDimensions.values()].map(({ metric, unit, values }) => ({ ...metric, unit, values, stamp }));
  }
}

const isRecent =
  (now: number) =>
  ({ at }: { readonly at: number }) =>
    at > now - RECENT_MS;
