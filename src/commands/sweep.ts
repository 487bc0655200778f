/** `npm run simulate -- ENV --sweep high=60..90:5`: the settings that are tried are those that could be deployed. */
import { derive } from "../config/derive";
import type { Settings } from "../config/schema";
import { environmentProblems } from "../config/validate";
import { Problem } from "../machine/problem";
import type { Model } from "../simulation/model";
import type { Knob, Variant } from "../simulation/sweep";

/** AWS's own limits, where there are no settings: a day, or a week from periods of an hour. */
const MOST_SECONDS = { short: 86_400, long: 604_800 };

export interface Legal {
  readonly variants: readonly Variant[];
  /** A sentence about those that are left out; empty without any. */
  readonly leftOut: string;
}

/**
 * Leaves out what the settings' own rules, or AWS, would refuse.
 *
 * @param settings of the environment; undefined for a file
 * @throws Problem if nothing is left
 */
export function legal(environment: string, settings: Settings | undefined, variants: readonly Variant[]): Legal {
  const reasons = variants.map(({ values, model }) =>
    settings === undefined ? refusalOf(model) : environmentProblems(environment, changed(settings, values))[0],
  );
  const kept = variants.filter((_, index) => reasons[index] === undefined);
  const first = reasons.findIndex((reason) => reason !== undefined);
  if (first < 0) return { variants, leftOut: "" };
  const example = `such as ${variants[first]?.name ?? ""}: ${reasons[first] ?? ""}`;
  if (kept.length === 0) throw new Problem(`--sweep: none of these settings is allowed, ${example}`);
  return {
    variants: kept,
    leftOut: `${String(variants.length - kept.length)} more are not allowed, ${example}`,
  };
}

const SETTINGS: Readonly<Record<Knob, (value: number) => object>> = {
  high: (thresholdPercent) => ({ out: { thresholdPercent } }),
  low: (thresholdPercent) => ({ in: { thresholdPercent } }),
  evaluationPeriods: (evaluationPeriods) => ({ evaluationPeriods }),
  target: (targetPercent) => ({ targetPercent }),
};

const changed = (settings: Settings, values: Variant["values"]): Settings =>
  (Object.entries(values) as [Knob, number][]).reduce(
    (before, [knob, value]) => derive(before, { scaling: SETTINGS[knob](value) }),
    settings,
  );

function refusalOf({ alarms, policies }: Model): string | undefined {
  const tracked = policies.flatMap((policy) => (policy.kind === "targetTracking" ? [policy] : []));
  const own = alarms.filter(({ policies }) => !tracked.some(({ name }) => policies.includes(name)));
  const of = (sign: string) => own.filter(({ comparison }) => comparison.startsWith(sign));
  const high = Math.min(...of(">").map(({ threshold }) => threshold));
  const low = Math.max(...of("<").map(({ threshold }) => threshold));
  const wrong = [...own.map(({ threshold }) => threshold), ...tracked.map(({ targetPercent }) => targetPercent)];
  const long = own.find(
    ({ periodSeconds, evaluationPeriods }) =>
      periodSeconds * evaluationPeriods > MOST_SECONDS[periodSeconds < 3600 ? "short" : "long"],
  );
  if (wrong.some((percent) => percent > 100)) return "no CPU is above 100 %";
  if (tracked.some(({ targetPercent }) => targetPercent === 0)) return "a target of 0 % asks for endless servers";
  if (own.some(({ evaluationPeriods }) => evaluationPeriods === 0)) return "an alarm has at least one period";
  if (long !== undefined) return `${long.name} would look further back than AWS allows`;
  return low >= high ? "the group would shrink at the CPU at which it grows" : undefined;
}
