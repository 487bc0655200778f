/** The review of a plan: what changes, the consequences, and the policies that are violated. */
import { driftOf } from "../terraform/drift";
import { KINDS, type Kind, type Plan } from "../terraform/plan";
import { changesOf, outputsOf, type Change } from "./changes";
import { meaningOf, type Consequences, type Meaning } from "./consequences";
import { judge, type Finding, type Policies } from "./judge";
import { maskAll, secretsOf } from "./masking";
import type { Accepted } from "./suppressions";

/** The part of the resource tables that a review needs: policies, consequences, and which types are precious. */
export interface ReviewTables extends Policies {
  readonly types: Policies["types"] & Consequences & Readonly<Record<string, { readonly precious?: true }>>;
}

export interface Review {
  /** Resources that carry traffic or hold data and are deleted or replaced, a line each. Shown in red. */
  readonly alarms: readonly string[];
  readonly counts: Readonly<Record<Kind, number>>;
  readonly changes: readonly Change[];
  readonly consequences: readonly Meaning[];
  /** Drift: changes outside of Terraform, an attribute a line. */
  readonly drift: readonly string[];
  readonly findings: readonly Finding[];
  /** Outputs that change: a line for those that are created or deleted, one for each value that changes. */
  readonly outputs: readonly string[];
  /** Why this plan is not all: conditions that fail, changes that another plan will have; a line each. */
  readonly unfinished: readonly string[];
}

/**
 * @param paths of the constructs, by address
 * @param today as `2026-11-23`; suppressions end on a date
 */
export function review(
  plan: Plan,
  paths: Readonly<Record<string, string>>,
  suppressions: readonly Accepted[],
  today: string,
  tables: ReviewTables,
): Review {
  const changes = changesOf(plan, paths);
  const precious = changes.filter(
    ({ kind, type, leftover }) =>
      leftover === undefined && (kind === "delete" || kind === "replace") && tables.types[type]?.precious,
  );
  const found = {
    alarms: precious.map(
      ({ kind, path, address }) => `${path ?? address} is ${kind === "delete" ? "deleted" : "replaced"}`,
    ),
    counts: Object.fromEntries(
      KINDS.map((kind) => [kind, changes.filter((change) => change.kind === kind).length]),
    ) as Record<Kind, number>,
    changes,
    consequences: meaningOf(plan, tables.types),
    drift: driftOf(plan),
    findings: judge(plan, suppressions, today, tables),
    outputs: outputsOf(plan),
    unfinished: unfinishedOf(plan),
  };
  const masked = maskAll(found, secretsOf(plan));
  // A cure is the project's own text and holds no secret, but it may mention a token.
  return {
    ...masked,
    findings: masked.findings.map((finding, index) => ({ ...finding, cure: found.findings[index]?.cure ?? "" })),
  };
}

/** 0: no change; 2: changes, or something unfinished; 3: a policy of severity error is violated. 1 is for a review that cannot be made. */
export function exitCodeOf({ findings, changes, drift, outputs, unfinished }: Review): 0 | 2 | 3 {
  if (findings.some(({ severity, suppressed }) => severity === "error" && suppressed === undefined)) return 3;
  return [changes, drift, outputs, unfinished].some(({ length }) => length > 0) ? 2 : 0;
}

function unfinishedOf({ failedChecks, deferred, complete }: Plan): string[] {
  return [
    ...failedChecks.map((line) => `condition fails: ${line}`),
    ...deferred.map((line) => `deferred to another plan: ${line}`),
    ...(complete || deferred.length > 0 ? [] : ["the plan leaves resources out (-target): plan again after the apply"]),
  ];
}
