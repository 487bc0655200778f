/** What must not be in a plan, whatever the settings and overrides that led to it. */
import type { Plan, Values } from "../terraform/plan";
import { isSecretName, LITERAL_SECRET } from "./masking";
import { isInternet, isPrefixList, ownSshSources } from "./ssh";

export interface Policy {
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly cure: string;
  readonly violated: (type: string, values: Values, plan: Plan) => boolean;
}

type Block = Record<string, unknown>;
const blocks = (value: unknown) => (Array.isArray(value) ? (value as Block[]) : []);

/** What encrypts a store, by type. (Buckets and DynamoDB tables are always encrypted.) */
const ENCRYPTED_BY: Readonly<Record<string, string>> = {
  aws_db_instance: "storage_encrypted",
  aws_docdb_cluster: "storage_encrypted",
  aws_ebs_volume: "encrypted",
  aws_efs_file_system: "encrypted",
  aws_elasticache_replication_group: "at_rest_encryption_enabled",
  aws_neptune_cluster: "storage_encrypted",
  aws_rds_cluster: "storage_encrypted",
};

/** What keeps AWS from deleting a database, by type. */
const PROTECTED_BY: Readonly<Record<string, string>> = {
  aws_db_instance: "deletion_protection",
  aws_docdb_cluster: "deletion_protection",
  aws_dynamodb_table: "deletion_protection_enabled",
  aws_neptune_cluster: "deletion_protection",
  aws_rds_cluster: "deletion_protection",
};

const TAGS = ["Environment", "ManagedBy", "Project"];

export const policies: readonly Policy[] = [
  {
    id: "ssh-from-internet",
    severity: "error",
    cure: "take the rule out; who may connect is for bastion.sshSources to say ([] is Session Manager only)",
    violated: (type, values, plan) => ownSshSources(type, values, plan).some(isInternet),
  },
  {
    id: "ssh-from-prefix-list",
    severity: "warning",
    cure: "a plan does not tell which networks are in a prefix list: see that the internet is not",
    violated: (type, values, plan) => ownSshSources(type, values, plan).some(isPrefixList),
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
      const attribute = ENCRYPTED_BY[type];
      return (attribute !== undefined && !isTrue(values[attribute])) || hasPlainDisk(type, values);
    },
  },
  {
    id: "numbered-template-version",
    severity: "error",
    cure: "give the launch template's latest_version: $Latest and $Default hide changes, and no rolling replacement starts",
    violated: (type, values) =>
      type === "aws_autoscaling_group" &&
      templates(values).some(({ version }) => version === "$Latest" || version === "$Default"),
  },
  {
    id: "tags",
    severity: "warning",
    cure: `leave the provider's default tags (${TAGS.join(", ")}) on, and a group's own tags`,
    violated(type, { tags_all: tags, tag }) {
      // The default tags do not reach a group, nor what it launches.
      const own = blocks(tag).map(({ key }) => key);
      if (type === "aws_autoscaling_group") return TAGS.some((name) => !own.includes(name));
      return tags !== undefined && TAGS.some((name) => (tags as Block | null)?.[name] === undefined);
    },
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
    cure: "deletion_protection = true (of a DynamoDB table: deletion_protection_enabled)",
    violated(type, values) {
      const attribute = PROTECTED_BY[type];
      return attribute !== undefined && !isTrue(values[attribute]);
    },
  },
  {
    id: "bucket-protection",
    severity: "warning",
    cure: "leave force_destroy out: with it a destroy empties the bucket first",
    violated: (type, values) => type === "aws_s3_bucket" && isTrue(values["force_destroy"]),
  },
  {
    id: "literal-secret",
    severity: "error",
    cure: "keep it in Secrets Manager or Parameter Store, and give its name",
    violated: (_, values) => hasSecret(values, ""),
  },
];

/** A group's launch template, or those of its mixed instances. */
function templates(values: Values): Block[] {
  const mixed = blocks(values["mixed_instances_policy"]).flatMap((policy) => blocks(policy["launch_template"]));
  return [
    ...blocks(values["launch_template"]),
    ...mixed.flatMap((template) => blocks(template["launch_template_specification"])),
  ];
}

/** The provider has some of its truths as texts. */
const isTrue = (value: unknown) => String(value) === "true";

/** A disk that nothing is said of is encrypted only where the account has that as its default, which no plan tells. */
function hasPlainDisk(type: string, values: Values): boolean {
  const isPlain = ({ encrypted }: Block) => !isTrue(encrypted);
  if (type === "aws_launch_template") {
    const disks = blocks(values["block_device_mappings"]).flatMap(({ ebs }) => blocks(ebs));
    return disks.length === 0 || disks.some(isPlain);
  }
  if (type !== "aws_instance") return false;
  const [root, others] = [blocks(values["root_block_device"]), blocks(values["ebs_block_device"])];
  return root.length === 0 || [...root, ...others].some(isPlain);
}

function hasSecret(value: unknown, name: string): boolean {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).some(([key, part]) => hasSecret(part, Array.isArray(value) ? name : key));
  if (typeof value !== "string" || value === "") return false;
  const text = name.startsWith("user_data") ? `${value}\n${Buffer.from(value, "base64").toString()}` : value;
  return LITERAL_SECRET.test(text) || (isSecretName(name) && !name.startsWith("user_data"));
}
