/** What of the remote-state stack may stand in the account already, and the id that `terraform import` knows it by. */
import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  NoSuchEntityException,
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
 * The bucket's parts come last, and are known by its name whether they are there or not; of roles, policies and the identity
 * provider there are only those that stand.
 *
 * @param known addresses that the state has
 * @throws Problem if a role or the identity provider is somebody else's
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
  const roleNamed = (reference: unknown) => {
    const [, name = ""] = /^\$\{aws_iam_role\.([\w-]+)\.name\}$/.exec(String(reference)) ?? [];
    return String(resource["aws_iam_role"]?.[name]?.["name"]);
  };
  const imports = await Promise.all(
    missing.map(async ({ type, address, attributes }) => {
      const find = finders[type];
      if (find === undefined) return [{ address, id: bucket, part: type !== "aws_s3_bucket" }];
      const id = await find(account, attributes, roleNamed);
      return id === undefined ? [] : [{ address, id, part: false }];
    }),
  );
  return imports.flat().sort((a, b) => Number(a.part) - Number(b.part));
}

/** The ids are those of the provider's documentation: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs */
const finders: Readonly<
  Record<
    string,
    (account: Account, attributes: Attributes, roleNamed: (reference: unknown) => string) => Promise<string | undefined>
  >
> = {
  async aws_iam_role({ iam }, { name }) {
    const found = await unlessMissing(iam.send(new GetRoleCommand({ RoleName: String(name) })));
    if (found === undefined) return undefined;
    if (!isOurs(found.Role?.Tags))
      throw new Problem(`The account has a role ${String(name)} that is not this project's`);
    return String(name);
  },

  async aws_iam_role_policy({ iam }, { name, role }, roleNamed) {
    const asked = { RoleName: roleNamed(role), PolicyName: String(name) };
    const found = await unlessMissing(iam.send(new GetRolePolicyCommand(asked)));
    return found && `${asked.RoleName}:${asked.PolicyName}`;
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
