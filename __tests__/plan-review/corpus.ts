/** Reviews of the plans that real Terraform made. */
import { review, type Review } from "../../src/plan-review/review";
import type { Suppression } from "../../src/plan-review/suppressions";
import { reviewTables } from "../../src/resources/tables";
import { readPlan } from "../../src/terraform/plan";
import { fixture } from "../fixtures/plans";

export function reviewOf(name: string, suppressions: readonly Suppression[] = []): Review {
  const { plan, paths } = fixture(name);
  return review(readPlan(plan), paths, suppressions, "2026-11-23", reviewTables);
}
