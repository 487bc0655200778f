import { derive } from "../../src/config/derive";
import { environments, remoteState } from "../../src/config/environments";
import { environmentProblems, SettingsError, validate } from "../../src/config/validate";

const { production } = environments;

test("the project's own settings are in order", () => {
  expect(validate({ environments, remoteState })).toEqual({ environments, remoteState });
});

test("reports everything that is wrong at once, in all environments, a line each", () => {
  const staging = derive(production, { fleet: { maxSize: 0 }, bastion: { sshSources: ["everywhere"] } });
  const broken = { ...production, network: { cidr: "10.0.0.0/8", zones: ["ap-south-1a"], nat: "many" }, colour: "red" };
  let problems: readonly string[] = [];
  try {
    validate({ environments: { production: broken, staging }, remoteState: { ...remoteState, bucket: "NO" } });
  } catch (error) {
    if (error instanceof SettingsError) problems = error.problems;
  }
  expect([...problems].sort()).toEqual([
    "production.colour: red is not a setting",
    "production.network.nat: many must be one of single, perZone, none",
    'production.network.zones: ["ap-south-1a"] must have 2 or more',
    "remoteState.bucket: NO is not a bucket name (3 to 63 lower-case letters, digits and inner hyphens)",
    "staging.bastion.sshSources.0: everywhere is not a network (such as 203.0.113.7/32 or 2001:db8::/32)",
    "staging.fleet.maxSize: 0 must be at least 1",
  ]);
});

test.each([
  ["production.region: atlantis-1 must be one of", { region: "atlantis-1" as "ap-south-1" }],
  ["production.fleet.amiId: ami-xyz is not an AMI id", { fleet: { amiId: "ami-xyz" } }],
  [
    "production.fleet.instanceType: t3micro is not an instance type (such as t3.micro)",
    { fleet: { instanceType: "t3micro" } },
  ],
  ["production.targetGroup.port: 65536 must be at most 65535", { targetGroup: { port: 65536 } }],
  ["production.targetGroup.port: 0 must be at least 1", { targetGroup: { port: 0 } }],
  [
    "production.targetGroup.healthCheck.path: healthz is not a path",
    { targetGroup: { healthCheck: { path: "healthz" } } },
  ],
  ["production.fleet.minSize: 1.5 must be a whole number", { fleet: { minSize: 1.5 } }],
  ["production.fleet.maxSize: 4 must be a number", { fleet: { maxSize: "4" as unknown as number } }],
  ["production.loadBalancer.deletionProtection: off must be", { loadBalancer: { deletionProtection: "off" as "on" } }],
  ["production.loadBalancer.deletionProtection", { loadBalancer: { deletionProtection: { off: "why not" } } }],
  ["production.fleet.metadataTokens: optional must be", { fleet: { metadataTokens: "optional" as "required" } }],
  ["production.fleet.metadataTokens", { fleet: { metadataTokens: { optional: "why not" } } }],
  [
    "production.fleet.keyPair.publicKey: -----BEGIN",
    { fleet: { keyPair: { publicKey: "-----BEGIN OPENSSH PRIVATE KEY-----" } } },
  ],
  ["production.scaling.out.thresholdPercent: 101 must be at most 100", { scaling: { out: { thresholdPercent: 101 } } }],
] as const)("%s …", (line, change) => {
  const lines = environmentProblems("production", derive(production, change));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(line);
});

const scheduled = (schedule: object) => ({
  scaling: { schedules: { peak: { recurrence: "0 9 * * *", timeZone: "UTC", minSize: 2, ...schedule } } },
});

test.each([
  [
    "scaling.kind: fast must be one of simple, step, targetTracking",
    { scaling: { ...production.scaling, kind: "fast" as "simple" } },
  ],
  ["scaling.kind: is missing", { scaling: { ...production.scaling, kind: undefined } }],
  ["scaling.schedules.peak.recurrence: 0 9 * * is not a cron expression", scheduled({ recurrence: "0 9 * *" })],
  ["scaling.schedules.peak.timeZone: Mars/Olympus is not a time zone", scheduled({ timeZone: "Mars/Olympus" })],
  ["scaling.schedules.peak.minSize: -1 must be at least 0", scheduled({ minSize: -1 })],
  ["must have at least one of minSize, maxSize and desiredCapacity", scheduled({ minSize: undefined })],
  ["scaling.schedules.A b: ", { scaling: { schedules: { "A b": scheduled({}).scaling.schedules.peak } } }],
])("%s …", (line, change) => {
  const made = derive<object>(production, change);
  expect(environmentProblems("production", made)).toEqual([expect.stringContaining(line)]);
});

test("another kind of scaling replaces the one before, whose settings are not its own; the same kind is merged", () => {
  const scaling = { kind: "targetTracking", targetPercent: 50, warmUpSeconds: 120 } as const;
  const tracking = derive(production, { scaling });
  expect(tracking.scaling).toEqual(scaling);
  expect(environmentProblems("production", tracking)).toEqual([]);
  expect(derive(tracking, { scaling: { targetPercent: 40 } }).scaling).toEqual({ ...scaling, targetPercent: 40 });
  expect(derive(tracking, { scaling: { kind: "targetTracking", targetPercent: 40 } }).scaling).toEqual({
    ...scaling,
    targetPercent: 40,
  });
});

test.each(["region", "network", "fleet", "scaling", "names"] as const)("%s may not be missing", (section) => {
  expect(environmentProblems("production", { ...production, [section]: undefined })).toEqual([
    `production.${section}: is missing`,
  ]);
});

test.each(["remote-state", "Staging", "a", "-x", "x".repeat(21)])("%s is not an environment's name", (name) => {
  expect(environmentProblems(name, production)[0]).toContain("is not an environment's name");
});

test("an environment derives from another by what differs, and may take a section away", () => {
  const staging = derive(production, {
    fleet: { maxSize: 2 },
    network: { zones: ["ap-south-1b", "ap-south-1c"] },
    bastion: undefined,
  });
  expect(staging.fleet).toEqual({ ...production.fleet, maxSize: 2 });
  expect(staging.network.zones).toEqual(["ap-south-1b", "ap-south-1c"]);
  expect(staging).not.toHaveProperty("bastion");
  expect(production.fleet.maxSize).toBe(4);
});

test("a bucket is used once, since its name is global and no environment's name is put in front of it", () => {
  const logs = (bucket: string) => ({ loadBalancer: { accessLogs: { bucket, retentionDays: 30 } } });
  const production = derive(environments.production, logs("the-logs"));
  const staging = derive(production, logs("the-logs"));
  const test = derive(production, logs(remoteState.bucket));
  expect(() => validate({ environments: { production, staging, test }, remoteState })).toThrow(
    [
      "staging.loadBalancer.accessLogs.bucket: the-logs is production.loadBalancer.accessLogs.bucket, too",
      `test.loadBalancer.accessLogs.bucket: ${remoteState.bucket} is remoteState.bucket, too`,
    ].join("\n"),
  );
});

/** Every text in the settings, by its path. */
function texts(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value === "string") return [[...path]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => texts(part, [...path, key]));
}

function withText(path: readonly string[], text: string, settings: object): object {
  const changed = structuredClone(settings) as Record<string, unknown>;
  const last = path.at(-1) ?? "";
  const section = path.slice(0, -1).reduce((part, key) => part[key] as Record<string, unknown>, changed);
  section[last] = text;
  return changed;
}

const withAllTexts = derive(production, {
  tags: { Team: "web" },
  loadBalancer: {
    deletionProtection: { off: "a test takes it down" },
    accessLogs: { bucket: "the-logs", retentionDays: 1 },
  },
  fleet: {
    keyPair: { publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE" },
  },
  scaling: { schedules: { peak: { recurrence: "0 9 * * *", timeZone: "UTC", minSize: 1 } } },
});

test.each(texts(withAllTexts).map((path) => [path.join("."), path] as const))(
  "%s may not have what Terraform reads as an expression",
  (name, path) => {
    for (const text of ["x ${foo}", "%{ if true }x"])
      expect(environmentProblems("production", withText(path, text, withAllTexts))).toContainEqual(
        expect.stringMatching(new RegExp(`^production\\.${name.replaceAll(".", "\\.")}: .* has \\$\\{ or %\\{`)),
      );
  },
);

test("nor may a key, nor the settings of the account", () => {
  const tags = { "${x}": "y" } as object;
  expect(environmentProblems("production", { ...production, tags })).toContainEqual(
    expect.stringContaining("production.tags.${x}: has ${ or %{"),
  );
  expect(() => validate({ environments, remoteState: { ...remoteState, bucket: "${x}" } })).toThrow(
    "remoteState.bucket: ${x} has ${ or %{",
  );
});

test("a lone $, % or { is text like any other", () => {
  expect(environmentProblems("production", derive(production, { names: { vpc: "50 % of $5 {x}" } }))).toEqual([]);
});
