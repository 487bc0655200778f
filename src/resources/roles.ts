/** IAM: roles, their policies, and the identity provider. */
import { alike, type ResourceTypes } from "./resource-type";

export const roles: ResourceTypes = alike(
  [
    "aws_iam_instance_profile",
    "aws_iam_openid_connect_provider",
    "aws_iam_policy",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
  ],
  { cost: "free", harmlessNew: true },
);
