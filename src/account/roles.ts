/** IAM in an account: roles, their policies, and the identity provider. */
import {
  GetInstanceProfileCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  ListPolicyTagsCommand,
  paginateListPolicies,
} from "@aws-sdk/client-iam";
import { orNothing, type AccountTypes } from "./part";

export const roles: AccountTypes = {
  aws_iam_role: {
    async find({ iam }, { needed }) {
      const role = (await orNothing(iam.send(new GetRoleCommand({ RoleName: needed("name") }))))?.Role;
      return [{ id: role?.RoleName, tags: role?.Tags ?? [] }];
    },
  },
  aws_iam_instance_profile: {
    async find({ iam }, { needed }) {
      const asked = iam.send(new GetInstanceProfileCommand({ InstanceProfileName: needed("name") }));
      const profile = (await orNothing(asked))?.InstanceProfile;
      return [{ id: profile?.InstanceProfileName, tags: profile?.Tags ?? [] }];
    },
  },
  aws_iam_role_policy: {
    async find({ iam }, { needed }) {
      const [RoleName, PolicyName] = [needed("role"), needed("name")];
      const found = await orNothing(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
      return found === undefined ? [] : [{ id: `${RoleName}:${PolicyName}` }];
    },
  },
  aws_iam_role_policy_attachment: {
    async find({ iam }, { needed }) {
      const asked = iam.send(new ListAttachedRolePoliciesCommand({ RoleName: needed("role") }));
      return ((await orNothing(asked))?.AttachedPolicies ?? [])
        .filter(({ PolicyArn }) => PolicyArn === needed("policy_arn"))
        .map(({ PolicyArn = "" }) => ({ id: `${needed("role")}/${PolicyArn}` }));
    },
  },
  aws_iam_policy: {
    async find({ iam }, { needed }) {
      const arns: string[] = [];
      for await (const { Policies = [] } of paginateListPolicies({ client: iam }, { Scope: "Local" }))
        arns.push(...Policies.flatMap(({ PolicyName, Arn }) => (PolicyName === needed("name") && Arn ? [Arn] : [])));
      return Promise.all(
        arns.map(async (PolicyArn) => ({
          id: PolicyArn,
          tags: (await iam.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags ?? [],
        })),
      );
    },
  },
  aws_iam_openid_connect_provider: {
    async find({ iam }, { needed }) {
      const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
      const host = needed("url").replace("https://", "");
      const found = OpenIDConnectProviderList.flatMap(({ Arn }) => (Arn?.endsWith(`/${host}`) ? [Arn] : []));
      return Promise.all(
        found.map(async (OpenIDConnectProviderArn) => ({
          id: OpenIDConnectProviderArn,
          tags: (await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).Tags ?? [],
        })),
      );
    },
  },
};
