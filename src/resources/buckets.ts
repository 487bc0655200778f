/** S3 buckets: access logs, and the state of every environment. */
import { HOURS, type Item } from "../cost/model";
import { blocks, count, isTrue, numberIn } from "../terraform/values";
import { used } from "./charges";
import { alike, type ResourceTypes } from "./resource-type";

/** A log file for each address and five minutes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html */
const LOG_FILES_PER_MONTH = 12 * HOURS;
/** Compressed; an assumption. */
const LOG_BYTES_PER_REQUEST = 150;

const bucketCost: Item = ({ bucket }, { stack, usage: { millionRequests } }, address) => {
  const balancer = stack
    .of("aws_lb")
    .find(({ values }) =>
      blocks(values, "access_logs").some(
        (logs) => logs["bucket"] === bucket || String(logs["bucket"]).includes(`${address}.`),
      ),
    );
  if (balancer === undefined) return [{ unpriced: "the amount of data in it is not known" }];
  const days = Math.max(
    0,
    ...stack
      .of("aws_s3_bucket_lifecycle_configuration")
      .flatMap(({ values }) => blocks(values, "rule"))
      .flatMap((rule) => blocks(rule, "expiration"))
      .map((expiration) => numberIn(expiration, "days") ?? 0),
  );
  const files = count(balancer.values, "subnets") * LOG_FILES_PER_MONTH;
  const gbKept = (millionRequests * 1e6 * LOG_BYTES_PER_REQUEST * (days / (HOURS / 24))) / 1e9;
  return [
    used("access logs kept", "s3.storage", gbKept, `${String(millionRequests)} million requests, ${String(days)} days`),
    used("access logs written", "s3.put", files / 1000, "a file for each address and five minutes"),
  ];
};

export const buckets: ResourceTypes = {
  aws_s3_bucket: {
    cost: bucketCost,
    precious: true,
    policies: { "bucket-protection": ({ force_destroy }) => isTrue(force_destroy) },
  },
  ...alike(
    [
      "aws_s3_bucket_lifecycle_configuration",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_versioning",
    ],
    { cost: "free" },
  ),
};
