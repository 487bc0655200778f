/** A plan as a person needs it to decide: what changes, what that means, and what must not be. */
import { driftOf, type Plan } from "../terraform/plan";
import { changesOf, kinds, type Change, type Kind } from "./changes";
import { maskAll, secretsOf } from "./masking";
import { judge, type Finding } from "./judge";
import { consequences, type Consequence } from "./rules";
import type { Accepted } from "./suppressions";

export interface Review {
  /** What stops or loses something: traffic-bearing or stateful resources that go. Red. */
  readonly alarms: readonly string[];
  readonly counts: Readonly<Record<Kind, number>>;
  readonly changes: readonly Change[];
  readonly consequences: readonly Consequence[];
  /** Changed outside of Terraform, an attribute a line. */
  readonly drift: readonly string[];
  readonly findings: readonly Finding[];
}

/** Types that hold data or carry traffic: their going is said first. */
const PRECIOUS =
  /^aws_(lb|alb|lb_listener|lb_target_group|autoscaling_group|nat_gateway|eip|db_instance|(rds|docdb|neptune)_cluster|elasticache_\w+|s3_bucket|acm_certificate|dynamodb_table|efs_file_system)$/;

/**
 * @param paths of the constructs, by address
 * @param today as `2026-11-23`; suppressions end on a date
 */
export function review(
  plan: Plan,
  paths: Readonly<Record<string, string>>,
  suppressions: readonly Accepted[],
  today: string,
): Review {
  const changes = changesOf(plan, paths);
  const precious = changes.filter(
    ({ kind, type, leftover }) =>
      leftover === undefined && (kind === "delete" || kind === "replace") && PRECIOUS.test(type),
  );
  const found = {
    alarms: precious.map(
      ({ kind, path, address }) => `${path ?? address} is ${kind === "delete" ? "deleted" : "replaced"}`,
    ),
    counts: Object.fromEntries(
      kinds.map((kind) => [kind, changes.filter((change) => change.kind === kind).length]),
    ) as Record<Kind, number>,
    changes,
    consequences: consequences(plan),
    drift: driftOf(plan),
    findings: judge(plan, suppressions, today),
  };
  const masked = maskAll(found, secretsOf(plan));
  // A cure is the project's own words, and may speak of tokens.
  return {
    ...masked,
    findings: masked.findings.map((finding, index) => ({ ...finding, cure: found.findings[index]?.cure ?? "" })),
  };
}

/** 0 no change, 2 changes, 3 a policy of severity error fails; 1 is for a review that could not be made. */
export function exitCodeOf({ findings, changes, drift }: Review): 0 | 2 | 3 {
  if (findings.some(({ severity, suppressed }) => severity === "error" && suppressed === undefined)) return 3;
  return changes.length > 0 || drift.length > 0 ? 2 : 0;
}
