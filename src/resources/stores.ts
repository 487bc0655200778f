/** Databases, caches, file systems and volumes that an override may add: not priced here, but checked against the policies. */
import { isOff } from "./policies";
import { alike, type ResourceTypes } from "./resource-type";

/** @param attribute that encrypts it */
const encryptedBy = (attribute: string) => ({ encryption: isOff(attribute) });

/** @param attribute that protects it against deletion */
const protectedBy = (attribute: string) => ({ attribute, cure: `set ${attribute} = false` });

/** DynamoDB tables are always encrypted, and ElastiCache has no deletion protection. */
export const stores: ResourceTypes = {
  ...alike(["aws_db_instance", "aws_docdb_cluster", "aws_neptune_cluster", "aws_rds_cluster"], {
    cost: "unpriced",
    precious: true,
    protection: protectedBy("deletion_protection"),
    policies: { ...encryptedBy("storage_encrypted"), "database-protection": isOff("deletion_protection") },
  }),
  aws_dynamodb_table: {
    cost: "unpriced",
    precious: true,
    protection: protectedBy("deletion_protection_enabled"),
    policies: { "database-protection": isOff("deletion_protection_enabled") },
  },
  aws_efs_file_system: { cost: "unpriced", precious: true, policies: encryptedBy("encrypted") },
  aws_ebs_volume: { cost: "unpriced", policies: encryptedBy("encrypted") },
  aws_elasticache_replication_group: {
    cost: "unpriced",
    precious: true,
    policies: encryptedBy("at_rest_encryption_enabled"),
  },
  ...alike(
    ["aws_elasticache_cluster", "aws_elasticache_global_replication_group", "aws_elasticache_serverless_cache"],
    {
      cost: "unpriced",
      precious: true,
    },
  ),
};
