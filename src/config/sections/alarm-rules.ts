/** The rules of alarms: their periods have data, their thresholds do not conflict, and their steps have no gaps. */
import type { Settings } from "../schema";
import type { Rule } from "../section";
import type { ScalingOfKind } from "./scaling";

type ByAlarms = ScalingOfKind<"simple" | "step">;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: 1 day, or 7 from periods of an hour. */
const MAX_EVALUATION_SECONDS = { short: 86400, long: 604800 };

/** A rule for the kinds of scaling that define alarms. */
function alarmRule(
  blames: string,
  reads: readonly string[],
  problem: (scaling: ByAlarms, fleet: Settings["fleet"]) => string | undefined,
): Rule {
  return {
    reads: ["scaling.kind", blames, ...reads],
    blames,
    problem: ({ scaling, fleet }) => (scaling.kind === "targetTracking" ? undefined : problem(scaling, fleet)),
  };
}

/**
 * AWS accepts no gaps and no overlaps: here a step ends where the next begins.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html#as-scaling-steps
 */
const stepRules = (["out", "in"] as const).map((direction) =>
  alarmRule(`scaling.${direction}.steps`, [`scaling.${direction}.thresholdPercent`], (scaling) => {
    if (scaling.kind !== "step") return undefined;
    const { steps, thresholdPercent } = scaling[direction];
    if (steps[0]?.beyondPercent !== 0) return "must begin with a step whose beyondPercent is 0";
    const rises = steps.slice(1).every((step, index) => {
      const before = steps[index];
      return before && step.beyondPercent > before.beyondPercent && step.instances > before.instances;
    });
    if (!rises) return "must rise from step to step, in beyondPercent and in instances";
    const room = direction === "out" ? 100 - thresholdPercent : thresholdPercent;
    const unreachable = steps.find(({ beyondPercent }) => beyondPercent > 0 && beyondPercent >= room);
    return unreachable && `has a step that no CPU reaches: ${String(unreachable.beyondPercent)} beyond the threshold`;
  }),
);

export const alarmRules: readonly Rule[] = [
  alarmRule("scaling.periodSeconds", [], ({ periodSeconds }) =>
    periodSeconds % 60 === 0 ? undefined : "must be a multiple of 60",
  ),
  alarmRule("scaling.periodSeconds", ["fleet.detailedMonitoring"], ({ periodSeconds }, fleet) =>
    periodSeconds >= 300 || fleet.detailedMonitoring
      ? undefined
      : "must be at least 300 unless fleet.detailedMonitoring is true: basic monitoring has one value in five minutes",
  ),
  alarmRule("scaling.evaluationPeriods", ["scaling.periodSeconds"], ({ periodSeconds, evaluationPeriods }) => {
    const most = Math.floor(MAX_EVALUATION_SECONDS[periodSeconds < 3600 ? "short" : "long"] / periodSeconds);
    return evaluationPeriods <= most
      ? undefined
      : `must be at most ${String(most)} with periods of ${String(periodSeconds)} seconds`;
  }),
  alarmRule("scaling.in.thresholdPercent", ["scaling.out.thresholdPercent"], (scaling) =>
    scaling.in.thresholdPercent < scaling.out.thresholdPercent
      ? undefined
      : `must be below scaling.out.thresholdPercent (${String(scaling.out.thresholdPercent)})`,
  ),
  alarmRule("scaling.in.thresholdPercent", ["scaling.in", "scaling.out", "fleet.minSize", "fleet.maxSize"], flapping),
  ...stepRules,
];

/**
 * Thresholds conflict if adding instances at the high one brings the CPU down to the low one, or removing them at the low one
 * brings it back up to the high one: the group would then never settle. The load of n instances at c % is n × c.
 */
function flapping(scaling: ByAlarms, fleet: Settings["fleet"]): string | undefined {
  const [high, low] = [scaling.out.thresholdPercent, scaling.in.thresholdPercent];
  if (low >= high) return undefined; // reported by the rule above
  for (let size = Math.max(1, fleet.minSize); size <= fleet.maxSize; size++) {
    for (const { beyondPercent, instances } of stepsOf(scaling.out)) {
      const [cpu, grown] = [high + beyondPercent, Math.min(size + instances, fleet.maxSize)];
      if (grown > size && (cpu * size) / grown <= low) return fight(size, cpu, grown, "shrink");
    }
    for (const { beyondPercent, instances } of stepsOf(scaling.in)) {
      const [cpu, shrunk] = [low - beyondPercent, Math.max(size - instances, fleet.minSize, 1)];
      if (shrunk < size && (cpu * size) / shrunk >= high) return fight(size, cpu, shrunk, "grow");
    }
  }
  return undefined;
}

/** A simple policy is one step. */
const stepsOf = (policy: ByAlarms["out"]) =>
  "steps" in policy ? policy.steps : [{ beyondPercent: 0, instances: policy.instances }];

const fight = (size: number, cpu: number, next: number, then: string) =>
  `conflicts with scaling.out.thresholdPercent: ${String(size)} instances at ${String(cpu)} % become ${String(next)} ` +
  `at ${String(Math.round((cpu * size * 10) / next) / 10)} %, and ${then} again`;
