/** The alarms that target tracking keeps for itself. */
import type { Alarm } from "../aws/alarm";
import type { ScalingPolicy } from "../aws/auto-scaling/policies";

/** As users observe them (https://github.com/aws/copilot-cli/issues/4233); AWS does not document them. */
const TRACKING = { high: 3, low: 15, lowShare: 0.9, periodSeconds: 60 };

export function trackingAlarms(policy: ScalingPolicy & { kind: "targetTracking" }): Alarm[] {
  const { name, targetPercent, disableScaleIn } = policy;
  const alarm = (end: "high" | "low", comparison: ">" | "<", threshold: number): Alarm => ({
    name: `${name} ${end}`,
    comparison,
    threshold,
    periodSeconds: TRACKING.periodSeconds,
    evaluationPeriods: TRACKING[end],
    datapointsToAlarm: TRACKING[end],
    treatMissingData: "missing",
    policies: [name],
  });
  const low = disableScaleIn ? [] : [alarm("low", "<", TRACKING.lowShare * targetPercent)];
  return [alarm("high", ">", targetPercent), ...low];
}
