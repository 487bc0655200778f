/**
 * The load balancer's health checks of a new target: one that passes makes it healthy, unless so many have failed before that
 * it is unhealthy; then it has to pass as many as the threshold says, one after the other.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
import type { Model } from "./model";

/**
 * @param appStartSeconds from its registration until it answers
 * @param first seconds from its registration to the first check
 * @returns seconds from its registration until it is healthy, and until it is unhealthy if it is before that
 */
export function checked(
  { intervalSeconds, healthyThreshold, unhealthyThreshold }: Model["healthCheck"],
  appStartSeconds: number,
  first: number,
): { readonly healthyAfter: number; readonly unhealthyAfter?: number } {
  const failures = Math.max(0, Math.ceil((appStartSeconds - first) / intervalSeconds));
  const passed = first + failures * intervalSeconds;
  if (failures < unhealthyThreshold) return { healthyAfter: passed };
  return {
    healthyAfter: passed + (healthyThreshold - 1) * intervalSeconds,
    unhealthyAfter: first + (unhealthyThreshold - 1) * intervalSeconds,
  };
}
