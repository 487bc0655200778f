/** What must not be in a plan, whatever the settings and overrides that led to it. */
import { plannedResources, type Plan, type PlannedResource, type Values } from "../terraform/plan";
import { kindOf } from "./changes";
import { isSecretName, LITERAL_SECRET } from "./masking";
import type { Accepted } from "./suppressions";

export interface Finding {
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly address: string;
  readonly cure: string;
  /** Why somebody has accepted it. */
  readonly suppressed?: string;
}

interface Policy extends Pick<Finding, "id" | "severity" | "cure"> {
  readonly violated: (type: string, values: Values) => boolean;
}

type Block = Record<string, unknown>;
const blocks = (value: unknown) => (Array.isArray(value) ? (value as Block[]) : []);

export const policies: readonly Policy[] = [
  {
    id: "ssh-from-internet",
    severity: "error",
    cure: "name the networks that may connect in bastion.sshSources, or [] for Session Manager only",
    violated: opensSshToInternet,
  },
  {
    id: "imdsv2",
    severity: "error",
    cure: 'metadata_options { http_tokens = "required" }',
    violated: (type, values) =>
      /^aws_(launch_template|instance)$/.test(type) &&
      blocks(values["metadata_options"])[0]?.["http_tokens"] !== "required",
  },
  {
    id: "encryption",
    severity: "error",
    cure: "encrypt the volume or the storage",
    violated(type, values) {
      const volumes =
        type === "aws_launch_template"
          ? blocks(values["block_device_mappings"]).flatMap(({ ebs }) => blocks(ebs))
          : type === "aws_instance"
            ? blocks(values["root_block_device"])
            : type === "aws_ebs_volume"
              ? [values]
              : [];
      const stored = /^aws_(db_instance|rds_cluster)$/.test(type) && values["storage_encrypted"] !== true;
      const cached =
        type === "aws_elasticache_replication_group" && String(values["at_rest_encryption_enabled"]) !== "true";
      return stored || cached || volumes.some(({ encrypted }) => String(encrypted) !== "true");
    },
  },
  {
    id: "numbered-template-version",
    severity: "error",
    cure: "give the launch template's latest_version: $Latest and $Default hide changes, and no rolling replacement starts",
    violated: (type, values) =>
      type === "aws_autoscaling_group" &&
      blocks(values["launch_template"]).some(({ version }) => version === "$Latest" || version === "$Default"),
  },
  {
    id: "tags",
    severity: "warning",
    cure: "leave the provider's default tags (Environment, ManagedBy, Project) on",
    violated: (_, { tags_all: tags }) =>
      tags !== undefined &&
      ["Environment", "ManagedBy", "Project"].some((tag) => (tags as Block | null)?.[tag] === undefined),
  },
  {
    id: "load-balancer-protection",
    severity: "warning",
    cure: 'loadBalancer.deletionProtection: "on"',
    violated: (type, values) => type === "aws_lb" && values["enable_deletion_protection"] !== true,
  },
  {
    id: "database-protection",
    severity: "error",
    cure: "deletion_protection = true",
    violated: (type, values) => /^aws_(db_instance|rds_cluster)$/.test(type) && values["deletion_protection"] !== true,
  },
  {
    id: "literal-secret",
    severity: "error",
    cure: "keep it in Secrets Manager or Parameter Store, and give its name",
    violated: (_, values) => hasSecret(values, ""),
  },
];

/** Every violation, suppressed or not; a suppression that has expired is one itself. */
export function judge(plan: Plan, suppressions: readonly Accepted[], today: string): Finding[] {
  // A group that does not change repeats the rules that stand beside it, which are judged themselves.
  const touched = new Set((plan.resource_changes ?? []).filter(kindOf).map(({ address }) => address));
  const resources = plannedResources(plan).filter(
    ({ mode, type, address }) => mode === "managed" && (type !== "aws_security_group" || touched.has(address)),
  );
  // An output that is not sensitive is printed at every deploy.
  for (const [name, { sensitive, value }] of Object.entries(plan.planned_values?.outputs ?? {}))
    if (sensitive !== true)
      resources.push({ address: `output.${name}`, type: "output", mode: "managed", values: { value } });
  const found = policies.flatMap((policy) =>
    resources.filter(broken(policy)).map((resource) => finding(policy, resource)),
  );
  const expired = suppressions.filter(({ expires }) => expires !== undefined && expires < today);
  return [
    ...found.map((one) => {
      const by = suppressions.find(
        ({ id, address, expires = today }) => id === one.id && address === one.address && expires >= today,
      );
      if (by === undefined) return one;
      return { ...one, suppressed: by.expires === undefined ? by.reason : `${by.reason} (until ${by.expires})` };
    }),
    ...expired.map(({ id, address, expires }): Finding => ({
      id: "expired-suppression",
      severity: "error",
      address,
      cure: `the suppression of ${id} ended on ${String(expires)}: mend what it hid and take it out, or give it a new date`,
    })),
  ];
}

const broken =
  ({ violated }: Policy) =>
  ({ type, values }: PlannedResource) =>
    violated(type, values);
const finding = ({ id, severity, cure }: Policy, { address }: PlannedResource): Finding => ({
  id,
  severity,
  address,
  cure,
});

export function opensSshToInternet(type: string, values: Values): boolean {
  const covers22 = ({ from_port: from, to_port: to, ip_protocol, protocol }: Block) =>
    [ip_protocol, protocol].some((all) => all === "-1") || (Number(from) <= 22 && 22 <= Number(to));
  if (type === "aws_vpc_security_group_ingress_rule")
    return [values["cidr_ipv4"], values["cidr_ipv6"]].some(isInternet) && covers22(values);
  if (type === "aws_security_group_rule" && values["type"] !== "ingress") return false;
  const inline =
    type === "aws_security_group" ? blocks(values["ingress"]) : type === "aws_security_group_rule" ? [values] : [];
  return inline.some(
    (rule) => covers22(rule) && [rule["cidr_blocks"], rule["ipv6_cidr_blocks"]].flat().some(isInternet),
  );
}

/** The whole internet, or so much of it that it is the same: `0.0.0.0/0`, and `0.0.0.0/1` as well. */
export function isInternet(cidr: unknown): boolean {
  const [, prefix] = /^[\da-f.:]+\/(\d+)$/i.exec(String(cidr)) ?? [];
  return prefix !== undefined && Number(prefix) < LARGEST_OWNED_PREFIX;
}

/** Nobody's own network is larger than a /8; 10.0.0.0/8 itself is private. */
const LARGEST_OWNED_PREFIX = 8;

function hasSecret(value: unknown, name: string): boolean {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).some(([key, part]) => hasSecret(part, Array.isArray(value) ? name : key));
  if (typeof value !== "string" || value === "") return false;
  const text = name.startsWith("user_data") ? `${value}\n${Buffer.from(value, "base64").toString()}` : value;
  return LITERAL_SECRET.test(text) || (isSecretName(name) && !name.startsWith("user_data"));
}
