/** The capacity that a scaling policy asks for: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html */

export type AdjustmentType = "ChangeInCapacity" | "ExactCapacity" | "PercentChangeInCapacity";

export interface Step {
  /** Of the metric above (below) the threshold, in percent points; undefined for no bound. */
  readonly lower?: number;
  readonly upper?: number;
  readonly adjustment: number;
}

/** Instances to add or remove; percentages round as AWS documents it, towards zero beyond 1 and away from it below. */
export function adjustment(type: AdjustmentType, amount: number, capacity: number, minimumMagnitude: number): number {
  if (type === "ExactCapacity") return amount - capacity;
  if (type === "ChangeInCapacity") return amount;
  const exact = (capacity * amount) / 100;
  const whole = Math.abs(exact) < 1 ? Math.sign(exact) : Math.trunc(exact);
  return Math.sign(whole) * Math.max(Math.abs(whole), whole === 0 ? 0 : minimumMagnitude);
}

/** The step of a metric that is so far from the threshold; bounds are inclusive on the threshold's side. */
export function stepFor(steps: readonly Step[], distance: number): Step | undefined {
  return steps.find(({ lower = -Infinity, upper = Infinity }) =>
    distance >= 0 ? distance >= lower && distance < upper : distance > lower && distance <= upper,
  );
}

/** The capacity at which the metric would be on target; always rounded towards more. */
export function trackedCapacity(capacity: number, percent: number, targetPercent: number): number {
  // 2 instances at 60.000000001 % of a target of 60 are on target.
  return Math.ceil((capacity * percent) / targetPercent - 1e-9);
}
