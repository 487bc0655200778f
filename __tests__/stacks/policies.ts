/** The policies of GitHub's roles, as they are synthesized. */
import type { ManagedPolicy, Statement } from "../../src/aws/managed-policies";
import { pathOf, type Synthesized } from "../support";

/** In their order; each is attached to the role, and to nothing else. */
export function policiesOf(stack: Synthesized, role: "plan" | "deploy"): ManagedPolicy[] {
  const ofRole = `github/${role}-role`;
  return Object.values(stack.all("aws_iam_role_policy_attachment"))
    .map((attachment) => stack.at("aws_iam_role_policy_attachment", pathOf(attachment)))
    .filter((attachment) => attachment["role"] === ofRole)
    .map(({ policy_arn }) => {
      const path = String(policy_arn);
      const { name, policy } = stack.at("aws_iam_policy", path);
      const { statement } = stack.dataAt("aws_iam_policy_document", String(policy));
      return { name: String(name), statements: statement as Statement[] };
    });
}
