/** The bill's arithmetic, calculated manually. Prices of ap-south-1, a month of 730 hours. */
import fc from "fast-check";
import { synthesized } from "../../src/deploy/read-stack";
import { derive, type Differences } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import { billOf } from "../../src/cost/bill";
import { difference, sideBySide } from "../../src/cost/compare";
import { amounts, type Amount, type Bill } from "../../src/cost/model";
import { bookOf, priceBook } from "../../src/cost/prices/price-book";
import { resourceTypes } from "../../src/resources/tables";
import { stackOf, type SynthesizedStack } from "../../src/terraform/stack";
import { anySettings } from "../any-settings";

const { production } = environments;
const billFor = (settings: Settings) =>
  billOf(synthesized("production", settings), settings.usage, bookOf, resourceTypes);
/** The bill of these resources, in Mumbai. */
const billIn = (resource: object, provider: object = { region: "ap-south-1" }) =>
  billOf(
    stackOf({ resource, provider: { aws: provider } } as SynthesizedStack),
    production.usage,
    bookOf,
    resourceTypes,
  );
const changed = (differences: Differences<Settings>) => billFor(derive(production, differences));
const line = ({ lines }: Bill, item: string) => lines.find((one) => one.item === item);
const cents = (usd: number | undefined) => Math.round(100 * (usd ?? NaN)) / 100;
const inCents = ({ least, expected, most }: Amount = { least: NaN, expected: NaN, most: NaN }) =>
  [least, expected, most].map(cents);

describe("production", () => {
  const bill = billFor(production);

  test.each([
    // 730 × 0.056
    ["NAT gateways", [40.88, 40.88, 40.88]],
    // 730 × 0.0239
    ["load balancer", [17.45, 17.45, 17.45]],
    // 2 of the load balancer, 1 of the NAT gateway, 1 of the bastion: 4 × 730 × 0.005
    ["public IPv4 addresses", [14.6, 14.6, 14.6]],
    // 1, 1.6 and 4 servers: 730 × 0.0112 = 8.176 each
    ["application servers, t3.micro", [8.18, 13.08, 32.7]],
    ["web-app-bastion, t3.micro", [8.18, 8.18, 8.18]],
    // 8 GB of each server and of the bastion: 2, 2.6 and 5 × 8 × 0.0912
    ["gp3 disks", [1.46, 1.9, 3.65]],
    // 2 × 0.10
    ["alarms", [0.2, 0.2, 0.2]],
    // 0.7 × 730 × 0.008
    ["load balancer capacity units", [4.09, 4.09, 4.09]],
    // 54 × 0.056
    ["data through NAT", [3.02, 3.02, 3.02]],
    // One gateway for two zones: half of 54 GB crosses, billed where it leaves and where it arrives: 27 × 2 × 0.01
    ["data between zones, to NAT", [0.54, 0.54, 0.54]],
    // 56 GB of the 100 that are free
    ["data out to the internet", [0, 0, 0]],
    // 10 % is a t3.micro's baseline
    ["CPU beyond the credits", [0, 0, 0]],
  ])("%s", (item, usd) => expect(inCents(line(bill, item)?.usd)).toEqual(usd));

  test("has no other lines, and leaves nothing out", () => {
    expect(bill.lines).toHaveLength(12);
    expect(bill.unpriced).toEqual([]);
  });

  test("the least fixed cost is 90.94", () => {
    // EC2 × 2 16.35 + ALB 17.45 + NAT 40.88 + IPv4 14.60 + gp3 1.46 + alarms 0.20
    const fixed = bill.lines.filter(({ kind }) => kind === "fixed").reduce((sum, { usd }) => sum + usd.least, 0);
    expect(cents(fixed)).toBe(90.94);
    // … + 4.088 + 3.024 + 0.54
    expect(cents(bill.total.least)).toBe(98.59);
  });
});

test.each<[string, Differences<Settings>, string, readonly number[]]>([
  // A gateway and an address in each zone, nothing between zones: 2 × 40.88
  ["NAT per zone", { network: { nat: "perZone" } }, "NAT gateways", [81.76, 81.76, 81.76]],
  // 5 × 730 × 0.005
  ["its addresses", { network: { nat: "perZone" } }, "public IPv4 addresses", [18.25, 18.25, 18.25]],
  // 7 metrics of each server: 7 × 0.30 = 2.10
  ["detailed monitoring", { fleet: { detailedMonitoring: true } }, "detailed monitoring", [2.1, 3.36, 8.4]],
  // 2 vCPUs × (35 % − 10 %) × 730 h = 365 vCPU-hours × 0.05
  ["busy servers", { usage: { cpuPercent: 35 } }, "CPU beyond the credits", [18.25, 29.2, 73]],
  // (156 − 100) × 0.1093
  ["more data out", { usage: { gbOut: 156 } }, "data out to the internet", [6.12, 6.12, 6.12]],
  // Two of target tracking's own
  [
    "target tracking",
    { scaling: { kind: "targetTracking", targetPercent: 60, warmUpSeconds: 300 } },
    "alarms",
    [0.2, 0.2, 0.2],
  ],
  // 3 million × 150 bytes = 0.45 GB a month, of which 30 of 30.42 days are kept: 0.4438 × 0.025
  [
    "access logs",
    { loadBalancer: { accessLogs: { bucket: "web-app-logs", retentionDays: 30 } } },
    "access logs kept",
    [0.01, 0.01, 0.01],
  ],
  // A file for each of two addresses and 12 times an hour: 2 × 12 × 730 = 17,520 × 0.005 / 1,000
  [
    "access logs' requests",
    { loadBalancer: { accessLogs: { bucket: "web-app-logs", retentionDays: 30 } } },
    "access logs written",
    [0.09, 0.09, 0.09],
  ],
  // Those that wait fill the group up to 4: their disks are paid for (with the bastion's 5 × 8 × 0.0912), they are not
  [
    "a stopped warm pool's disks",
    { fleet: { warmPool: { state: "Stopped", minSize: 0, reuseOnScaleIn: false } } },
    "gp3 disks",
    [3.65, 3.65, 3.65],
  ],
  // 3, 2.4 and 0 of them × 8.176
  [
    "a running warm pool",
    { fleet: { warmPool: { state: "Running", minSize: 0, reuseOnScaleIn: false } } },
    "warm pool, t3.micro",
    [24.53, 19.62, 0],
  ],
  // 3 of the load balancer, 1 of the NAT gateway, 1 of the bastion: 5 × 730 × 0.005
  [
    "a third zone's address",
    { network: { zones: ["ap-south-1a", "ap-south-1b", "ap-south-1c"] } },
    "public IPv4 addresses",
    [18.25, 18.25, 18.25],
  ],
  // Two thirds of 54 GB cross: 36 × 2 × 0.01
  [
    "what crosses to one of three zones",
    { network: { zones: ["ap-south-1a", "ap-south-1b", "ap-south-1c"] } },
    "data between zones, to NAT",
    [0.72, 0.72, 0.72],
  ],
  // At least 1, though 2 in service and waiting would leave 1, 0.4 and -2: 1, 1 and 1 × 8.176
  [
    "a warm pool that is smaller than the group",
    { fleet: { warmPool: { state: "Running", minSize: 1, maxGroupPreparedCapacity: 2, reuseOnScaleIn: false } } },
    "warm pool, t3.micro",
    [8.18, 8.18, 8.18],
  ],
  // Those that wait are looked at, too: 4 × 2.10
  [
    "detailed monitoring of a running warm pool",
    { fleet: { detailedMonitoring: true, warmPool: { state: "Running", minSize: 0, reuseOnScaleIn: false } } },
    "detailed monitoring",
    [8.4, 8.4, 8.4],
  ],
  // Stopped, they are not: 1, 1.6 and 4 × 2.10
  [
    "detailed monitoring of a stopped warm pool",
    { fleet: { detailedMonitoring: true, warmPool: { state: "Stopped", minSize: 0, reuseOnScaleIn: false } } },
    "detailed monitoring",
    [2.1, 3.36, 8.4],
  ],
])("%s", (_, differences, item, usd) => expect(inCents(line(changed(differences), item)?.usd)).toEqual(usd));

test("standard credits bill no surplus", () => {
  const bill = changed({ fleet: { cpuCredits: "standard" }, usage: { cpuPercent: 90 } });
  expect(line(bill, "CPU beyond the credits")).toBeUndefined();
});

test("the expected number of servers is never outside the group", () => {
  expect(changed({ fleet: { maxSize: 1 } }).servers.expected).toBe(1);
  expect(changed({ fleet: { minSize: 3, desiredCapacity: 3 } }).servers).toEqual({ least: 3, expected: 3, most: 4 });
});

test("a schedule's sizes count as the group's own; a bound that it does not set does not", () => {
  const schedules = {
    day: { recurrence: "0 8 * * *", timeZone: "UTC", minSize: 2, maxSize: 6 },
    night: { recurrence: "0 20 * * *", timeZone: "UTC", minSize: 0 },
    noon: { recurrence: "0 12 * * *", timeZone: "UTC", desiredCapacity: 3 },
  };
  expect(changed({ scaling: { schedules } }).servers).toEqual({ least: 0, expected: 1.6, most: 6 });
});

test("a single instance has an address and metrics only where it is set so", () => {
  const values = { instance_type: "t3.micro", root_block_device: [{ volume_size: 8, volume_type: "gp3" }] };
  const itemsOf = (more: object) =>
    billIn({ aws_instance: { x: { ...values, ...more } } }).lines.map(({ item }) => item);
  expect(itemsOf({}).sort()).toEqual(["an instance, t3.micro", "gp3 disks"]);
  expect(itemsOf({ associate_public_ip_address: true })).toContain("public IPv4 addresses");
  expect(itemsOf({ monitoring: true })).toContain("detailed monitoring");
});

describe("nothing is left out silently", () => {
  const named = (type: string, values: object = {}) => billIn({ [type]: { x: values } }).unpriced;

  test.each([
    ["aws_db_instance", {}, "aws_db_instance is not in the price book"],
    [
      "aws_instance",
      { instance_type: "p9.large", root_block_device: [{ volume_size: 8, volume_type: "gp3" }] },
      "ec2.p9.large",
    ],
    ["aws_instance", {}, "instance type is not known"],
    ["aws_lb", { load_balancer_type: "network" }, "other than application"],
    ["aws_autoscaling_group", { min_size: 1, max_size: 2 }, "launch template is not known"],
    ["aws_cloudwatch_metric_alarm", { period: 10 }, "under a minute"],
    [
      "aws_instance",
      { instance_type: "t3.micro", root_block_device: [{ volume_size: 8, volume_type: "gp3", throughput: 250 }] },
      "125 MiB/s",
    ],
    ["aws_vpc_endpoint", { vpc_endpoint_type: "Interface" }, "Interface endpoints"],
    [
      "aws_instance",
      { instance_type: "t3.micro", root_block_device: [{ volume_size: 8, volume_type: "gp3", iops: 6000 }] },
      "more than 3,000 IOPS",
    ],
  ])("%s %j", (type, values, why) => {
    const found = named(type, values);
    expect(found.map((one) => one.why).join("; ")).toContain(why);
    expect(new Set(found.map(({ address }) => address))).toEqual(new Set([`${type}.x`]));
  });

  test("a bucket that no load balancer writes to, and the spot price of a group", () => {
    expect(named("aws_s3_bucket", { bucket: "files" })).toMatchObject([
      { why: "the amount of data in it is not known" },
    ]);
    const disk = [{ ebs: [{ volume_size: 8, volume_type: "gp3" }] }];
    const template = { instance_type: "t3.micro", block_device_mappings: disk };
    const group = { min_size: 1, max_size: 2 };
    const unpriced = (how: object) =>
      billIn({ aws_launch_template: { t: { ...template, ...how } }, aws_autoscaling_group: { g: group } }).unpriced;
    expect(unpriced({})).toEqual([]);
    expect(unpriced({ instance_market_options: [{ market_type: "spot" }] })).toMatchObject([
      { address: "aws_autoscaling_group.g", why: expect.stringContaining("it is a spot instance") as string },
    ]);
    // Two kinds of servers lack the price of their disks only once.
    expect(unpriced({ block_device_mappings: [] })).toHaveLength(1);
  });

  test("an alarm on a whole minute is priced", () => {
    expect(named("aws_cloudwatch_metric_alarm", { period: 60 })).toEqual([]);
  });

  test("every price of the book is in some bill, but instance and disk types that wait for their settings", () => {
    const waiting = /^(ec2|ebs)\./;
    const bill = changed({
      fleet: { detailedMonitoring: true },
      loadBalancer: { accessLogs: { bucket: "web-app-logs", retentionDays: 30 } },
    });
    const used = new Set(bill.lines.map(({ price }) => price.id));
    expect(Object.keys(priceBook().prices).filter((id) => !used.has(id) && !waiting.test(id))).toEqual([]);
  });
});

describe("for all settings", () => {
  const numRuns = 15;
  const sizes = fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)).map((all) => all.sort((a, b) => a - b));
  const sized = (settings: Settings, [min, desired, max]: readonly number[]): Settings =>
    derive(settings, { fleet: { minSize: min ?? 0, desiredCapacity: desired ?? 0, maxSize: Math.max(1, max ?? 0) } });

  test("the lines make the total, and none is negative", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const { lines, total } = billFor(settings);
        for (const key of amounts) {
          expect(lines.reduce((sum, { usd }) => sum + usd[key], 0)).toBeCloseTo(total[key], 9);
          expect(lines.filter(({ usd }) => usd[key] < 0)).toEqual([]);
        }
      }),
      { numRuns },
    );
  });

  test("the least is no more than the expected, which is no more than the most; a running warm pool apart", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const { total } = billFor(derive(settings, { fleet: { warmPool: undefined } }));
        expect(total.least).toBeLessThanOrEqual(total.expected + 1e-9);
        expect(total.expected).toBeLessThanOrEqual(total.most + 1e-9);
      }),
      { numRuns },
    );
  });

  test("more servers never cost less", () => {
    fc.assert(
      fc.property(anySettings, sizes, fc.integer({ min: 1, max: 4 }), (settings, made, more) => {
        const plain = derive(settings, { scaling: production.scaling });
        const [small, large] = [made, made.map((size) => size + more)].map((each) => billFor(sized(plain, each)));
        for (const key of amounts) expect(large?.total[key]).toBeGreaterThanOrEqual((small?.total[key] ?? NaN) - 1e-9);
      }),
      { numRuns },
    );
  });

  test("what is not changed costs no difference", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const [one, other] = [billFor(settings), billFor(derive(settings, {}))];
        expect(difference(one, other)).toEqual({ least: 0, expected: 0, most: 0 });
        expect(sideBySide([one, other]).filter(({ usd: [a, b] }) => a?.expected !== b?.expected)).toEqual([]);
      }),
      { numRuns },
    );
  });
});

describe("a resource in another region", () => {
  const instance = { instance_type: "t3.micro", root_block_device: [{ volume_size: 8, volume_type: "gp3" }] };
  const provider = [{ region: "ap-south-1" }, { alias: "virginia", region: "us-east-1" }];

  test("is not billed at this region's price, but listed", () => {
    const bill = billIn({ aws_instance: { x: instance, y: { ...instance, provider: "aws.virginia" } } }, provider);
    // One instance and one disk of the two
    expect(inCents(line(bill, "an instance, t3.micro")?.usd)[1]).toBe(8.18);
    expect(bill.unpriced).toEqual([
      { address: "aws_instance.y", why: "there is no price book of us-east-1" },
      { address: "aws_instance.y", why: "there is no price book of us-east-1" },
    ]);
  });

  test("nor is one whose region nobody knows; what costs nothing anywhere is not listed", () => {
    const resource = { provider: "aws.nobody" };
    const bill = billIn({ aws_vpc: { v: resource }, aws_eip: { e: resource } }, provider);
    expect(bill.lines).toEqual([]);
    expect(bill.unpriced).toEqual([
      { address: "aws_eip.e", why: "there is no price book of its region, which is not known" },
    ]);
  });
});
