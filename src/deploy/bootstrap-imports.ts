/** What of the remote-state stack may exist in the account already, and the id that `terraform import` knows it by. */
import {
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetRoleCommand,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  type IAMClient,
  type Tag,
} from "@aws-sdk/client-iam";
import { REMOTE_STATE, tagsOf } from "../aws/names";
import { Problem } from "../machine/problem";
import type { SynthesizedStack } from "../terraform/synthesized";

export interface Import {
  readonly address: string;
  readonly id: string;
  /** Whether it may be missing: a part of the bucket, where a bootstrap was killed. */
  readonly part: boolean;
}

interface Account {
  /** Its number. */
  readonly id: string;
  readonly iam: IAMClient;
}

type Attributes = Readonly<Record<string, unknown>>;

/**
 * The bucket's parts come last, and are known by its name whether they exist or not; of roles, policies and the identity
 * provider only those that exist are returned.
 *
 * @param known addresses that the state has
 * @throws Problem if a role, a policy or the identity provider is not this project's
 */
export async function importsOf(
  { resource = {} }: SynthesizedStack,
  bucket: string,
  account: Account,
  known: readonly string[],
): Promise<Import[]> {
  const missing = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named)
      .map(([name, attributes]) => ({ type, address: `${type}.${name}`, attributes }))
      .filter(({ address }) => !known.includes(address)),
  );
  const nameOf = (reference: unknown) => {
    const [, type = "", name = ""] = /^\$\{(\w+)\.([\w-]+)\.\w+\}$/.exec(String(reference)) ?? [];
    return String(resource[type]?.[name]?.["name"]);
  };
  const imports = await Promise.all(
    missing.map(async ({ type, address, attributes }) => {
      const find = finders[type];
      if (find === undefined) return [{ address, id: bucket, part: type !== "aws_s3_bucket" }];
      const id = await find(account, attributes, nameOf);
      return id === undefined ? [] : [{ address, id, part: false }];
    }),
  );
  return imports.flat().sort((a, b) => Number(a.part) - Number(b.part));
}

/** The ids are those of the provider's documentation: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs */
const finders: Readonly<
  Record<
    string,
    /** @param nameOf the name of the resource that a reference such as `${aws_iam_role.x.arn}` refers to */
    (account: Account, attributes: Attributes, nameOf: (reference: unknown) => string) => Promise<string | undefined>
  >
> = {
  async aws_iam_role({ iam }, { name }) {
    const found = await unlessMissing(iam.send(new GetRoleCommand({ RoleName: String(name) })));
    if (found === undefined) return undefined;
    if (!isOurs(found.Role?.Tags))
      throw new Problem(`The account has a role ${String(name)} that is not this project's`);
    return String(name);
  },

  async aws_iam_policy({ id, iam }, { name }) {
    const arn = policyArn(id, String(name));
    const found = await unlessMissing(iam.send(new GetPolicyCommand({ PolicyArn: arn })));
    if (found === undefined) return undefined;
    if (!isOurs(found.Policy?.Tags))
      throw new Problem(`The account has a policy ${String(name)} that is not this project's`);
    return arn;
  },

  async aws_iam_role_policy_attachment({ id, iam }, { role, policy_arn }, nameOf) {
    const [RoleName, arn] = [nameOf(role), policyArn(id, nameOf(policy_arn))];
    const attached = await unlessMissing(attachedTo(iam, RoleName));
    return attached?.includes(arn) ? `${RoleName}/${arn}` : undefined;
  },

  async aws_iam_openid_connect_provider({ id, iam }, { url }) {
    const arn = `arn:aws:iam::${id}:oidc-provider/${String(url).replace("https://", "")}`;
    const asked = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
    const found = await unlessMissing(iam.send(asked));
    if (found === undefined) return undefined;
    if (!isOurs(found.Tags))
      throw new Problem(
        `The account has an identity provider for GitHub that is not this project's: take it, with remoteState.github.provider: "existing"`,
      );
    return arn;
  },
};

const policyArn = (account: string, name: string) => `arn:aws:iam::${account}:policy/${name}`;

/** ARNs of a role's managed policies. */
async function attachedTo(client: IAMClient, RoleName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client }, { RoleName }))
    arns.push(...AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []));
  return arns;
}

function isOurs(tags: readonly Tag[] = []): boolean {
  return Object.entries(tagsOf(REMOTE_STATE, {})).every(([key, value]) =>
    tags.some(({ Key, Value }) => Key === key && Value === value),
  );
}

/** IAM answers with an error where a thing is not there. */
async function unlessMissing<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}
