import { z } from "zod";

/** https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect */
export const githubSchema = z.strictObject({
  repository: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.)[\w.-]{1,100}$/, "is not a repository (such as owner/name)")
    .describe("Repository whose workflows may plan and deploy, without an access key"),
  provider: z
    .enum(["create", "existing"])
    .optional()
    .describe(
      "GitHub's identity provider, of which an account has only one: `create` it (the default), or use the `existing` one",
    ),
});

export type GithubSettings = z.infer<typeof githubSchema>;
