import { DataAwsIamOpenidConnectProvider } from "@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import type { ManagedPolicy } from "../aws/managed-policies";

const ISSUER = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

/** The branch whose weekly drift check may plan, too. */
const BRANCH = "main";

export interface GithubRolesProps {
  /** `owner/name` */
  readonly repository: string;
  /** GitHub's numbers of the owner and the repository, both or neither: set where GitHub's tokens carry them. */
  readonly ownerId?: number | undefined;
  readonly repositoryId?: number | undefined;
  /** An account has one identity provider for GitHub at most. */
  readonly provider?: "create" | "existing" | undefined;
  /** Environments that may be deployed; the repository has a GitHub environment of the same name for each. */
  readonly environments: readonly string[];
  readonly mayPlan: readonly ManagedPolicy[];
  readonly mayDeploy: readonly ManagedPolicy[];
}

/**
 * The roles with which GitHub's workflows sign in, without an access key: a read-only role for pull requests, and one that deploys,
 * for jobs in an environment of the repository, which only people whom its owner allows can start.
 *
 * https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
 */
export class GithubRoles extends Construct {
  readonly planRoleArn: string;
  readonly deployRoleArn: string;
  private readonly providerArn: string;

  constructor(scope: Construct, id: string, props: GithubRolesProps) {
    super(scope, id);
    const { repository, provider = "create", environments, mayPlan, mayDeploy } = props;
    const subject = subjectOf(props);
    const url = `https://${ISSUER}`;
    this.providerArn =
      provider === "create"
        ? new IamOpenidConnectProvider(this, "provider", { url, clientIdList: [AUDIENCE] }).arn
        : new DataAwsIamOpenidConnectProvider(this, "provider", { url }).arn;

    const name = roleNames(repository);
    this.planRoleArn = this.role("plan", name.plan, mayPlan, [
      `${subject}:pull_request`,
      `${subject}:ref:refs/heads/${BRANCH}`,
    ]);
    this.deployRoleArn = this.role(
      "deploy",
      name.deploy,
      mayDeploy,
      environments.map((environment) => `${subject}:environment:${environment}`),
    );
  }

  /** @param subjects of GitHub's tokens, compared exactly. @returns the role's ARN */
  private role(id: string, name: string, policies: readonly ManagedPolicy[], subjects: readonly string[]): string {
    const trust = new DataAwsIamPolicyDocument(this, `${id}-trust`, {
      statement: [
        {
          actions: ["sts:AssumeRoleWithWebIdentity"],
          principals: [{ type: "Federated", identifiers: [this.providerArn] }],
          condition: [
            { test: "StringEquals", variable: `${ISSUER}:aud`, values: [AUDIENCE] },
            { test: "StringEquals", variable: `${ISSUER}:sub`, values: [...subjects] },
          ],
        },
      ],
    });
    const role = new IamRole(this, `${id}-role`, { name, assumeRolePolicy: trust.json });
    for (const { name: area, statements } of policies) {
      const document = new DataAwsIamPolicyDocument(this, `${id}-${area}-document`, { statement: [...statements] });
      const policy = new IamPolicy(this, `${id}-${area}-policy`, { name: `${name}-${area}`, policy: document.json });
      new IamRolePolicyAttachment(this, `${id}-${area}-attachment`, { role: role.name, policyArn: policy.arn });
    }
    return role.arn;
  }
}

/**
 * How the subject of the repository's tokens begins. Of a repository that was made, renamed or moved since 15 July 2026, or that has
 * chosen so, it carries the ids, which no later owner of the name can have; only one of the two forms is trusted.
 * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
function subjectOf({ repository, ownerId, repositoryId }: GithubRolesProps): string {
  if (ownerId === undefined || repositoryId === undefined) return `repo:${repository}`;
  const [owner = "", name = ""] = repository.split("/");
  return `repo:${owner}@${String(ownerId)}/${name}@${String(repositoryId)}`;
}

/** The roles' names, which differ between repositories that share an account. AWS accepts 64 characters. */
export function roleNames(repository: string): { plan: string; deploy: string } {
  const name = (repository.split("/")[1] ?? "").slice(0, 40);
  return { plan: `${name}-github-plan`, deploy: `${name}-github-deploy` };
}
