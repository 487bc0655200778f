/** The results of a simulation. */
import type { Service } from "./service";
import type { Trace } from "./trace";

export interface Summary {
  /** Minutes in which answers took too long, or were refused. */
  readonly slowMinutes: number;
  /** Seconds from the beginning of the load to the first added instance that is healthy; undefined if none is added. */
  readonly timeToCapacity: number | undefined;
  /** Percent of the group's CPU. */
  readonly peakCpu: number;
  readonly meanCpu: number;
  readonly worstLatencySeconds: number;
  readonly requestsLost: number;
  readonly requests: number;
  readonly actions: number;
  /** Times that the group was made smaller (larger) within half an hour of having been made larger (smaller). */
  readonly flaps: number;
  readonly instanceHours: number;
  /** USD of the instances and their surplus credits; undefined where the type's price is not known. */
  readonly usd: number | undefined;
  /** Undefined where there are surplus credits and their price is not known. */
  readonly surplusUsd: number | undefined;
}

const FLAP_SECONDS = 1800;

export function summarize(trace: Trace, { cpuSeconds }: Service): Summary {
  const { samples, actions, load, model } = trace;
  const cpu = samples.flatMap((sample) => sample.cpu ?? []);
  const begins = load.segments.find((segment) => segment.cpu + segment.pinned > 0)?.from ?? 0;
  const { usdPerHour, usdPerSurplusHour } = model.instance;
  const surplusUsd = priced(trace.surplusVcpuHours, usdPerSurplusHour);
  const instancesUsd = priced(trace.instanceHours, usdPerHour);
  return {
    slowMinutes: trace.slowSeconds / 60,
    timeToCapacity: trace.firstAddedHealthyAt === undefined ? undefined : trace.firstAddedHealthyAt - begins,
    peakCpu: cpu.reduce((most, value) => Math.max(most, value), 0),
    meanCpu: cpu.reduce((sum, value) => sum + value, 0) / Math.max(1, cpu.length),
    worstLatencySeconds: trace.worstLatencySeconds,
    requestsLost: trace.lost / cpuSeconds,
    requests: trace.asked / cpuSeconds,
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
    usd: instancesUsd === undefined || surplusUsd === undefined ? undefined : instancesUsd + surplusUsd,
    surplusUsd,
  };
}

const priced = (hours: number, usdPerHour: number | undefined) =>
  hours === 0 ? 0 : usdPerHour === undefined ? undefined : hours * usdPerHour;
