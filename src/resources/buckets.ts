/** S3 buckets: access logs, and the state of every environment. */
import { HOURS, type Item } from "../cost/model";
import { blocks, isReference, isTrue, numberIn } from "../terraform/values";
import { used } from "./charges";
import { zonesOf } from "./load-balancer";
import { alike, type ResourceTypes } from "./resource-type";

/** A log file for each address and five minutes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html */
const LOG_FILES_PER_MONTH = 12 * HOURS;
/** Compressed; an assumption. */
const LOG_BYTES_PER_REQUEST = 150;

const bucketCost: Item = (values, { stack, usage: { millionRequests } }, address) => {
  const { bucket: name } = values;
  const isMeant = (bucket: unknown) =>
    String(bucket).includes(`${address}.`) || (typeof name === "string" && !isReference(name) && bucket === name);
  const balancers = stack
    .of("aws_lb")
    .filter((balancer) =>
      blocks(balancer.values, "access_logs").some(({ bucket, enabled }) => isMeant(bucket) && isTrue(enabled)),
    );
  const zones = balancers.map((balancer) => zonesOf(balancer.values));
  if (balancers.length === 0 || zones.includes(undefined))
    return [{ unpriced: "the amount of data in it is not known" }];
  const files = zones.reduce<number>((all, each) => all + (each ?? 0), 0) * LOG_FILES_PER_MONTH;
  const written = used("access logs written", "s3.put", files / 1000, "a file for each address and five minutes");
  const days = stack
    .of("aws_s3_bucket_lifecycle_configuration")
    .filter((lifecycle) => isMeant(lifecycle.values["bucket"]))
    .flatMap((lifecycle) => blocks(lifecycle.values, "rule"))
    .filter(({ status }) => status === "Enabled")
    .flatMap((rule) => blocks(rule, "expiration"))
    .flatMap((expiration) => numberIn(expiration, "days") ?? []);
  if (days.length === 0) return [written, { unpriced: "its access logs are never deleted, so they grow" }];
  const kept = Math.max(...days);
  const gbKept = (millionRequests * 1e6 * LOG_BYTES_PER_REQUEST * (kept / (HOURS / 24))) / 1e9;
  return [
    used("access logs kept", "s3.storage", gbKept, `${String(millionRequests)} million requests, ${String(kept)} days`),
    written,
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
