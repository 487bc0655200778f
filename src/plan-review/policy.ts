import type { Plan } from "../terraform/plan";
import type { Values } from "../terraform/values";

/** Whether a resource breaks a policy. */
export type Violated = (values: Values, plan: Plan) => boolean;

export interface Policy {
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly cure: string;
  /** What breaks it in a resource of any type that does not say so itself, and in variables and outputs. */
  readonly everywhere?: (values: Values) => boolean;
}
