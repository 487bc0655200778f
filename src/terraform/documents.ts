/** Tells a plan from the other JSON that Terraform writes: https://developer.hashicorp.com/terraform/internals/json-format */
import type { PlanJson } from "./plan-json";

/** What each kind of document has and a plan has not. */
const OTHERS: readonly (readonly [key: string, what: string])[] = [
  ["values", "a state"],
  ["lineage", "a state file"],
  ["valid", "the output of terraform validate"],
  ["provider_schemas", "the output of terraform providers schema"],
  ["resource", "a synthesized stack"],
  ["remote_plan_format", "a plan that HCP Terraform keeps"],
  ["bills", "a bill"],
  ["findings", "a review"],
];

const MAJOR = "1";

/**
 * @param document parsed JSON
 * @returns why it is no plan that can be read, as the end of a sentence that begins with its name; undefined if it is one
 */
export function notAPlan(document: unknown): string | undefined {
  const has = (key: string) => typeof document === "object" && document !== null && Object.hasOwn(document, key);
  const version = has("format_version") ? String((document as Record<string, unknown>)["format_version"]) : undefined;
  if (version !== undefined && has("planned_values")) {
    const [major] = version.split(".");
    return major === MAJOR ? undefined : `is a plan in format ${version}; format ${MAJOR} is known here`;
  }
  const other = OTHERS.find(([key]) => has(key));
  if (other !== undefined) return `is ${other[1]}, not a plan (terraform show -json PLANFILE writes one)`;
  // Without a file, `terraform show -json` writes the state; where there is none yet, only its format.
  if (version !== undefined) return "is an empty state, not a plan (terraform show -json PLANFILE writes one)";
  return "is not a plan as terraform show -json writes it";
}

/** Why the planning failed, a condition a line; undefined if it did not. */
export function failureOf(plan: PlanJson): string | undefined {
  if (plan.errored !== true) return undefined;
  const failed = failedChecks(plan);
  return failed.length > 0 ? failed.join("\n") : "the plan does not say why; terraform plan does";
}

/** `terraform_data.x: the message`, for each condition that fails or cannot be evaluated. */
export function failedChecks({ checks = [] }: PlanJson): string[] {
  const bad = ({ status }: { readonly status: string }) => status === "fail" || status === "error";
  return checks.filter(bad).flatMap(({ address, status, instances = [] }) => {
    const lines = instances.filter(bad).flatMap((instance) => {
      const { to_display: at } = instance.address;
      const { problems = [] } = instance;
      if (problems.length > 0) return problems.map(({ message }) => `${at}: ${message}`);
      return [`${at}: ${instance.status === "error" ? "its condition cannot be evaluated" : "its condition fails"}`];
    });
    const whole = `${address.to_display}: ${status === "error" ? "its condition cannot be evaluated" : "its condition fails"}`;
    return lines.length > 0 ? lines : [whole];
  });
}
