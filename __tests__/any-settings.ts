/** Settings of all kinds, for what must hold for each of them: FAST_CHECK_RUNS says for how many it is tried. */
import fc from "fast-check";
import { Address4 } from "ip-address";
import { environments } from "../src/config/environments";
import type { Settings } from "../src/config/schema";
import { environmentProblems } from "../src/config/validate";

/** Few, for the inner loop: `FAST_CHECK_RUNS=500 npx jest properties` looks longer. */
export const RUNS = Number(process.env["FAST_CHECK_RUNS"] ?? 10);

const name = fc.stringMatching(/^[a-z][a-z0-9]{2,9}$/);
const keyPair = fc.option(
  fc.record(
    {
      name,
      publicKey: fc.constantFrom(
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE me@home\n",
      ),
    },
    { requiredKeys: ["name"] },
  ),
  { nil: undefined },
);
const network = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 15 }), fc.integer({ min: 16, max: 25 }))
  .map(([second, third, prefix]) => new Address4(`10.${String(second)}.${String(third * 16)}.0/${String(prefix)}`))
  .map((address) => `${address.startAddress().correctForm()}/${String(address.subnetMask)}`);
const tags = fc.dictionary(
  fc.stringMatching(/^[a-z+=.:@-][a-zA-Z0-9]{1,9}$/),
  fc.stringMatching(/^[a-zA-Zäß東 0-9_.:/=+@-]{0,20}$/),
  { maxKeys: 3 },
);
const zones = fc.shuffledSubarray(["ap-south-1a", "ap-south-1b", "ap-south-1c"], { minLength: 2 });
const sources = fc.uniqueArray(fc.constantFrom("0.0.0.0/0", "203.0.113.0/24", "198.51.100.7/32", "2001:db8::/32"), {
  maxLength: 2,
});
const instanceType = fc.constantFrom("t2.micro", "t3.micro", "t4g.small", "m7i.large", "c7g.2xlarge");

const steps = fc
  .option(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 4 })), { nil: undefined })
  .map((second) => [
    { beyondPercent: 0, instances: 1 },
    ...(second ? [{ beyondPercent: second[0], instances: second[1] }] : []),
  ]);
const schedules = fc.option(
  fc
    .uniqueArray(
      fc.record({
        recurrence: fc.constantFrom("30 8 * * MON-FRI", "0 22 * * *", "*/15 0 1,15 JAN *"),
        timeZone: fc.constantFrom("UTC", "Asia/Kolkata"),
        desiredCapacity: fc.nat(5),
      }),
      { maxLength: 3, selector: ({ recurrence }) => recurrence },
    )
    .map((made) => Object.fromEntries(made.map((each, index) => [`s${String(index)}`, each]))),
  { nil: undefined },
);
const scaling = fc
  .record({
    kind: fc.constantFrom("simple" as const, "step" as const, "targetTracking" as const),
    low: fc.integer({ min: 5, max: 25 }),
    high: fc.integer({ min: 60, max: 90 }),
    up: steps,
    down: steps,
    warmUpSeconds: fc.integer({ min: 120, max: 600 }),
    disableScaleIn: fc.boolean(),
    schedules,
  })
  .map(({ kind, low, high, up, down, warmUpSeconds, disableScaleIn, schedules: made }) => {
    const common = made && { schedules: made };
    const alarms = { periodSeconds: 300, evaluationPeriods: 2 };
    switch (kind) {
      case "simple":
        return {
          kind,
          ...alarms,
          out: { thresholdPercent: high, instances: 1, cooldownSeconds: 300 },
          in: { thresholdPercent: low, instances: 1, cooldownSeconds: 300 },
          ...common,
        };
      case "step":
        return {
          kind,
          ...alarms,
          out: { thresholdPercent: high, steps: up },
          in: { thresholdPercent: low, steps: down },
          warmUpSeconds,
          ...common,
        };
      case "targetTracking":
        return { kind, targetPercent: high, warmUpSeconds, disableScaleIn, ...common };
    }
  });
const warmPool = fc.option(
  fc.record({
    state: fc.constantFrom("Stopped" as const, "Running" as const, "Hibernated" as const),
    minSize: fc.nat(5),
    reuseOnScaleIn: fc.boolean(),
  }),
  { nil: undefined },
);

/** Settings that the schema and its rules accept, far from the reference deployment's. */
export const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    tags,
    names: fc.uniqueArray(name, { minLength: 12, maxLength: 12 }),
    style: fc.constantFrom("fixed" as const, "prefix" as const),
    network: fc.record({
      cidr: network,
      zones,
      nat: fc.constantFrom("single" as const, "perZone" as const, "none" as const),
    }),
    port: fc.integer({ min: 1, max: 65535 }),
    matcher: fc.constantFrom(undefined, "200", "200-302", "200,202"),
    appPort: fc.integer({ min: 1024, max: 65535 }),
    accessLogs: fc.option(fc.record({ bucket: name, retentionDays: fc.integer({ min: 1, max: 365 }) }), {
      nil: undefined,
    }),
    sizes: fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)).map((sizes) => sizes.sort((a, b) => a - b)),
    scaling,
    warmPool,
    detailed: fc.boolean(),
    instanceType,
    rootVolumeGib: fc.integer({ min: 8, max: 32 }),
    keyPair,
    bastion: fc.option(
      fc.record({ instanceType, keyPair, rootVolumeGib: fc.integer({ min: 8, max: 99 }), sshSources: sources }),
      { nil: undefined },
    ),
  })
  .map((made): Settings => {
    const [vpc, loadBalancerSecurityGroup, appSecurityGroup, bastionSecurityGroup, loadBalancer, targetGroup] =
      made.names as [string, string, string, string, string, string];
    const [launchTemplate, autoScalingGroup, highCpuAlarm, lowCpuAlarm, instanceRole, bastion] = made.names.slice(
      6,
    ) as [string, string, string, string, string, string];
    const [minSize, desiredCapacity, maxSize] = made.sizes;
    return {
      region: "ap-south-1",
      tags: made.tags,
      names: {
        style: made.style,
        vpc,
        loadBalancerSecurityGroup,
        appSecurityGroup,
        bastionSecurityGroup,
        loadBalancer,
        targetGroup,
        launchTemplate,
        autoScalingGroup,
        highCpuAlarm,
        lowCpuAlarm,
        instanceRole,
        bastion,
      },
      network: made.network,
      loadBalancer: {
        port: made.port,
        idleTimeoutSeconds: 60,
        deletionProtection: "on",
        ...(made.accessLogs && { accessLogs: made.accessLogs }),
      },
      targetGroup: {
        port: made.appPort,
        deregistrationDelaySeconds: 60,
        healthCheck: {
          path: "/",
          ...(made.matcher !== undefined && { matcher: made.matcher }),
          intervalSeconds: 30,
          timeoutSeconds: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
      },
      fleet: {
        amiId: "ami-02f2230845208fdc0",
        instanceType: made.instanceType,
        cpuCredits: "unlimited",
        ...(made.keyPair && { keyPair: made.keyPair }),
        rootVolumeGib: made.rootVolumeGib,
        detailedMonitoring: made.detailed,
        minSize,
        desiredCapacity,
        maxSize: Math.max(1, maxSize),
        healthCheckGraceSeconds: 300,
        startupSeconds: 120,
        capacityTimeoutMinutes: 10,
        ...(made.warmPool && { warmPool: made.warmPool }),
      },
      scaling: "periodSeconds" in made.scaling && made.detailed ? { ...made.scaling, periodSeconds: 60 } : made.scaling,
      ...(made.bastion && { bastion: made.bastion }),
      usage: environments.production.usage,
    };
  })
  .filter((made) => environmentProblems("staging", made).length === 0);
