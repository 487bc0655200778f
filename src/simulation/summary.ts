/** The results of a simulation. */
import type { Answers } from "./answers";
import type { Trace } from "./trace";

export interface Summary {
  /** Minutes in which more than 5 % of the requests were refused, or were answered later than the SLO allows. */
  readonly slowMinutes: number;
  /**
   * Seconds from when the CPU passes the threshold above which the group grows to when the first added instance is healthy;
   * undefined if none is added, 0 if it never passes.
   */
  readonly timeToCapacity: number | undefined;
  /** Percent of the group's CPU in CloudWatch: of whole periods of the metric. */
  readonly peakCpu: number;
  readonly meanCpu: number;
  /** Half (95, 99 of 100) of the answers took at most so long; undefined where nothing was answered. */
  readonly p50Seconds: number | undefined;
  readonly p95Seconds: number | undefined;
  readonly p99Seconds: number | undefined;
  /** Percent of the requests that were refused, or were answered later than the SLO allows. */
  readonly overSloPercent: number;
  readonly requestsLost: number;
  readonly requests: number;
  readonly actions: number;
  /** Times that the group was made smaller (larger) within half an hour of having been made larger (smaller). */
  readonly flaps: number;
  readonly instanceHours: number;
  /**
   * USD of the servers (their instances, disks and detailed monitoring, those of the warm pool included), their surplus credits
   * and the alarms; undefined where a price is not known.
   */
  readonly usd: number | undefined;
  /** Undefined where there are surplus credits and their price is not known. */
  readonly surplusUsd: number | undefined;
  /** Of the servers that run at the end: billed unless they earn them back. */
  readonly owedUsd: number | undefined;
}

const FLAP_SECONDS = 1800;

/** Of the requests of a minute: a minute of which more are over the SLO is too slow, as its p95 is. */
const SLOW_SHARE = 0.05;

export function summarize(trace: Trace): Summary {
  const { samples, actions, load, answers } = trace;
  const { requests, refused, p50Seconds, p95Seconds, p99Seconds } = answers;
  const { server, stopped, alarms, surplus } = trace.model.prices;
  const cpu = samples.flatMap(({ metric }) => metric ?? []);
  const surplusUsd = priced(trace.surplusVcpuHours, surplus);
  const costs = [
    priced(trace.instanceHours, server),
    priced(trace.stoppedHours, stopped),
    priced(load.seconds / 3600, alarms),
    surplusUsd,
  ];
  return {
    slowMinutes: samples.filter((sample) => overSlo(sample.answers) > SLOW_SHARE).length,
    timeToCapacity: trace.timeToCapacity,
    peakCpu: cpu.reduce((most, value) => Math.max(most, value), 0),
    meanCpu: cpu.reduce((sum, value) => sum + value, 0) / Math.max(1, cpu.length),
    p50Seconds,
    p95Seconds,
    p99Seconds,
    overSloPercent: 100 * overSlo(answers),
    requestsLost: refused,
    requests,
    actions: actions.length,
    flaps: actions.filter(({ at, from, to }, index) => {
      const before = actions[index - 1];
      return (
        before !== undefined &&
        Math.sign(to - from) !== Math.sign(before.to - before.from) &&
        at - before.at < FLAP_SECONDS
      );
    }).length,
    instanceHours: trace.instanceHours,
    usd: costs.reduce((sum, usd) => (sum === undefined || usd === undefined ? undefined : sum + usd), 0),
    surplusUsd,
    owedUsd: priced(trace.owedVcpuHours, surplus),
  };
}

/** The share of requests that were refused or late. */
export const overSlo = ({ requests, refused, late }: Answers) => (requests > 0 ? (refused + late) / requests : 0);

const priced = (hours: number, usdPerHour: number | undefined) =>
  hours === 0 ? 0 : usdPerHour === undefined ? undefined : hours * usdPerHour;
