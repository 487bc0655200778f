/**
 * Names and tags: the only place that defines the names of an environment's resources and what AWS accepts as a name.
 */

/** Id of the stack that keeps every environment's state; no environment may be called so. */
export const REMOTE_STATE = "remote-state";

/** The environment whose names are those of the settings; every other one puts its own name in front. */
export const UNPREFIXED = "production";

/**
 * The name of a resource in an environment: `web-app-albb` in production, `staging-web-app-albb` in staging, so that
 * two environments fit into one account and region.
 */
export function nameIn(environment: string, name: string): string {
  return environment === UNPREFIXED ? name : `${environment}-${name}`;
}

/**
 * The name of a key pair in an environment. An existing key pair is shared by all environments; one that the stack creates from a
 * public key has the environment's prefix.
 */
export function keyPairNameIn(
  environment: string,
  key: { readonly name: string; readonly publicKey?: string | undefined },
): string {
  return key.publicKey === undefined ? key.name : nameIn(environment, key.name);
}

/** The tag that says which environment a resource belongs to. */
export const ENVIRONMENT_TAG = "Environment";

/** The tags of all resources in an environment; those of the settings take precedence. */
export function tagsOf(environment: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return { [ENVIRONMENT_TAG]: environment, ManagedBy: "terraform", ...tags };
}

/** AWS's limits on a kind of name: length in characters and the characters themselves. */
interface NameLimits {
  readonly min: number;
  readonly max: number;
  readonly pattern: RegExp;
  readonly characters: string;
}

const loadBalancing = {
  min: 1,
  max: 32,
  pattern: /^(?!internal-)(?!-)[A-Za-z0-9-]+(?<!-)$/,
  characters: 'letters, digits and inner hyphens, and may not begin with "internal-"',
};
const printable = { pattern: /^[\x20-\x7e]+$/, characters: "printable ASCII characters" };

/**
 * What AWS accepts, by kind of resource. Names of VPCs and security groups begin tags (256 characters) and descriptions of rules
 * (255), and so are shorter than AWS itself would take.
 *
 * - load balancer, target group: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
 * - launch template: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
 * - security group: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 * - group, alarm: API_CreateAutoScalingGroup (no colons), API_PutMetricAlarm
 * - role: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export const NAME_LIMITS = {
  vpc: { min: 1, max: 256 - "-internet-gateway".length, ...printable },
  loadBalancer: loadBalancing,
  targetGroup: loadBalancing,
  launchTemplate: {
    min: 3,
    max: 128,
    pattern: /^[A-Za-z0-9().\-/_]+$/,
    characters: "letters, digits and ( ) . - / _",
  },
  autoScalingGroup: {
    min: 1,
    max: 255,
    pattern: /^[\x20-\x39\x3b-\x7e]+$/,
    characters: "printable ASCII characters but colons",
  },
  securityGroup: {
    min: 1,
    max: 255 - "Anything out of ".length,
    pattern: /^(?!sg-)[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
    characters: 'letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, and may not begin with "sg-"',
  },
  alarm: { min: 1, max: 255, ...printable },
  instance: { min: 1, max: 255, ...printable },
  role: { min: 1, max: 64, pattern: /^[\w+=,.@-]+$/, characters: "letters, digits and +=,.@_-" },
} as const satisfies Record<string, NameLimits>;

export type NamedKind = keyof typeof NAME_LIMITS;

/** Why AWS refuses a name, as the end of a sentence that begins with the name; undefined if it accepts it. */
export function nameProblem(kind: NamedKind, name: string): string | undefined {
  const { min, max, pattern, characters } = NAME_LIMITS[kind];
  if (name.length < min || name.length > max) {
    return `is ${String(name.length)} characters long; AWS takes ${String(min)} to ${String(max)}`;
  }
  return pattern.test(name) ? undefined : `has a character that AWS refuses there; it takes ${characters}`;
}
