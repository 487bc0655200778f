/** What must not be in a plan, whatever the settings and overrides that led to it. Each type says what breaks a policy. */
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
    cure: "take the rule out; who may connect is for bastion.sshSources to say ([] is Session Manager only)",
  },
  {
    id: "ssh-from-prefix-list",
    severity: "warning",
    cure: "a plan does not tell which networks are in a prefix list: see that the internet is not",
  },
  { id: "imdsv2", severity: "error", cure: 'metadata_options { http_tokens = "required" }' },
  { id: "encryption", severity: "error", cure: "encrypt the volume or the storage" },
  {
    id: "numbered-template-version",
    severity: "error",
    cure: "give the launch template's latest_version: $Latest and $Default hide changes, and no rolling replacement starts",
  },
  {
    id: "tags",
    severity: "warning",
    cure: `leave the provider's default tags (${TAGS.join(", ")}) on, and a group's own tags`,
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
    cure: "leave force_destroy out: with it a destroy empties the bucket first",
  },
  {
    id: "literal-secret",
    severity: "error",
    cure: "keep it in Secrets Manager or Parameter Store, and give its name",
    everywhere: hasSecret,
  },
] as const satisfies readonly Policy[];

export type PolicyId = (typeof POLICIES)[number]["id"];

export const lacksTags = (names: readonly unknown[]) => TAGS.some((name) => !names.includes(name));

/** Whether a safeguard is off that an attribute switches on. */
export const isOff =
  (attribute: string) =>
  (values: Values): boolean =>
    !isTrue(values[attribute]);
