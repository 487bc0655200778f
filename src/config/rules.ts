/** The rules that join two or more settings. Each says what is wrong in a sentence that begins with the value it got. */
import { nameIn, nameProblem, type NamedKind } from "../aws/names";
import { networkProblem } from "../aws/subnets";
import type { Rule } from "./rule";
import { scalingRules } from "./scaling-rules";
import type { Settings } from "./schema";

const NAME_KINDS: Record<Exclude<keyof Settings["names"], "style">, NamedKind> = {
  vpc: "vpc",
  loadBalancerSecurityGroup: "securityGroup",
  appSecurityGroup: "securityGroup",
  bastionSecurityGroup: "securityGroup",
  loadBalancer: "loadBalancer",
  targetGroup: "targetGroup",
  launchTemplate: "launchTemplate",
  autoScalingGroup: "autoScalingGroup",
  highCpuAlarm: "alarm",
  lowCpuAlarm: "alarm",
  instanceRole: "role",
  bastion: "role",
};

const nameRules = Object.entries(NAME_KINDS).map(([key, kind]): Rule => ({
  reads: [`names.${key}`],
  blames: `names.${key}`,
  problem: ({ names }, environment) => {
    const name = nameIn(environment, names[key as keyof typeof NAME_KINDS]);
    const problem = nameProblem(kind, name);
    return problem === undefined ? undefined : `(in AWS ${JSON.stringify(name)}) ${problem}`;
  },
}));

/** Names that AWS keeps in one list, where each may stand once. */
const ONE_LIST: readonly (readonly (keyof typeof NAME_KINDS)[])[] = [
  ["highCpuAlarm", "lowCpuAlarm"],
  ["loadBalancerSecurityGroup", "appSecurityGroup", "bastionSecurityGroup"],
  ["instanceRole", "bastion"],
];

const distinctNames = ONE_LIST.flatMap((keys) =>
  keys.slice(1).map((key, index): Rule => ({
    reads: keys.map((each) => `names.${each}`),
    blames: `names.${key}`,
    problem: ({ names }) => {
      const other = keys.slice(0, index + 1).find((earlier) => names[earlier] === names[key]);
      return other === undefined ? undefined : `is names.${other}, too`;
    },
  })),
);

export const rules: readonly Rule[] = [
  ...nameRules,
  ...distinctNames,
  {
    reads: ["fleet.keyPair", "bastion.keyPair"],
    blames: "bastion.keyPair.name",
    problem: ({ fleet, bastion }) =>
      fleet.keyPair?.name === bastion?.keyPair?.name && (fleet.keyPair?.publicKey ?? bastion?.keyPair?.publicKey)
        ? "is fleet.keyPair.name, too, and one with a public key is made anew: give it another name"
        : undefined,
  },
  {
    reads: ["network.zones", "region"],
    blames: "network.zones",
    problem: ({ network, region }) => {
      const strangers = network.zones.filter((zone) => !new RegExp(`^${region}[a-z]$`).test(zone));
      if (strangers.length > 0) return `must be zones of ${region} (such as ${region}a), not ${strangers.join(", ")}`;
      return new Set(network.zones).size < network.zones.length ? "must be distinct" : undefined;
    },
  },
  {
    reads: ["network.cidr", "network.zones"],
    blames: "network.cidr",
    problem: ({ network }) => networkProblem(network.cidr, 2 * network.zones.length),
  },
  {
    reads: ["targetGroup.healthCheck.timeoutSeconds", "targetGroup.healthCheck.intervalSeconds"],
    blames: "targetGroup.healthCheck.timeoutSeconds",
    problem: ({ targetGroup: { healthCheck } }) =>
      healthCheck.timeoutSeconds < healthCheck.intervalSeconds
        ? undefined
        : `must be below the interval of ${String(healthCheck.intervalSeconds)} seconds`,
  },
  {
    reads: ["fleet.minSize", "fleet.maxSize"],
    blames: "fleet.minSize",
    problem: ({ fleet }) =>
      fleet.minSize <= fleet.maxSize ? undefined : `must not be above fleet.maxSize (${String(fleet.maxSize)})`,
  },
  {
    reads: ["fleet.minSize", "fleet.desiredCapacity", "fleet.maxSize"],
    blames: "fleet.desiredCapacity",
    problem: ({ fleet }) =>
      fleet.minSize > fleet.maxSize ||
      (fleet.desiredCapacity >= fleet.minSize && fleet.desiredCapacity <= fleet.maxSize)
        ? undefined
        : `must be ${String(fleet.minSize)} to ${String(fleet.maxSize)} (fleet.minSize to fleet.maxSize)`,
  },
  {
    reads: [
      "fleet.healthCheckGraceSeconds",
      "fleet.startupSeconds",
      "targetGroup.healthCheck.unhealthyThreshold",
      "targetGroup.healthCheck.intervalSeconds",
    ],
    blames: "fleet.healthCheckGraceSeconds",
    problem: ({ fleet, targetGroup: { healthCheck } }) => {
      const least = fleet.startupSeconds + healthCheck.unhealthyThreshold * healthCheck.intervalSeconds;
      return fleet.healthCheckGraceSeconds >= least
        ? undefined
        : `must be at least ${String(least)}: startup ${String(fleet.startupSeconds)} s and ` +
            `${String(healthCheck.unhealthyThreshold)} failed checks ${String(healthCheck.intervalSeconds)} s apart, or booting instances are replaced for ever`;
    },
  },
  ...scalingRules,
];
