/** The settings of the account: the bucket of the environments' states, and the roles that deploy them. */
import { z } from "zod";
import { bucketName } from "../values";
import { githubSchema } from "./github";
import { awsRegion } from "./region";

export const remoteStateSchema = z.strictObject({
  bucket: bucketName.describe("Bucket of the Terraform state of all environments; the name is global"),
  region: awsRegion.describe("AWS region of the bucket"),
  oldVersionDays: z.int().min(1).max(3650).describe("Days that a replaced version of a state is kept"),
  github: githubSchema.optional().describe("Roles for GitHub's workflows; leave out for none"),
});

export type RemoteStateSettings = z.infer<typeof remoteStateSchema>;
