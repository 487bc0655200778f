/** The IAM actions that the resources of a construct need; the GitHub roles' policies are built from them. */
export interface Actions {
  /** Calls that read: a plan's, and those of `verify`. */
  readonly look: readonly string[];
  /** Calls that create, change and delete. */
  readonly build: readonly string[];
  /** Services for which AWS creates a service-linked role with the first such resource of an account. */
  readonly serviceRoles?: readonly string[];
  /** Of a construct that creates roles: the only policies that may be attached to them, and the service that they may be passed to. */
  readonly roles?: { readonly attach: readonly string[]; readonly passTo: readonly string[] };
}

/** `calls("ec2", "CreateVpc DeleteVpc")` is `["ec2:CreateVpc", "ec2:DeleteVpc"]`. */
export function calls(service: string, names: string): string[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`);
}
