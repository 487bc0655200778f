/** The resources of the remote-state stack that exist in the account, with their ids for `terraform import`. */
import type { Clients } from "../account/clients";
import { accountTypes } from "../account/tables";
import { find } from "../adopt/find";
import { REMOTE_STATE } from "../aws/names";
import { Problem } from "../machine/problem";
import { stackFrom, type Stack } from "../terraform/stack";

export interface Import {
  readonly address: string;
  readonly id: string;
  /** Whether it may be missing: a part of the bucket, after a bootstrap that was killed. */
  readonly part: boolean;
}

/**
 * The bucket and its parts are returned whether they exist or not, since their ids are the bucket's name; the parts come last. Of
 * roles, policies and the identity provider, only those that exist are returned.
 *
 * @param known ids of the resources that the state has, by address
 * @throws Problem if a role, a policy or the identity provider is not this project's
 */
export async function importsOf(
  stack: Stack,
  bucket: string,
  clients: Clients,
  known: ReadonlyMap<string, string>,
): Promise<Import[]> {
  const isIam = ({ type }: { readonly type: string }) => type.startsWith("aws_iam_");
  const roles = stackFrom(stack.resources.filter(isIam), stack);
  const { found, foreign } = await find(roles, REMOTE_STATE, known, accountTypes, () => clients);
  if (foreign.length > 0) throw new Problem(foreign.map(notOurs).join("\n"));
  const ofBucket = stack.resources
    .filter((resource) => !isIam(resource) && !known.has(resource.address))
    .map(({ type, address }) => ({ address, id: bucket, part: type !== "aws_s3_bucket" }));
  return [...found.map((each) => ({ ...each, part: false })), ...ofBucket].sort(
    (one, other) => Number(one.part) - Number(other.part),
  );
}

const notOurs = (found: string) =>
  found.startsWith("aws_iam_openid_connect_provider.")
    ? `The account has an identity provider for GitHub that is not this project's: use it, with remoteState.github.provider: "existing"`
    : `The account has a resource of that name that is not this project's; rename it or delete it: ${found}`;
