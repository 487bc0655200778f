/**
 * Each kind of scaling, one after another on one group, with the real Terraform and provider on an emulated AWS.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { clientsFor } from "../../src/account/clients";
import { scaling as scalingPart } from "../../src/account/scaling";
import { accountTypes, observe } from "../../src/account/tables";
import { find } from "../../src/adopt/find";
import { derive, type Differences } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import { environmentProblems } from "../../src/config/validate";
import { scheduledActionName } from "../../src/aws/scheduled-action";
import { nameIn } from "../../src/aws/names";
import { run } from "../../src/machine/run";
import { stackOf, type SynthesizedStack } from "../../src/terraform/stack";
import { synthStack } from "../support";
import { ENVIRONMENT, Servers } from "./servers";
import { Cloud } from "./support";

let cloud: Cloud;
const folder = () => join(cloud.folder, "servers");
const terraform = (...args: string[]) =>
  run("terraform", [...args, "-no-color"], { cwd: folder(), env: cloud.workspace.env });

beforeAll(async () => {
  cloud = await Cloud.start("missing");
  mkdirSync(folder());
});

afterAll(() => cloud.stop());

const schedules = {
  morning: { recurrence: "30 8 * * MON-FRI", timeZone: "Asia/Kolkata", minSize: 2 },
  evening: { recurrence: "0 20 * * MON-FRI", timeZone: "Asia/Kolkata", minSize: 1, desiredCapacity: 1 },
  campaign: { recurrence: "0 9 1 12 *", timeZone: "UTC", minSize: 0, maxSize: 6 },
};

const kinds: readonly (readonly [what: string, differences: Differences<Settings>])[] = [
  [
    "steps on detailed metrics, with schedules and stopped servers that wait",
    {
      fleet: {
        detailedMonitoring: true,
        warmPool: { state: "Stopped", minSize: 1, maxGroupPreparedCapacity: 3, reuseOnScaleIn: true },
      },
      scaling: {
        kind: "step",
        periodSeconds: 60,
        evaluationPeriods: 3,
        out: {
          thresholdPercent: 70,
          steps: [
            { beyondPercent: 0, instances: 1 },
            { beyondPercent: 12.5, instances: 2 },
          ],
        },
        in: {
          thresholdPercent: 20,
          steps: [
            { beyondPercent: 0, instances: 1 },
            { beyondPercent: 15, instances: 2 },
          ],
        },
        warmUpSeconds: 150,
        schedules,
      },
    },
  ],
  ["the documented policies, and nothing that waits", {}],
  [
    "target tracking, with a schedule and running servers that wait",
    {
      fleet: { detailedMonitoring: true, warmPool: { state: "Running", minSize: 0, reuseOnScaleIn: false } },
      scaling: {
        kind: "targetTracking",
        targetPercent: 50,
        warmUpSeconds: 120,
        schedules: { morning: schedules.morning },
      },
    },
  ],
];

test.each(kinds)("%s: applied, as set when asked of AWS, and nothing left to change", async (_, differences) => {
  const settings = derive(environments.local, differences);
  expect(environmentProblems(ENVIRONMENT, settings)).toEqual([]);
  const { json } = synthStack(new Servers(Testing.app(), settings));
  writeFileSync(join(folder(), "cdk.tf.json"), json);
  expect(await terraform("init", "-input=false")).toMatchObject({ code: 0 });
  const applied = await terraform("apply", "-auto-approve", "-input=false");
  expect(applied.output).toContain("Apply complete!");

  const facts = scalingPart.facts(
    ENVIRONMENT,
    settings,
    await observe({ environment: ENVIRONMENT, settings, clients: clientsFor(cloud.config) }),
  );
  expect(facts.filter(({ expected, actual }) => expected !== actual)).toEqual([]);

  const plan = await terraform("plan", "-input=false", "-detailed-exitcode");
  expect(plan.output).toContain("No changes.");
  expect(plan.code).toBe(0);
});

test.each<[wrong: string, differences: Differences<Settings>]>([
  ["fleet.instanceType: t4g.micro is arm64, and the image", { fleet: { instanceType: "t4g.micro" } }],
  ["fleet.rootVolumeGib: 7 is less than the 8 GiB of the image", { fleet: { rootVolumeGib: 7 } }],
])("the plan fails: %s", async (wrong, differences) => {
  const { json } = synthStack(new Servers(Testing.app(), derive(environments.local, differences)));
  const applied = readFileSync(join(folder(), "cdk.tf.json"), "utf8");
  writeFileSync(join(folder(), "cdk.tf.json"), json);
  const plan = await terraform("plan", "-input=false");
  writeFileSync(join(folder(), "cdk.tf.json"), applied);
  expect(plan.code).toBe(1);
  expect(plan.output.replace(/[\s│]+/g, " ")).toContain(wrong);
});

test("a schedule and a policy that the state has lost are found, and imported by the ids they are found with", async () => {
  const stack = stackOf(JSON.parse(readFileSync(join(folder(), "cdk.tf.json"), "utf8")) as SynthesizedStack);
  const addresses = stack.resources.map(({ address }) => address);
  const group = nameIn(ENVIRONMENT, environments.local.names.autoScalingGroup);
  const lost = addresses.filter((address) => /^aws_autoscaling_(schedule|policy)/.test(address));
  expect(await terraform("state", "rm", ...lost)).toMatchObject({ code: 0 });
  // Of what the state still knows, only the group's id is read.
  const ids = new Map(addresses.filter((one) => !lost.includes(one)).map((one) => [one, group]));
  const { found } = await find(stack, ENVIRONMENT, ids, accountTypes, () => clientsFor(cloud.config));
  expect(found.map(({ id }) => id).sort()).toEqual([
    `${group}/${scheduledActionName("morning", schedules.morning)}`,
    `${group}/track-cpu`,
  ]);
  for (const { address, id } of found) expect(await terraform("import", address, id)).toMatchObject({ code: 0 });
  expect((await terraform("plan", "-input=false")).output).toContain("No changes.");
});
