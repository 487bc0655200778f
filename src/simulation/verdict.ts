/** The verdict on a simulation in words: whether it keeps the SLO, what binds, and what a month costs. */
import type { Binding } from "./binding";
import { clock } from "./render-text";
import type { Service } from "./service";
import { isSlow, type Summary } from "./summary";
import type { Trace } from "./trace";

/** The share of requests, in percent, that may be refused or late. */
const SLO_MISSES_PERCENT = 1;

/** A month in which every hour is like those that were simulated. */
export interface Month {
  readonly servers: number;
  readonly usd: number;
}

const BINDINGS: Readonly<Record<Binding, string>> = {
  start: "the time in which a server starts (fleet.startupSeconds; a warm pool shortens it)",
  maximum: "the greatest size (fleet.maxSize)",
  credits: 'CPU credits, which are used up (fleet.cpuCredits: "unlimited")',
  cooldown:
    "the wait after the last change, while the alarm is raised (scaling.out.cooldownSeconds, or a policy by steps)",
  alarm:
    "the alarm, which waits for its periods (scaling.periodSeconds, scaling.evaluationPeriods, fleet.detailedMonitoring)",
  metric: "a diluted metric: the average CPU of the minute and of all servers is not past the threshold",
};

/** Shares of the slow minutes that are not worth a sentence. */
const LEAST_SHARE = 0.1;

export const keepsSlo = ({ overSloPercent }: Pick<Summary, "overSloPercent">): boolean =>
  overSloPercent <= SLO_MISSES_PERCENT;

/** @param month of the whole bill; undefined where it is not known @returns sentences */
export function verdictOf(trace: Trace, summary: Summary, service: Service, month: Month | undefined): string[] {
  return [
    summary.requests > 0 ? slo(summary, service) : withoutRequests(summary),
    ...binds(trace),
    ...(month === undefined
      ? []
      : [
          `If every hour were like these, a month would cost ${month.usd.toFixed(2)} USD with everything: ${month.servers.toFixed(1)} servers on average, and the traffic of the settings' usage.`,
        ]),
  ];
}

function slo(summary: Summary, { sloSeconds }: Service): string {
  const over = summary.overSloPercent;
  const share =
    over === 0 ? "No request was" : `${over < 0.01 ? "Less than 0.01" : over.toFixed(2)} % of the requests were`;
  return `${keepsSlo(summary) ? "Keeps" : "Misses"} the SLO: ${share} refused or answered later than ${String(sloSeconds)} s; ${String(SLO_MISSES_PERCENT)} % may be.`;
}

/** A load on one server has no requests that could be late. */
const withoutRequests = ({ timeToCapacity }: Summary) =>
  timeToCapacity === 0
    ? "Nothing was overloaded, and there were no requests."
    : timeToCapacity === undefined
      ? "The overload was not noticed: no server was added for it. There were no requests."
      : `The first server that was added for the overload was healthy ${clock(timeToCapacity)} after it began. There were no requests.`;

/** What bound in the minutes that were too slow, the most frequent first. */
function binds({ samples }: Trace): string[] {
  const slow = samples.filter(({ answers }) => isSlow(answers));
  if (slow.length === 0) return [];
  const counts = new Map<Binding, number>();
  for (const { binding } of slow) counts.set(binding, (counts.get(binding) ?? 0) + 1);
  const found = [...counts]
    .filter(([, count]) => count / slow.length >= LEAST_SHARE)
    .sort(([, one], [, other]) => other - one)
    .map(([binding, count]) => `in ${String(count)} ${BINDINGS[binding]}`);
  const minutes = slow.length === 1 ? "the minute that was" : `the ${String(slow.length)} minutes that were`;
  return [
    `What binds in ${minutes} too slow: ${slow.length === 1 ? (found[0]?.replace("in 1 ", "") ?? "") : found.join("; ")}.`,
  ];
}

/** What a setting costs for a load, and how well it does. */
export interface Tried {
  readonly name: string;
  readonly overSloPercent: number;
  readonly usd: number | undefined;
  readonly instanceHours: number;
}

/** Of several settings for one load: the cheapest that keeps the SLO, or the one that comes nearest to it. */
export function cheapest(tried: readonly Tried[]): string {
  const price = ({ usd, instanceHours }: Tried) => usd ?? instanceHours;
  const shown = (one: Tried) =>
    one.usd === undefined
      ? `${one.instanceHours.toFixed(2)} instance hours`
      : `${one.usd.toFixed(2)} USD for this load`;
  const [best] = tried.filter(keepsSlo).sort((one, other) => price(one) - price(other));
  if (best !== undefined) return `The cheapest of these that keeps the SLO: ${best.name} (${shown(best)}).`;
  const [nearest] = [...tried].sort((one, other) => one.overSloPercent - other.overSloPercent);
  if (nearest === undefined) return "Nothing was tried.";
  return `None of these keeps the SLO; ${nearest.name} comes nearest, with ${nearest.overSloPercent.toFixed(2)} % of the requests over it (${shown(nearest)}).`;
}
