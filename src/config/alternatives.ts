/** Other scaling policies for an environment, with which a simulation compares its own. */
import type { Settings } from "./schema";

/** The settings with other scaling policies, by the policy's name; all with detailed monitoring. */
export function alternatives({ fleet, scaling, ...rest }: Settings): Record<string, Settings> {
  const [high, low] =
    scaling.kind === "targetTracking" ? [80, 20] : [scaling.out.thresholdPercent, scaling.in.thresholdPercent];
  const common = { warmUpSeconds: fleet.startupSeconds, ...(scaling.schedules && { schedules: scaling.schedules }) };
  const step: Settings["scaling"] = {
    ...common,
    kind: "step",
    periodSeconds: 60,
    evaluationPeriods: 2,
    out: {
      thresholdPercent: high,
      steps: [
        { beyondPercent: 0, instances: 1 },
        { beyondPercent: (100 - high) / 2, instances: 2 },
      ],
    },
    in: { thresholdPercent: low, steps: [{ beyondPercent: 0, instances: 1 }] },
  };
  const tracking: Settings["scaling"] = { ...common, kind: "targetTracking", targetPercent: 60 };
  const detailed = { ...fleet, detailedMonitoring: true };
  const pool = { ...detailed, warmPool: { state: "Stopped" as const, minSize: 0, reuseOnScaleIn: false } };
  return {
    step: { ...rest, fleet: detailed, scaling: step },
    "target tracking": { ...rest, fleet: detailed, scaling: tracking },
    "with a warm pool": { ...rest, fleet: pool, scaling: tracking },
  };
}
