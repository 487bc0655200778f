/** S3 buckets in an account. */
import { GetBucketTaggingCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import type { AccountTypes } from "./part";

export const buckets: AccountTypes = {
  aws_s3_bucket: {
    async find({ s3 }, { needed }) {
      const { Buckets = [] } = await s3.send(new ListBucketsCommand({ Prefix: needed("bucket") }));
      return Promise.all(
        Buckets.filter(({ Name }) => Name === needed("bucket")).map(async ({ Name: id }) => ({
          id,
          // For a bucket without tags AWS answers with an error.
          tags: await s3.send(new GetBucketTaggingCommand({ Bucket: id })).then(
            ({ TagSet }) => TagSet ?? [],
            () => [],
          ),
        })),
      );
    },
  },
  aws_s3_bucket_lifecycle_configuration: { find: "written over" },
  aws_s3_bucket_policy: { find: "written over" },
  aws_s3_bucket_public_access_block: { find: "written over" },
  aws_s3_bucket_server_side_encryption_configuration: { find: "written over" },
  aws_s3_bucket_versioning: { find: "written over" },
};
