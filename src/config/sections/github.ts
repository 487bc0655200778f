import { z } from "zod";

const id = z.int().min(1);

/** https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect */
export const githubSchema = z
  .strictObject({
    repository: z
      .string()
      // A login of an enterprise with managed users ends in `_` and the enterprise's short code.
      .regex(/^[A-Za-z0-9][\w-]{0,38}\/(?!\.)[\w.-]{1,100}$/, "is not a repository (such as owner/name)")
      .describe("Repository whose workflows may plan and deploy, without an access key"),
    ownerId: id
      .optional()
      .describe("GitHub's number of the owner; needed, with the other, where tokens carry both (docs/github.md)"),
    repositoryId: id.optional().describe("GitHub's number of the repository"),
    provider: z
      .enum(["create", "existing"])
      .optional()
      .describe(
        "GitHub's identity provider, of which an account has only one: `create` it (the default), or use the `existing` one",
      ),
  })
  .refine(
    ({ ownerId, repositoryId }) => (ownerId === undefined) === (repositoryId === undefined),
    "must have both ownerId and repositoryId, or neither",
  );

export type GithubSettings = z.infer<typeof githubSchema>;
