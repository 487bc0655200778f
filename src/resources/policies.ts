/** The policies of a plan, which apply to settings and overrides alike. Each resource type defines what violates them. */
import { hasSecret } from "../plan-review/masking";
import type { Policy } from "../plan-review/policy";
import { isTrue, type Values } from "../terraform/values";
import { ENVIRONMENT_TAG } from "../aws/names";

const TAGS = [ENVIRONMENT_TAG, "ManagedBy", "Project"];

/** In the order in which a review lists them. */
export const POLICIES = [
  {
    id: "ssh-from-internet",
    severity: "error",
    cure: "remove the rule; bastion.sshSources lists the networks that may connect ([] is Session Manager only)",
  },
  {
    id: "ssh-from-prefix-list",
    severity: "warning",
    cure: "a plan does not list the networks of a prefix list: check that the internet is not among them",
  },
  { id: "imdsv2", severity: "error", cure: 'metadata_options { http_tokens = "required" }' },
  { id: "encryption", severity: "error", cure: "encrypt the volume or the storage" },
  {
    id: "numbered-template-version",
    severity: "error",
    cure: "set the launch template's latest_version: $Latest and $Default hide changes, and no rolling replacement starts",
  },
  {
    id: "tags",
    severity: "warning",
    cure: `keep the provider's default tags (${TAGS.join(", ")}), and a group's own tags`,
    everywhere: ({ tags_all: tags }: Values) =>
      tags !== undefined && lacksTags(Object.keys((tags as Values | null) ?? {})),
  },
  { id: "load-balancer-protection", severity: "warning", cure: 'loadBalancer.deletionProtection: "on"' },
  {
    id: "database-protection",
    severity: "error",
    cure: "deletion_protection = true (of a DynamoDB table: deletion_protection_enabled)",
  },
  {
    id: "bucket-protection",
    severity: "warning",
    cure: "remove force_destroy: with it, destroy empties the bucket first",
  },
  {
    id: "literal-secret",
    severity: "error",
    cure: "keep it in Secrets Manager or Parameter Store, and refer to it by its name",
    everywhere: hasSecret,
  },
] as const satisfies readonly Policy[];

export type PolicyId = (typeof POLICIES)[number]["id"];

export const lacksTags = (names: readonly unknown[]) => TAGS.some((name) => !names.includes(name));

/** Whether the safeguard that an attribute switches on is off. */
export const isOff =
  (attribute: string) =>
  (values: Values): boolean =>
    !isTrue(values[attribute]);
