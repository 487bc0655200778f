/** Every type of resource that any settings synthesize is known to every tool. */
import { Testing } from "cdktf";
import fc from "fast-check";
import { relations } from "../../src/account/related/tables";
import { accountTypes } from "../../src/account/tables";
import { derive } from "../../src/config/derive";
import { environments, remoteState } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import { resourceTypes } from "../../src/resources/tables";
import { RemoteState } from "../../src/stacks/remote-state";
import { anySettings } from "../any-settings";
import { synthStack, synthWebApp, type Synthesized } from "../support";

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDx operator";

/** All that can be had at once. */
const everything: Settings = derive(environments.production, {
  names: { style: "prefix" },
  network: { nat: "perZone" },
  loadBalancer: { accessLogs: { bucket: "web-app-logs", retentionDays: 30 } },
  fleet: { keyPair: { name: "nn", publicKey } },
  scaling: { schedules: { night: { recurrence: "0 1 * * *", timeZone: "UTC", desiredCapacity: 1 } } },
  bastion: { keyPair: { name: "host", publicKey } },
});

const stateWith = (provider: "create" | "existing") =>
  synthStack(
    new RemoteState(Testing.app(), "remote-state", {
      remoteState: { ...remoteState, github: { repository: "example/app", provider } },
      environments: { production: everything },
    }),
  );

/** A sentence for each type that a table lacks, or of which nobody says what it costs. */
function unknownIn({ types }: Synthesized): string[] {
  // The remote state is never taken over.
  const isOfEnvironment = types.includes("aws_vpc");
  return types.flatMap((type) => [
    ...(resourceTypes[type] === undefined || resourceTypes[type].cost === "unpriced"
      ? [`${type} has no cost: write it into src/resources/<area>.ts, and a new area into src/resources/tables.ts`]
      : []),
    ...(accountTypes[type] === undefined
      ? [`${type} cannot be found: write it into src/account/<area>.ts, and a new area into src/account/tables.ts`]
      : []),
    ...(relations[type] === undefined && isOfEnvironment
      ? [`${type} cannot be taken over: write it into src/account/related/<area>.ts, and a new area into its tables.ts`]
      : []),
  ]);
}

test.each([
  ["production", () => synthWebApp(environments.production)],
  ["the emulated environment", () => synthWebApp(environments.local, "local", true)],
  ["everything that can be switched on", () => synthWebApp(everything)],
  ["the remote state with GitHub's roles", () => stateWith("create")],
  ["the remote state with an identity provider that exists", () => stateWith("existing")],
])("every tool knows the types of %s", (_, build) => {
  expect(build().types.length).toBeGreaterThan(5);
  expect(unknownIn(build())).toEqual([]);
});

test("every tool knows the types of any settings", () => {
  fc.assert(
    fc.property(anySettings, (settings) => {
      expect(unknownIn(synthWebApp(settings))).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test("a type that no table knows is reported with the files to write", () => {
  const stack = { types: ["aws_vpc", "aws_made_up_thing"] } as Partial<Synthesized> as Synthesized;
  expect(unknownIn(stack)).toEqual([
    expect.stringMatching(/^aws_made_up_thing has no cost: .*src\/resources\/<area>\.ts/),
    expect.stringMatching(/^aws_made_up_thing cannot be found: .*src\/account\/<area>\.ts/),
    expect.stringMatching(/^aws_made_up_thing cannot be taken over: .*src\/account\/related\/<area>\.ts/),
  ]);
});

test("what holds data or carries traffic is precious", () => {
  const precious = Object.keys(resourceTypes).filter((type) => resourceTypes[type]?.precious);
  expect(precious).toEqual(
    expect.arrayContaining([
      ...["aws_lb", "aws_lb_listener", "aws_lb_target_group", "aws_autoscaling_group", "aws_nat_gateway", "aws_eip"],
      ...["aws_s3_bucket", "aws_db_instance", "aws_rds_cluster", "aws_dynamodb_table", "aws_efs_file_system"],
      ...["aws_elasticache_replication_group", "aws_acm_certificate"],
    ]),
  );
});
