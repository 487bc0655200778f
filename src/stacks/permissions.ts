/** The permissions of GitHub's workflows in the account: to read everything that a plan reads, or to create and change it. */
import { packed, type ManagedPolicy, type Statement } from "../aws/managed-policies";
import { nameIn } from "../aws/names";
import type { Settings } from "../config/schema";
import type { Environments } from "../config/validate";
import type { Actions } from "../constructs/actions";
import { BASTION_IMAGES, bastionActions, bastionImageActions } from "../constructs/bastion";
import { firewallActions } from "../constructs/firewall";
import { fleetActions } from "../constructs/fleet";
import { keyPairActions } from "../constructs/key-pair";
import { loadBalancerActions } from "../constructs/load-balancer";
import { networkActions } from "../constructs/network";
import { privateBucketActions } from "../constructs/private-bucket";
import { scalingActions } from "../constructs/scaling/scaling";
import { sessionRoleActions } from "../constructs/session-role";

interface Part {
  /** Name of the policy that begins with it. */
  readonly area: string;
  /** The beginning of its statements' ids. */
  readonly sid: string;
  readonly actions: Actions;
  /** ARNs of an environment's resources, none where there are none; left out for everything in the regions. */
  readonly on?: (settings: Settings, environment: string) => readonly string[];
  /** Regions of an environment's resources; left out, the environment's own. */
  readonly regions?: (settings: Settings) => readonly string[];
}

/** A line for each construct. Most calls support no resource-level permissions: https://docs.aws.amazon.com/service-authorization/latest/reference */
const PARTS: readonly Part[] = [
  { area: "account", sid: "Account", actions: { look: ["sts:GetCallerIdentity"], build: [] } },
  { area: "network", sid: "Network", actions: networkActions },
  { area: "network", sid: "Firewalls", actions: firewallActions },
  { area: "load-balancing", sid: "LoadBalancer", actions: loadBalancerActions },
  { area: "load-balancing", sid: "AccessLogs", actions: privateBucketActions, on: accessLogs },
  { area: "servers", sid: "Fleet", actions: fleetActions },
  { area: "servers", sid: "Scaling", actions: scalingActions },
  { area: "servers", sid: "Bastion", actions: bastionActions },
  { area: "servers", sid: "BastionImages", actions: bastionImageActions, on: () => [BASTION_IMAGES] },
  { area: "servers", sid: "KeyPairs", actions: keyPairActions },
  { area: "roles", sid: "SessionRoles", actions: sessionRoleActions, on: sessionRoles },
];

/**
 * Allows what Terraform and `verify` read; of the data only the environments' states, which may hold secrets. AWS's managed
 * ReadOnlyAccess also reads every bucket, queue and table of the account.
 *
 * @param state statements that find and read the states
 */
export function planPolicies(environments: Environments, state: readonly Statement[]): ManagedPolicy[] {
  return packed([...inArea("state", state), ...PARTS.flatMap((part) => inArea(part.area, look(part, environments)))]);
}

/** @param state statements that read, write and lock the states */
export function deployPolicies(environments: Environments, state: readonly Statement[]): ManagedPolicy[] {
  return packed([
    ...inArea("state", state),
    ...PARTS.flatMap((part) => inArea(part.area, [...look(part, environments), ...build(part, environments)])),
    ...inArea("account", serviceRoles()),
  ]);
}

const inArea = (area: string, statements: readonly Statement[]) => statements.map((statement) => ({ area, statement }));

function look({ sid, actions, on }: Part, environments: Environments): Statement[] {
  return allowing(`${sid}Look`, actions.look, on ? arnsOf(on, environments) : ["*"]);
}

function build({ sid, actions, on, regions = (settings) => [settings.region] }: Part, environments: Environments) {
  if (on === undefined) {
    const values = distinct(Object.values(environments).flatMap(regions)).sort();
    return allowing(`${sid}Build`, actions.build, ["*"], condition("StringEquals", "aws:RequestedRegion", values));
  }
  const arns = arnsOf(on, environments);
  const roles = arns.filter((arn) => arn.includes(":role/"));
  const { attach = [], passTo = [] } = actions.roles ?? {};
  return [
    ...allowing(`${sid}Build`, actions.build, arns),
    // A role with any other policy could give every permission in the account.
    ...(attach.length === 0
      ? []
      : allowing(`${sid}Attach`, ATTACH, roles, condition("ArnEquals", "iam:PolicyARN", attach))),
    ...(passTo.length === 0
      ? []
      : allowing(`${sid}Pass`, ["iam:PassRole"], roles, condition("StringEquals", "iam:PassedToService", passTo))),
  ];
}

const ATTACH = ["iam:AttachRolePolicy", "iam:DetachRolePolicy"];

function serviceRoles(): Statement[] {
  const services = distinct(PARTS.flatMap(({ actions }) => actions.serviceRoles ?? []));
  const roles = ["arn:aws:iam::*:role/aws-service-role/*"];
  const forServices = condition("StringEquals", "iam:AWSServiceName", services);
  return allowing("ServiceRoles", ["iam:CreateServiceLinkedRole"], roles, forServices);
}

/** No statement if there is no action, or no resource. */
function allowing(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  where?: Statement["condition"],
): Statement[] {
  if (actions.length === 0 || resources.length === 0) return [];
  return [{ sid, actions: [...actions], resources: [...resources], ...(where && { condition: where }) }];
}

const condition = (test: string, variable: string, values: readonly string[]) => [
  { test, variable, values: [...values] },
];

const distinct = (values: readonly string[]) => [...new Set(values)];

const arnsOf = (on: NonNullable<Part["on"]>, environments: Environments) =>
  distinct(Object.entries(environments).flatMap(([environment, settings]) => on(settings, environment)));

/** Roles and instance profiles, which have the same names; the bastion's are included without its section, to be deleted. */
function sessionRoles({ names }: Settings, environment: string): string[] {
  return [names.instanceRole, names.bastion].flatMap((name) =>
    ["role", "instance-profile"].map((kind) => `arn:aws:iam::*:${kind}/${nameIn(environment, name)}`),
  );
}

function accessLogs({ loadBalancer: { accessLogs: logs } }: Settings): string[] {
  return logs === undefined ? [] : [`arn:aws:s3:::${logs.bucket}`, `arn:aws:s3:::${logs.bucket}/*`];
}
