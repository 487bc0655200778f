/** What a request costs: the CPU of the servers beside the requests that they have answered, period by period. */
import type { Model } from "../model";
import type { Metric, Observed, Point } from "./observed";
import { lineThrough, type Line } from "./regression";

export interface RequestCpu {
  readonly seconds: number;
  /** It is between these in 95 of 100 cases. */
  readonly range: readonly [least: number, most: number];
  /** Share of the CPU's variance that the requests explain. */
  readonly explained: number;
  /** CPU of a server without requests, in percent. */
  readonly idlePercent: number;
  readonly periods: number;
  readonly periodSeconds: number;
  /** Periods left out, in which a server was as good as fully busy. */
  readonly saturated: number;
}

/** From there on, more requests wait, and no longer show as CPU. */
const SATURATED_PERCENT = 95;
const LEAST_PERIODS = 20;

/** @returns what a request costs, or why that cannot be worked out */
export function requestCpu(observed: Observed, { minSize, maxSize, instance }: Model): RequestCpu | string {
  const cpu = sorted(observed, "CPUUtilization");
  if (cpu.length === 0) return "no file has the CPU of the group: CPUUtilization by AutoScalingGroupName";
  if (cpu.some(({ value }) => value > 100)) return "CPUUtilization is not its Average: a value is above 100 %";
  const periodSeconds = spacing(cpu);
  if (cpu.length < LEAST_PERIODS) return tooFew(cpu.length);
  if (periodSeconds === 0) return twice("CPUUtilization");
  if (periodSeconds % 60 !== 0) return "CPUUtilization has values that are not whole minutes apart";
  const requests = requestsPerServer(observed, periodSeconds, minSize === maxSize ? minSize : undefined);
  if (typeof requests === "string") return requests;

  const both = cpu.flatMap(({ at, value }) => {
    const perSecond = requests(at);
    return perSecond === undefined ? [] : [{ percent: value, perSecond }];
  });
  const usable = both.filter(({ percent }) => percent < SATURATED_PERCENT);
  if (usable.length < LEAST_PERIODS) return tooFew(usable.length);
  const line = lineThrough(usable.map(({ percent, perSecond }) => [perSecond, (percent / 100) * instance.vcpus]));
  if (!follows(line))
    return "the CPU does not follow the requests: something else uses it, or the load is always the same";
  return {
    seconds: line.slope,
    range: [Math.max(0, line.slopeRange[0]), line.slopeRange[1]],
    explained: line.explained,
    idlePercent: Math.max(0, (100 * line.offset) / instance.vcpus),
    periods: usable.length,
    periodSeconds,
    saturated: both.length - usable.length,
  };
}

const tooFew = (periods: number) =>
  `only ${String(periods)} periods have both the CPU (below ${String(SATURATED_PERCENT)} %) and requests; ${String(LEAST_PERIODS)} are needed`;
const twice = (metric: Metric) => `${metric} has two values of one period: is a file given twice?`;

/** Whether more requests certainly use more CPU. */
const follows = ({ slopeRange: [least] }: Line) => least > 0;

/** Requests a second to each server in the period from a time on; undefined where it is not known. */
type PerServer = (at: number) => number | undefined;

/** @param size of a group that has always the same @returns the lookup, or why there is none */
function requestsPerServer(observed: Observed, period: number, size: number | undefined): PerServer | string {
  for (const metric of ["RequestCountPerTarget", "RequestCount"] as const) {
    const points = sorted(observed, metric);
    if (points.length === 0) continue;
    if (spacing(points) === 0) return twice(metric);
    if (points.length > 1 && spacing(points) !== period)
      return `${metric} has a value every ${String(spacing(points))} s and CPUUtilization every ${String(period)} s: ask for both with the same --period`;
    const servers = sorted(observed, "GroupInServiceInstances");
    if (metric === "RequestCount" && servers.length === 0 && size === undefined)
      return "RequestCount is of all servers, and no file says how many there were: ask for RequestCountPerTarget, or for GroupInServiceInstances as well";
    const each = lookup(servers);
    const sums = lookup(points);
    const [first = 0, last = 0] = [points[0]?.at, points.at(-1)?.at];
    return (at) => {
      const count = metric === "RequestCountPerTarget" ? 1 : servers.length > 0 ? each(at) : size;
      // Without requests there is no value: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
      const sum = sums(at) ?? (at > first && at < last ? 0 : undefined);
      return count === undefined || count === 0 || sum === undefined ? undefined : sum / count / period;
    };
  }
  const { answers } = observed;
  if (answers === undefined) return "no file has the requests: RequestCountPerTarget, RequestCount, or an access log";
  return (at) => {
    if (at < answers.first || at + period > answers.last) return undefined;
    const minutes = Array.from({ length: period / 60 }, (_, index) => answers.minutes.get(at + 60 * index));
    const requests = minutes.reduce((sum, minute) => sum + (minute?.requests ?? 0), 0);
    const servers = new Set(minutes.flatMap((minute) => [...(minute?.servers ?? [])]));
    return requests === 0 ? undefined : requests / servers.size / period;
  };
}

const sorted = ({ metrics }: Observed, metric: Metric): Point[] =>
  [...(metrics.get(metric) ?? [])].sort((one, other) => one.at - other.at);

const lookup = (points: readonly Point[]): PerServer => {
  const values = new Map(points.map(({ at, value }) => [at, value]));
  return (at) => values.get(at);
};

/** Seconds from value to value: the least, since periods may be missing; 0 if one is there twice, Infinity of a single one. */
const spacing = (points: readonly Point[]) =>
  points.slice(1).reduce((least, { at }, index) => Math.min(least, at - (points[index]?.at ?? 0)), Infinity);
