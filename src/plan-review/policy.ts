import type { Plan } from "../terraform/plan";
import type { Values } from "../terraform/values";

/** Whether a resource violates a policy. */
export type Violated = (values: Values, plan: Plan) => boolean;

export interface Policy {
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly cure: string;
  /** Whether a resource of a type without its own check violates it; also applied to variables and outputs. */
  readonly everywhere?: (values: Values) => boolean;
}
