/**
 * What the load balancer makes of a target's health checks.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
import type { HealthCheckState } from "../cloud-state";

export interface TargetHealth {
  readonly state: "initial" | "healthy" | "unhealthy" | "draining" | "unused" | "unavailable";
  /** One of https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
  readonly reason?: string;
  readonly description?: string;
}

/** How one check has ended. */
export type CheckResult =
  /** An answer with this status. */
  | { readonly status: number }
  /** No answer in time; no connection, or an answer that is none. */
  | { readonly failure: "timeout" | "error" };

export interface CheckedTarget {
  readonly health: TargetHealth;
  /** In a row; one of the two is 0. */
  readonly passed: number;
  readonly failed: number;
}

export const REGISTERING: TargetHealth = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
};
export const CHECKING: TargetHealth = {
  state: "initial",
  reason: "Elb.InitialHealthChecking",
  description: "Initial health checks in progress",
};
export const DRAINING: TargetHealth = {
  state: "draining",
  reason: "Target.DeregistrationInProgress",
  description: "Target deregistration is in progress",
};
export const NOT_REGISTERED: TargetHealth = {
  state: "unused",
  reason: "Target.NotRegistered",
  description: "Target is not registered to the target group",
};
export const NOT_IN_USE: TargetHealth = {
  state: "unused",
  reason: "Target.NotInUse",
  description: "Target group is not configured to receive traffic from the load balancer",
};
export const UNCHECKED: TargetHealth = {
  state: "unavailable",
  reason: "Target.HealthCheckDisabled",
  description: "Health checks are disabled",
};

/** One check that passes makes a new target healthy; an unhealthy one has to pass as many in a row as the threshold says. */
export function afterCheck(target: CheckedTarget, result: CheckResult, settings: HealthCheckState): CheckedTarget {
  const problem = problemOf(result, settings.matcher);
  const { state } = target.health;
  if (problem === undefined) {
    const passed = target.passed + 1;
    const needed = state === "unhealthy" ? settings.healthyThreshold : 1;
    return { health: passed >= needed ? { state: "healthy" } : target.health, passed, failed: 0 };
  }
  const failed = target.failed + 1;
  const unhealthy = state === "unhealthy" || failed >= settings.unhealthyThreshold;
  return { health: unhealthy ? { state: "unhealthy", ...problem } : target.health, passed: 0, failed };
}

function problemOf(result: CheckResult, matcher: string): Pick<TargetHealth, "reason" | "description"> | undefined {
  if ("status" in result) {
    if (matches(matcher, result.status)) return undefined;
    return {
      reason: "Target.ResponseCodeMismatch",
      description: `Health checks failed with these codes: [${String(result.status)}]`,
    };
  }
  return result.failure === "timeout"
    ? { reason: "Target.Timeout", description: "Request timed out" }
    : { reason: "Target.FailedHealthChecks", description: "Health checks failed" };
}

/** Of a matcher such as `200,202` or `200-299`: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html */
const matches = (matcher: string, status: number) =>
  matcher.split(",").some((range) => {
    const [first = NaN, last = first] = range.split("-").map(Number);
    return first <= status && status <= last;
  });
