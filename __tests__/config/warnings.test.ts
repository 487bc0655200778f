import { derive, type Differences } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { warningsOf, type Settings } from "../../src/config/schema";
import { AnnotationMetadataEntryType, Testing } from "cdktf";
import { remoteState } from "../../src/config/environments";
import { WebApp } from "../../src/stacks/web-app";

const { production } = environments;
const tracking = { kind: "targetTracking", targetPercent: 60, warmUpSeconds: 120 } as const;

const networks = (number: number) => Array.from({ length: number }, (_, at) => `203.0.113.${String(at)}/32`);

/** Part of the warning, the settings that earn it, the settings that cure it; each names the setting to change. */
const table: readonly (readonly [
  warns: RegExp,
  names: string,
  unsafe: Differences<Settings>,
  cured: Differences<Settings>,
])[] = [
  [/SSH port is open to the whole internet/, "bastion.sshSources", {}, { bastion: { sshSources: ["203.0.113.7/32"] } }],
  [/SSH port is open to the whole internet/, "bastion.sshSources", {}, { bastion: undefined }],
  [
    /SSH port is open to the whole internet/,
    "bastion.sshSources",
    { bastion: { sshSources: ["::/0", "128.0.0.0/1"] } },
    { bastion: { sshSources: [] } },
  ],
  [
    /no IPv6 addresses/,
    "bastion.sshSources",
    { bastion: { sshSources: ["2001:db8::/32"] } },
    { bastion: { sshSources: ["203.0.113.7/32"] } },
  ],
  [
    /needs 150 rules in one security group, and AWS takes 60/,
    "bastion.sshSources",
    { bastion: { sshSources: networks(150) } },
    { bastion: { sshSources: [...networks(60), "2001:db8::/32"] } },
  ],
  [/One NAT gateway serves all zones/, "network.nat", {}, { network: { nat: "perZone" } }],
  [/reach only S3/, "network.nat", { network: { nat: "none" } }, { network: { nat: "single" } }],
  [/Fixed names/, "names.style", {}, { names: { style: "prefix" } }],
  [
    /health check asks for the front page/,
    "targetGroup.healthCheck.path",
    {},
    { targetGroup: { healthCheck: { path: "/healthz" } } },
  ],
  [
    /throttled to its baseline/,
    "fleet.cpuCredits",
    { fleet: { cpuCredits: "standard" } },
    { fleet: { cpuCredits: "unlimited" } },
  ],
  [/bills the surplus credits/, "fleet.instanceType", {}, { fleet: { instanceType: "m7i.large" } }],
  [
    /terminate the last server/,
    "fleet.minSize",
    { fleet: { minSize: 0, desiredCapacity: 0 } },
    { fleet: { minSize: 1, desiredCapacity: 1 } },
  ],
  [/waits 300 seconds/, "scaling.out.cooldownSeconds", {}, { scaling: { out: { cooldownSeconds: 120 } } }],
  [
    /stay just below 60 % CPU for long/,
    "scaling.targetPercent",
    { scaling: tracking },
    { fleet: { instanceType: "m7i.large" }, scaling: tracking },
  ],
  [
    /Target tracking evaluates every minute/,
    "fleet.detailedMonitoring",
    { scaling: tracking },
    { fleet: { detailedMonitoring: true }, scaling: tracking },
  ],
  [
    /wait running are billed/,
    "fleet.warmPool.state",
    { fleet: { warmPool: { state: "Running", minSize: 1, reuseOnScaleIn: false } } },
    { fleet: { warmPool: { state: "Stopped", minSize: 1, reuseOnScaleIn: false } } },
  ],
  [
    /a deploy does not change its present ones/,
    "scaling.schedules",
    { scaling: { schedules: { night: { recurrence: "0 1 * * *", timeZone: "UTC", minSize: 0 } } } },
    { scaling: { schedules: { night: { recurrence: "0 1 * * *", timeZone: "UTC", desiredCapacity: 1 } } } },
  ],
  [
    /smaller than the \/27/,
    "network.cidr",
    { network: { cidr: "192.168.1.0/26" } },
    { network: { cidr: "192.168.1.0/25" } },
  ],
  [
    /keeps idle connections for 75 seconds/,
    "loadBalancer.idleTimeoutSeconds",
    { loadBalancer: { idleTimeoutSeconds: 75 } },
    { loadBalancer: { idleTimeoutSeconds: 74 } },
  ],
  [
    /keeps idle connections for 4000 seconds/,
    "loadBalancer.idleTimeoutSeconds",
    { loadBalancer: { idleTimeoutSeconds: 4000 } },
    {},
  ],
  [
    /cuts a deregistering server's connections after 35 seconds, and the application may take 35/,
    "targetGroup.deregistrationDelaySeconds",
    { targetGroup: { deregistrationDelaySeconds: 35 } },
    { targetGroup: { deregistrationDelaySeconds: 36 } },
  ],
  [/listens on port 5000/, "targetGroup.port", { targetGroup: { port: 8080 } }, { targetGroup: { port: 5000 } }],
  ...["/healthz/", "/health", "/healthz/?a=b", "/Healthz"].map(
    (path) =>
      [
        /answers 200 on \/, \/healthz, \/readyz, and not on/,
        `targetGroup.healthCheck.path (${path})`,
        { targetGroup: { healthCheck: { path } } },
        { targetGroup: { healthCheck: { path: "/healthz?a=b" } } },
      ] as const,
  ),
  [
    /answers \/healthz with 200, which .* does not accept/,
    "targetGroup.healthCheck.matcher (301,302)",
    { targetGroup: { healthCheck: { path: "/healthz", matcher: "301,302" } } },
    { targetGroup: { healthCheck: { path: "/healthz", matcher: "200-302" } } },
  ],
  [
    /need 720 MiB of memory, and a t3.nano has 512/,
    "fleet.instanceType",
    { fleet: { instanceType: "t3.nano" } },
    { fleet: { instanceType: "t3.micro" } },
  ],
  [
    /can be read without a token: the old SDK in it knows no token/,
    "fleet.metadataTokens",
    { fleet: { metadataTokens: { optional: "the old SDK in it knows no token" } } },
    { fleet: { metadataTokens: "required" } },
  ],
  [
    /may be deleted: a test takes it down/,
    "loadBalancer.deletionProtection",
    { loadBalancer: { deletionProtection: { off: "a test takes it down" } } },
    {},
  ],
];

test.each(table)("%s names %s", (warns, names, unsafe, cured) => {
  const matching = (differences: Differences<Settings>) =>
    warningsOf(derive(production, differences)).filter((warning) => warns.test(warning));
  expect(matching(unsafe)).toEqual([expect.stringContaining(names)]);
  expect(matching(cured)).toEqual([]);
});

test("the documented system has six, and synth prints them", () => {
  const app = Testing.app();
  const stack = new WebApp(app, "production", { settings: production, remoteState });
  const printed = stack.node.metadata
    .filter(({ type }) => (AnnotationMetadataEntryType.WARN as string) === type)
    .map(({ data }) => String(data));
  expect(printed).toEqual(warningsOf(production));
  expect(printed).toHaveLength(6);
});
