import { derive, type Differences } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { rules, type Settings } from "../../src/config/schema";
import type { ScalingOfKind } from "../../src/config/sections/scaling";
import { environmentProblems } from "../../src/config/validate";

const { production } = environments;
const problems = (differences: Differences<Settings>, environment = "production") =>
  environmentProblems(environment, derive(production, differences));

/** Steps that are in order, with what a case differs in. */
const steps = (
  differences: Differences<ScalingOfKind<"step">> = {},
): { scaling: Differences<Settings["scaling"]> } => ({
  scaling: derive<ScalingOfKind<"step">>(
    {
      kind: "step",
      periodSeconds: 300,
      evaluationPeriods: 2,
      out: { thresholdPercent: 70, steps: [{ beyondPercent: 0, instances: 1 }] },
      in: { thresholdPercent: 20, steps: [{ beyondPercent: 0, instances: 1 }] },
      warmUpSeconds: 120,
    },
    differences,
  ),
});
const target = (differences: Differences<ScalingOfKind<"targetTracking">> = {}) => ({
  scaling: { kind: "targetTracking", targetPercent: 50, warmUpSeconds: 120, ...differences } as const,
});
const at = (sizes: object) => ({
  scaling: { schedules: { nightly: { recurrence: "0 1 * * *", timeZone: "UTC", ...sizes } } },
});
const both = (recurrence: string, timeZone = "UTC") => ({
  scaling: {
    schedules: {
      a: { recurrence: "0 9 * * *", timeZone: "UTC", minSize: 1 },
      b: { recurrence, timeZone, minSize: 2 },
    },
  },
});
/** A schedule for each minute of a morning. */
const many = (count: number) => ({
  scaling: {
    schedules: Object.fromEntries(
      Array.from({ length: count }, (_, n) => [
        `s${String(n)}`,
        { recurrence: `${String(n % 60)} ${String(Math.floor(n / 60))} * * *`, timeZone: "UTC", minSize: 1 },
      ]),
    ),
  },
});
const pool = (warmPool: object) => ({
  fleet: { warmPool: { state: "Stopped", minSize: 0, reuseOnScaleIn: false, ...warmPool } as const },
});

const hibernated = (instanceType: string, rootVolumeGib: number) => ({
  fleet: { instanceType, rootVolumeGib, warmPool: { state: "Hibernated", minSize: 0, reuseOnScaleIn: false } as const },
});

/** A change of production, and the one line that it gets; each rule has its case. */
const broken: readonly (readonly [line: string, change: Differences<Settings>, blamed?: string])[] = [
  [
    'production.names.vpc: é (in AWS "é") has a character that AWS refuses there; it takes printable ASCII characters',
    { names: { vpc: "é" } },
  ],
  [
    'production.names.loadBalancerSecurityGroup: sg-alb (in AWS "sg-alb") has a character that AWS refuses there',
    { names: { loadBalancerSecurityGroup: "sg-alb" } },
  ],
  ['production.names.appSecurityGroup: a% (in AWS "a%") has a character', { names: { appSecurityGroup: "a%" } }],
  [
    'production.names.bastionSecurityGroup: a% (in AWS "a%") has a character',
    { names: { bastionSecurityGroup: "a%" } },
  ],
  [
    `production.names.loadBalancer: ${"a".repeat(33)} (in AWS "${"a".repeat(33)}") is 33 characters long; AWS takes 1 to 32`,
    { names: { loadBalancer: "a".repeat(33) } },
  ],
  [
    `production.names.targetGroup: ${"a".repeat(33)} (in AWS "${"a".repeat(33)}") is 33 characters long; AWS takes 1 to 32`,
    { names: { targetGroup: "a".repeat(33) } },
  ],
  [
    'production.names.launchTemplate: ab (in AWS "ab") is 2 characters long; AWS takes 3 to 128',
    { names: { launchTemplate: "ab" } },
  ],
  ['production.names.autoScalingGroup: a:b (in AWS "a:b") has a character', { names: { autoScalingGroup: "a:b" } }],
  ['production.names.highCpuAlarm: "" (in AWS "") is 0 characters long', { names: { highCpuAlarm: "" } }],
  ['production.names.lowCpuAlarm: "" (in AWS "") is 0 characters long', { names: { lowCpuAlarm: "" } }],
  ['production.names.instanceRole: a/b (in AWS "a/b") has a character', { names: { instanceRole: "a/b" } }],
  ['production.names.bastion: a/b (in AWS "a/b") has a character', { names: { bastion: "a/b" } }],
  ["production.names.lowCpuAlarm: cpu-high is names.highCpuAlarm, too", { names: { lowCpuAlarm: "cpu-high" } }],
  [
    "production.names.appSecurityGroup: alb_sg is names.loadBalancerSecurityGroup, too",
    { names: { appSecurityGroup: "alb_sg" } },
  ],
  [
    "production.names.bastionSecurityGroup: app_sg is names.appSecurityGroup, too",
    { names: { bastionSecurityGroup: "app_sg" } },
  ],
  ["production.names.bastion: web-app is names.instanceRole, too", { names: { bastion: "web-app" } }],
  [
    "production.bastion.keyPair.name: nn is fleet.keyPair.name, too",
    {
      bastion: {
        keyPair: {
          name: "nn",
          publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE",
        },
      },
    },
  ],
  [
    'production.bastion.sshSources: ["10.0.0.0/8","10.0.0.0/8"] must be distinct',
    { bastion: { sshSources: ["10.0.0.0/8", "10.0.0.0/8"] } },
  ],
  [
    'production.network.zones: ["ap-south-1a","us-east-1b"] must be zones of ap-south-1 (such as ap-south-1a), not us-east-1b',
    { network: { zones: ["ap-south-1a", "us-east-1b"] } },
  ],
  [
    'production.network.zones: ["ap-south-1a","ap-south-1a"] must be distinct',
    { network: { zones: ["ap-south-1a", "ap-south-1a"] } },
  ],
  [
    "production.network.cidr: 192.168.1.0/30 is too small for 4 subnets of 11 or more addresses",
    { network: { cidr: "192.168.1.0/30" } },
  ],
  [
    "production.targetGroup.healthCheck.timeoutSeconds: 30 must be below the interval of 30 seconds",
    { targetGroup: { healthCheck: { timeoutSeconds: 30 } } },
  ],
  ["production.fleet.minSize: 5 must not be above fleet.maxSize (4)", { fleet: { minSize: 5 } }],
  [
    "production.fleet.desiredCapacity: 5 must be 1 to 4 (fleet.minSize to fleet.maxSize)",
    { fleet: { desiredCapacity: 5 } },
  ],
  [
    "production.fleet.desiredCapacity: 0 must be 1 to 4 (fleet.minSize to fleet.maxSize)",
    { fleet: { desiredCapacity: 0 } },
  ],
  [
    "production.fleet.capacityTimeoutMinutes: 1 must be at least 3: startup 120 s and a check after at most 30 s",
    { fleet: { capacityTimeoutMinutes: 1 } },
  ],
  ["must be at least 3", { fleet: { capacityTimeoutMinutes: 2 } }, "fleet.capacityTimeoutMinutes"],
  ["production.bastion.rootVolumeGib: 7 must be at least 8", { bastion: { rootVolumeGib: 7 } }],
  [
    "production.fleet.healthCheckGraceSeconds: 209 must be at least 210: startup 120 s and 3 failed checks 30 s apart",
    { fleet: { healthCheckGraceSeconds: 209 } },
  ],
  ["production.scaling.periodSeconds: 310 must be a multiple of 60", { scaling: { periodSeconds: 310 } }],
  ...[10, 30, 59].map((periodSeconds): [string, Differences<Settings>] => [
    `production.scaling.periodSeconds: ${String(periodSeconds)} must be at least 60`,
    { fleet: { detailedMonitoring: true }, scaling: { periodSeconds } },
  ]),
  [
    "production.scaling.periodSeconds: 60 must be at least 300 unless fleet.detailedMonitoring is true",
    { scaling: { periodSeconds: 60 } },
  ],
  [
    "production.scaling.evaluationPeriods: 289 must be at most 288 with periods of 300 seconds",
    { scaling: { evaluationPeriods: 289 } },
  ],
  [
    "production.scaling.in.thresholdPercent: 80 must be below scaling.out.thresholdPercent (80)",
    { scaling: { in: { thresholdPercent: 80 } } },
  ],
  [
    "production.scaling.in.thresholdPercent: 40 conflicts with scaling.out.thresholdPercent: 1 instances at 80 % become 2 at 40 %",
    { scaling: { in: { thresholdPercent: 40 } } },
  ],
  [
    "production.scaling.in.thresholdPercent: 20 conflicts with scaling.out.thresholdPercent: 1 instances at 80 % become 4 at 20 %",
    { scaling: { out: { instances: 3 } } },
  ],
  [
    "production.scaling.in.thresholdPercent: 25 conflicts with scaling.out.thresholdPercent: 4 instances at 25 % become 1 at 100 %",
    { scaling: { in: { thresholdPercent: 25, instances: 3 } } },
  ],
  [
    "production.scaling.in.thresholdPercent: 35 conflicts with scaling.out.thresholdPercent: 1 instances at 70 % become 2 at 35 %",
    steps({ in: { thresholdPercent: 35 } }),
  ],
  [
    "production.scaling.in.thresholdPercent: 20 conflicts with scaling.out.thresholdPercent: 4 instances at 19 % become 1 at 76 %",
    steps({
      in: {
        steps: [
          { beyondPercent: 0, instances: 1 },
          { beyondPercent: 1, instances: 3 },
        ],
      },
    }),
  ],
  ["production.scaling.periodSeconds: 60 must be at least 300 unless", steps({ periodSeconds: 60 })],
  ["production.scaling.evaluationPeriods: 289 must be at most 288", steps({ evaluationPeriods: 289 })],
  [
    "must begin with a step whose beyondPercent is 0",
    steps({ out: { steps: [{ beyondPercent: 5, instances: 1 }] } }),
    "scaling.out.steps",
  ],
  [
    "must rise from step to step, in beyondPercent and in instances",
    steps({
      in: {
        steps: [
          { beyondPercent: 0, instances: 1 },
          { beyondPercent: 5, instances: 1 },
        ],
      },
    }),
    "scaling.in.steps",
  ],
  [
    "must rise from step to step, in beyondPercent and in instances",
    steps({
      out: {
        steps: [
          { beyondPercent: 0, instances: 1 },
          { beyondPercent: 10, instances: 2 },
          { beyondPercent: 5, instances: 3 },
        ],
      },
      in: { thresholdPercent: 10 },
    }),
    "scaling.out.steps",
  ],
  [
    "has a step that no CPU reaches: 30 beyond the threshold",
    steps({
      out: {
        steps: [
          { beyondPercent: 0, instances: 1 },
          { beyondPercent: 30, instances: 2 },
        ],
      },
    }),
    "scaling.out.steps",
  ],
  ["production.scaling.warmUpSeconds: 119 must be at least fleet.startupSeconds (120)", steps({ warmUpSeconds: 119 })],
  ["production.scaling.warmUpSeconds: 119 must be at least fleet.startupSeconds (120)", target({ warmUpSeconds: 119 })],
  ["would leave the group, with nightly, at 5 servers of 5 to 4", at({ minSize: 5 }), "scaling.schedules"],
  ["would leave the group, with nightly, at 5 servers of 1 to 4", at({ desiredCapacity: 5 }), "scaling.schedules"],
  ["would leave the group, with nightly, at 1 servers of 1 to 0", at({ maxSize: 0 }), "scaling.schedules"],
  ["the same minute, which AWS refuses (a minute later will do): a and b", both("0 9 * * *"), "scaling.schedules"],
  ["the same minute, which AWS refuses (a minute later will do): a and b", both("0 9 * * MON"), "scaling.schedules"],
  [
    "the same minute, which AWS refuses (a minute later will do): a and b",
    both("30 14 * * *", "Asia/Kolkata"),
    "scaling.schedules",
  ],
  ["are more than the 125 that a group may have", many(126), "scaling.schedules"],
  [
    "production.fleet.warmPool.maxGroupPreparedCapacity: 1 must be above fleet.minSize (1)",
    pool({ maxGroupPreparedCapacity: 1 }),
  ],
  [
    "production.fleet.warmPool.maxGroupPreparedCapacity: 2 must not be below fleet.warmPool.minSize (3)",
    pool({ maxGroupPreparedCapacity: 2, minSize: 3 }),
  ],
  [
    "production.fleet.warmPool.state: Hibernated is not for bare metal: fleet.instanceType is m5.metal",
    hibernated("m5.metal", 500),
  ],
  ["is not for bare metal: fleet.instanceType is c7i.metal-24xl", hibernated("c7i.metal-24xl", 500), "warmPool.state"],
  ["is for less than 150 GiB of memory: fleet.instanceType r5.8xlarge has 256", hibernated("r5.8xlarge", 500)],
  ["for the 16 GiB of memory of m7i.xlarge: fleet.rootVolumeGib is 8", hibernated("m7i.xlarge", 8)],
  ["for the 8 GiB of memory of t3.large: fleet.rootVolumeGib is 7", hibernated("t3.large", 7)],
  ["whose memory is known here: one of the families t, m, c and r, not x2gd.large", hibernated("x2gd.large", 500)],
];

test.each(broken.map(([line, change, blamed = ""]) => [line, change, blamed] as const))(
  "%s",
  (line, change, blamed) => {
    const lines = problems(change);
    expect(lines).toEqual([expect.stringContaining(line)]);
    expect(lines[0]).toContain(blamed);
  },
);

/** Values just on the right side of each limit. */
test.each<Differences<Settings>>([
  { names: { loadBalancer: "a".repeat(32), targetGroup: "a".repeat(32), launchTemplate: "abc" } },
  { network: { cidr: "192.168.1.0/26" } },
  { network: { zones: ["ap-south-1c", "ap-south-1a", "ap-south-1b"] } },
  { targetGroup: { healthCheck: { timeoutSeconds: 29 } } },
  { fleet: { healthCheckGraceSeconds: 210 } },
  { fleet: { capacityTimeoutMinutes: 3 } },
  { fleet: { minSize: 0, desiredCapacity: 0 } },
  { fleet: { minSize: 4, desiredCapacity: 4 } },
  { fleet: { detailedMonitoring: true }, scaling: { periodSeconds: 60 } },
  { scaling: { evaluationPeriods: 288 } },
  { scaling: { periodSeconds: 3600, evaluationPeriods: 168 } },
  { scaling: { in: { thresholdPercent: 39.9 } } },
  { fleet: { minSize: 3, desiredCapacity: 3 }, scaling: { in: { thresholdPercent: 59 } } }, // 3 at 80 % become 4 at 60 %
  steps(),
  steps({
    out: {
      steps: [
        { beyondPercent: 0, instances: 1 },
        { beyondPercent: 29, instances: 2 },
      ],
    },
  }),
  target(),
  both("1 9 * * *"),
  both("0 9 * * *", "Asia/Kolkata"),
  many(125),
  at({ minSize: 4 }),
  at({ minSize: 5, maxSize: 6 }),
  at({ minSize: 0, desiredCapacity: 0 }),
  pool({}),
  pool({ maxGroupPreparedCapacity: 2, minSize: 2 }),
  hibernated("t3.micro", 8),
  hibernated("r5.4xlarge", 128),
])("takes %j", (change) => {
  expect(problems(change)).toEqual([]);
});

test("every rule has a case above", () => {
  const blamed = new Set(broken.map(([line, , blames = line.split(": ")[0]?.replace("production.", "")]) => blames));
  expect(rules.map(({ blames }) => blames).filter((path) => !blamed.has(path))).toEqual([]);
});

test("an environment's prefix counts: a name that fits in production may be too long elsewhere", () => {
  const names = { names: { loadBalancer: "a".repeat(32) } };
  expect(problems(names)).toEqual([]);
  expect(problems(names, "staging")).toEqual([expect.stringContaining("is 40 characters long; AWS takes 1 to 32")]);
});
