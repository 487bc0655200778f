/** The rules that join two or more settings. Each says what is wrong in a sentence that begins with the value it got. */
import { nameIn, nameProblem, type NamedKind } from "../naming";
import { networkProblem } from "../subnets";
import type { Settings } from "./schema";

/** A rule names the settings that it reads (it is skipped while one of them is wrong in itself) and the one that it blames. */
interface Rule {
  readonly reads: readonly string[];
  readonly blames: string;
  readonly problem: (settings: Settings, environment: string) => string | undefined;
}

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

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: 1 day, or 7 from periods of an hour. */
const MAX_EVALUATION_SECONDS = { short: 86400, long: 604800 };

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
  {
    reads: ["scaling.periodSeconds"],
    blames: "scaling.periodSeconds",
    problem: ({ scaling: { periodSeconds } }) =>
      periodSeconds === 10 || periodSeconds === 30 || periodSeconds % 60 === 0
        ? undefined
        : "must be 10, 30 or a multiple of 60",
  },
  {
    reads: ["scaling.periodSeconds", "fleet.detailedMonitoring"],
    blames: "scaling.periodSeconds",
    problem: ({ scaling, fleet }) =>
      scaling.periodSeconds >= 300 || fleet.detailedMonitoring
        ? undefined
        : "must be at least 300 unless fleet.detailedMonitoring is true: basic monitoring has one value in five minutes",
  },
  {
    reads: ["scaling.periodSeconds", "scaling.evaluationPeriods"],
    blames: "scaling.evaluationPeriods",
    problem: ({ scaling: { periodSeconds, evaluationPeriods } }) => {
      const most = Math.floor(MAX_EVALUATION_SECONDS[periodSeconds < 3600 ? "short" : "long"] / periodSeconds);
      return evaluationPeriods <= most
        ? undefined
        : `must be at most ${String(most)} with periods of ${String(periodSeconds)} seconds`;
    },
  },
  {
    reads: ["scaling.in.thresholdPercent", "scaling.out.thresholdPercent"],
    blames: "scaling.in.thresholdPercent",
    problem: ({ scaling }) =>
      scaling.in.thresholdPercent < scaling.out.thresholdPercent
        ? undefined
        : `must be below scaling.out.thresholdPercent (${String(scaling.out.thresholdPercent)})`,
  },
  {
    reads: [
      "scaling.in.thresholdPercent",
      "scaling.in.instances",
      "scaling.out.thresholdPercent",
      "scaling.out.instances",
      "fleet.minSize",
      "fleet.maxSize",
    ],
    blames: "scaling.in.thresholdPercent",
    problem: flapping,
  },
];

/**
 * Thresholds fight each other where adding instances at the high one brings the CPU to the low one, or removing them at the
 * low one brings it back to the high one: the group would then never rest. The load of n instances at c % is n × c.
 */
function flapping({ scaling, fleet }: Settings): string | undefined {
  const { thresholdPercent: high, instances: added } = scaling.out;
  const { thresholdPercent: low, instances: removed } = scaling.in;
  if (low >= high) return undefined; // said by the rule above
  for (let size = Math.max(1, fleet.minSize); size <= fleet.maxSize; size++) {
    const grown = Math.min(size + added, fleet.maxSize);
    const shrunk = Math.max(size - removed, fleet.minSize, 1);
    if (grown > size && (high * size) / grown <= low) {
      return fight(
        `${String(size)} instances at ${String(high)} % become ${String(grown)} at ${round((high * size) / grown)} %, and shrink again`,
      );
    }
    if (shrunk < size && (low * size) / shrunk >= high) {
      return fight(
        `${String(size)} instances at ${String(low)} % become ${String(shrunk)} at ${round((low * size) / shrunk)} %, and grow again`,
      );
    }
  }
  return undefined;
}

const fight = (how: string) => `would fight scaling.out.thresholdPercent: ${how}`;
const round = (value: number) => String(Math.round(value * 10) / 10);
