import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/commands/command";
import { command } from "../../src/commands/cost";
import { costDifference } from "../../src/commands/priced";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { readPlan } from "../../src/terraform/plan";
import type { PlanJson } from "../../src/terraform/plan-json";
import { synthWebApp } from "../support";
import { fixture } from "../fixtures/plans";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "cost-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the command prints. */
const run = async (target: string, ...args: string[]) =>
  (await runCommand("cost", command, [target, ...args], {})).text;
interface Json {
  readonly bills: readonly {
    readonly name: string;
    readonly total: { readonly least: number; readonly expected: number; readonly most: number };
    readonly difference: { readonly expected: number };
  }[];
}
const json = async (...args: string[]) => JSON.parse(await run("production", "--json", ...args)) as Json;

test("a bill has fixed and usage cost, the least and the most, what it assumes, and that nothing is missing", async () => {
  const text = await run("production");
  expect(text).toMatch(/1 server +1\.6 servers +4 servers/);
  expect(text).toMatch(/^fixed cost +90\.94 +96\.28 +117\.66$/m);
  expect(text).toMatch(/^total +98\.59 +103\.93 +125\.31$/m);
  expect(text).toContain("Assumed (settings, usage): 1.6 servers at 10 % CPU, 56 GB out");
  expect(text).toContain("Nothing is left out");
});

test.each([
  [[]],
  [["--compare", "document"]],
  [["--what-if", "nat=perZone"]],
  [
    ["nat=perZone", "nat=none", "fleet.minSize=2,desiredCapacity=2", "bastion=null"].flatMap((each) => [
      "--what-if",
      each,
    ]),
  ],
  [["--what-if", "fleet.instanceType=m7i.large"]],
])("%j fits 80 columns, but for a word that is longer", async (args) => {
  const text = await run("production", ...args);
  expect(text.split("\n").filter((line) => line.length > 80 && line.trim().includes(" "))).toEqual([]);
});

test("a bill of many what-ifs is in tables one below the other, each with its items", async () => {
  const names = ["nat=perZone", "nat=none", "bastion=null", "fleet.detailedMonitoring=true", "fleet.maxSize=2"];
  const text = await run("production", ...names.flatMap((each) => ["--what-if", each]));
  const [first = "", second = ""] = text.split("\n\n");
  expect(first).toMatch(/^USD a month, expected +production +nat=perZone +nat=none +bastion=null$/m);
  expect(second).toMatch(/^USD a month, expected +fleet\.detailedMonitoring=true +fleet\.maxSize=2$/m);
  expect(second).toMatch(/^NAT gateways +40\.88 +40\.88$/m);
});

test("a resource without a price is listed, with how to ask for it", async () => {
  const text = await run("production", "--what-if", "fleet.instanceType=m7i.large");
  expect(text.replace(/\s+/g, " ")).toMatch(
    /- fleet\.instanceType=m7i\.large: aws_autoscaling_group\.\S+: the price book has no ec2\.m7i\.large/,
  );
});

test("a file is billed as the environment that it is of", async () => {
  const file = join(folder, "cdk.tf.json");
  writeFileSync(file, synthWebApp().json);
  // Lines of the same amount are in the order of the file.
  const lines = async (target: string) => (await run(target)).split("\n").sort();
  expect(await lines(file)).toEqual(await lines("production"));
});

test("what-ifs are shown side by side, in any number", async () => {
  const { bills } = await json(
    "--what-if",
    "nat=perZone",
    "--what-if",
    "fleet.minSize=2,desiredCapacity=2",
    "--what-if",
    "bastion=null",
  );
  expect(bills.map(({ name }) => name)).toEqual([
    "production",
    "nat=perZone",
    "fleet.minSize=2,desiredCapacity=2",
    "bastion=null",
  ]);
  // A gateway 40.88 and its address 3.65, less 0.54 between zones; 0.4 servers more, 8.176 and 0.7296 each; the bastion 8.176 + 3.65 + 0.7296
  expect(bills.map(({ difference }) => difference.expected.toFixed(2))).toEqual(["0.00", "43.99", "3.56", "-12.56"]);
});

test("a what-if that changes nothing costs nothing", async () => {
  const { bills } = await json("--what-if", "network.nat=single");
  expect(bills[1]?.difference).toEqual({ least: 0, expected: 0, most: 0 });
});

test("names that the user chooses are part of a what-if's path", async () => {
  const night = 'scaling.schedules.night={"recurrence":"0 1 * * *","timeZone":"UTC","minSize":0,"maxSize":9}';
  const { bills } = await json("--what-if", night, "--what-if", "tags.Team=web");
  expect(bills.map(({ total }) => [total.least, total.most].map((usd) => usd.toFixed(2)))).toEqual([
    ["98.59", "125.31"],
    // A server less at least, 5 more at most: 8.176 + 0.7296 each
    ["89.68", "169.83"],
    ["98.59", "125.31"],
  ]);
  await expect(run("production", "--what-if", "night.maxSize=9")).rejects.toThrow("night.maxSize: is not a setting");
});

test("a kind of scaling is changed as a whole", async () => {
  const text = await run(
    "production",
    "--what-if",
    "scaling.kind=targetTracking,targetPercent=60,scaling.warmUpSeconds=300",
  );
  expect(text).toMatch(/^difference +0\.00 +0\.00$/m);
  // Too long for a column's name.
  expect(text).toMatch(/^USD a month, expected +production +\(1\)$/m);
  expect(text).toMatch(/^\(1\) scaling\.kind=targetTracking,targetPercent=60,scaling\.warmUpSeconds=300$/m);
});

test.each<[readonly string[], string]>([
  [
    [
      "--what-if",
      "foo=1",
      "--what-if",
      "instanceType=t3.nano",
      "--what-if",
      "fleet.maxSize=0,cidr=x",
      "--what-if",
      "nat",
    ],
    [
      "--what-if foo=1: foo: is not a setting; docs/settings.md lists them all",
      "--what-if instanceType=t3.nano: instanceType: is one of fleet.instanceType, bastion.instanceType; say which",
      "--what-if fleet.maxSize=0,cidr=x: production.fleet.maxSize: 0 must be at least 1",
      "--what-if fleet.maxSize=0,cidr=x: production.network.cidr: x is not an IPv4 network (such as 192.168.1.0/24)",
      "--what-if nat: nat: must be SETTING=VALUE, such as nat=perZone",
    ].join("\n"),
  ],
  [["--compare", "yesterday"], "--compare yesterday: must be document"],
  [["--compare", "document", "--what-if", "nat=none"], "--compare cannot be combined with --what-if"],
  [["--format", "html"], "--format html: must be one of terminal, markdown, json"],
  [["--what-if", "tags.__proto__=x"], "--what-if tags.__proto__=x: tags.__proto__: is not a setting"],
  [["--what-if", "scaling.schedules.__proto__.minSize=1"], "scaling.schedules.__proto__.minSize: is not a setting"],
  [["--what-if", "constructor=1"], "constructor: is not a setting"],
  [["--write"], "--write needs --refresh"],
  [
    ["--refresh", "--what-if", "nat=none", "--json"],
    "--refresh prints prices, and cannot be combined with --what-if, --json",
  ],
  [["--format", "toString"], "--format toString: must be one of terminal, markdown, json"],
  [["--svg", "/no/such/folder/x.svg"], "--svg /no/such/folder/x.svg: cannot be written: ENOENT"],
])("%j: all that is wrong, in a line each", async (args, message) => {
  await expect(run("production", ...args)).rejects.toThrow(message);
});

test.each([
  ["nowhere", "nowhere is not an environment; there are production"],
  ["missing.json", "missing.json cannot be read"],
])("%s: %s", (target, message) => expect(run(target)).rejects.toThrow(message));

test("another region has other prices, which are not here", async () => {
  const file = join(folder, "elsewhere.json");
  const elsewhere = derive(environments.production, {
    region: "eu-west-1",
    network: { zones: ["eu-west-1a", "eu-west-1b"] },
  });
  writeFileSync(file, synthWebApp(elsewhere).json);
  await expect(run(file)).rejects.toThrow("there is no price book of eu-west-1");
});

test("Markdown and SVG say the same as the table", async () => {
  const file = join(folder, "bill.svg");
  const markdown = await run("production", "--format", "markdown", "--what-if", "nat=perZone", "--svg", file);
  expect(markdown).toContain("| --- | ---: | ---: |\n| NAT gateways | 40.88 | 81.76 |");
  const picture = readFileSync(file, "utf8");
  expect(picture).toContain(">81.76</text>");
  // 10 items that cost something and the total, of two bills each
  expect(picture.match(/<rect /g)).toHaveLength(22);
  const widths = [...picture.matchAll(/x="270" .*?width="([\d.]+)"/g)].map(([, width]) => Number(width));
  // The gateways come first: twice as many, a bar twice as long
  expect((widths[1] ?? 0) / (widths[0] ?? 1)).toBeCloseTo(2, 2);
  // The servers fourth, with what is expected of them: 13.0816 / 40.88
  expect((widths[6] ?? 0) / (widths[0] ?? 1)).toBeCloseTo(0.32, 2);
});

describe("what a plan does to the bill", () => {
  const difference = (name: string) => {
    const found = costDifference(readPlan(fixture(name).plan));
    if ("unknown" in found) throw new Error(found.unknown);
    return found;
  };

  test.each([
    // Everything of production with its expected servers
    ["first-deploy", 0, 103.93],
    ["destroy", 103.93, 0],
    ["ami-change", 103.93, 103.93],
    ["port-change", 103.93, 103.93],
    // + 40.88 + 3.65 − 0.54
    ["nat-per-zone", 103.93, 147.92],
  ])("%s: from %d to %d", (name, before, after) => {
    expect([difference(name).before.toFixed(2), difference(name).after.toFixed(2)]).toEqual([
      before.toFixed(2),
      after.toFixed(2),
    ]);
  });

  test("only what changes is listed, and what has no price", () => {
    expect(difference("nat-per-zone").lines.map(({ item }) => item)).toEqual([
      "NAT gateways",
      "public IPv4 addresses",
      "data between zones, to NAT",
    ]);
    expect(difference("database-unprotected").unpriced).toEqual([
      expect.stringContaining("aws_db_instance.database: aws_db_instance is not in the price book"),
      expect.stringContaining("aws_elasticache_replication_group.cache"),
    ]);
  });

  const database = (instance_class: string) => ({ identifier: "web", instance_class });
  const updated = (before: object, after: object, arn?: string): PlanJson => {
    const of = { address: "aws_db_instance.x", type: "aws_db_instance" };
    const balancer = { subnets: ["subnet-1"], ...(arn !== undefined && { arn }) };
    return {
      configuration:
        arn === undefined
          ? { provider_config: { aws: { expressions: { region: { constant_value: "ap-south-1" } } } } }
          : {},
      planned_values: {
        root_module: {
          resources: [
            { ...of, mode: "managed", values: after as Record<string, unknown> },
            { address: "aws_lb.x", type: "aws_lb", mode: "managed", values: balancer },
          ],
        },
      },
      resource_changes: [
        {
          ...of,
          change: {
            actions: [before === after ? "no-op" : "update"],
            before: before as Record<string, unknown>,
            after: after as Record<string, unknown>,
          },
        },
      ],
    };
  };

  test('what has no price and is changed is not "as before"', () => {
    const changes = (plan: PlanJson) => costDifference(readPlan(plan));
    const small = database("db.t4g.micro");
    expect(changes(updated(small, small))).toMatchObject({ unpricedResources: { before: 1, after: 1, change: false } });
    expect(changes(updated(small, database("db.m7g.large")))).toMatchObject({
      unpricedResources: { before: 1, after: 1, change: true },
    });
  });

  test("where the provider does not show its region, what exists shows its own", () => {
    const small = database("db.t4g.micro");
    const arn = "arn:aws:elasticloadbalancing:ap-south-1:123456789012:loadbalancer/app/x/1";
    expect(costDifference(readPlan(updated(small, small, arn)))).toMatchObject({ unpricedResources: { after: 1 } });
    expect(costDifference(readPlan(updated(small, small, "")))).toEqual({
      unknown: "there is no price book of its region, which is not known",
    });
  });
});
