/** The plans that real Terraform made (`npm run plans`), as the review takes them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { review, type Review } from "../../src/plan-review/review";
import type { Suppression } from "../../src/plan-review/suppressions";
import { reviewTables } from "../../src/resources/tables";
import { readPlan } from "../../src/terraform/plan";
import type { PlanJson } from "../../src/terraform/plan-json";

export interface Fixture {
  readonly plan: PlanJson;
  readonly paths: Record<string, string>;
}

const FOLDER = join(__dirname, "..", "fixtures", "plans");

export const names = readdirSync(FOLDER).map((file) => file.replace(".json", ""));

export const fixture = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as Fixture;

export function reviewOf(name: string, suppressions: readonly Suppression[] = []): Review {
  const { plan, paths } = fixture(name);
  return review(readPlan(plan), paths, suppressions, "2026-11-23", reviewTables);
}
