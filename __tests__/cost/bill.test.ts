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
    ["aws_lb", { subnets: "${module.vpc.public_subnets}" }, "how many public IPv4 addresses"],
    ["aws_lb", { subnets: ["${module.vpc.public_subnets}"] }, "how many public IPv4 addresses"],
    ["aws_lb", { subnets: ["${aws_subnet.a[*].id}"] }, "how many public IPv4 addresses"],
    ["aws_lb", {}, "how many public IPv4 addresses"],
    ["aws_lb", { subnets: ["subnet-1"], internal: "${var.internal}" }, "how many public IPv4 addresses"],
    ["aws_lb", { minimum_load_balancer_capacity: { capacity_units: 100 } }, "reserved capacity units"],
    ["aws_cloudwatch_metric_alarm", { metric_query: [{ id: "a" }, { id: "b" }] }, "expressions of metrics"],
    ["aws_cloudwatch_metric_alarm", { period: "${var.period}" }, "period is not known"],
    ["aws_autoscaling_policy", { policy_type: "${var.kind}" }, "type is not known"],
    ["aws_instance", { monitoring: "${var.monitored}" }, "whether it has detailed monitoring"],
    ["aws_s3_bucket", { bucket: "uploads" }, "amount of data"],
    ["aws_instance", { instance_type: "t3.micro", tenancy: "dedicated" }, "dedicated instances"],
    ["aws_instance", { instance_type: "t3.micro", tenancy: "${var.tenancy}" }, "dedicated instances"],
    ["aws_instance", { instance_type: "t3.micro", instance_market_options: { market_type: "spot" } }, "spot prices"],
    ["aws_instance", { instance_type: "${var.type}" }, "instance type is not known"],
    [
      "aws_instance",
      { ebs_block_device: [{ volume_size: 8, volume_type: "gp3" }] },
      "root disk has the size of its image",
    ],
    [
      "aws_instance",
      { root_block_device: [{ volume_size: 8, volume_type: "io2", iops: 100 }] },
      "IOPS and requests of io2",
    ],
    ["aws_instance", { root_block_device: [{ volume_type: "gp3" }] }, "size or type of its disk"],
    ["aws_instance", { instance_type: "t3.micro" }, "public IPv4 address is not known"],
    ["aws_instance", { instance_type: "t3.micro", subnet_id: "subnet-1" }, "public IPv4 address is not known"],
    ["aws_eip", { count: 2 }, "only a plan lists how many"],
    ["aws_eip", { for_each: "${toset([])}" }, "only a plan lists how many"],
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

  test("the resources of a module are only in a plan", () => {
    const stack = stackOf({ module: { vpc: { source: "./vpc" } }, provider: { aws: { region: "ap-south-1" } } });
    expect(billOf(stack, production.usage, bookOf, resourceTypes).unpriced).toEqual([
      { address: "module.vpc", why: "only a plan lists its resources" },
    ]);
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

describe("an instance", () => {
  const disk = { volume_size: 8, volume_type: "gp3" };
  const instance = { instance_type: "t3.micro", associate_public_ip_address: false, root_block_device: disk };
  const subnet = (map_public_ip_on_launch?: unknown) => ({
    aws_subnet: { s: map_public_ip_on_launch === undefined ? {} : { map_public_ip_on_launch } },
  });

  test("is billed with all its disks", () => {
    const ebs_block_device = [{ device_name: "/dev/sdf", volume_size: 500, volume_type: "gp3" }];
    const bill = billIn({ aws_instance: { x: { ...instance, ebs_block_device } } });
    // 508 × 0.0912
    expect(inCents(line(bill, "gp3 disks")?.usd)[1]).toBe(46.33);
    expect(bill.unpriced).toEqual([]);
  });

  test("on spot or dedicated is not billed on demand; its disk is", () => {
    for (const more of [
      { instance_market_options: { market_type: "spot" } },
      { tenancy: "dedicated" },
      { tenancy: "host" },
    ]) {
      const bill = billIn({ aws_instance: { x: { ...instance, ...more } } });
      expect(bill.lines.map(({ item }) => item)).toEqual(["gp3 disks"]);
      expect(bill.unpriced).toHaveLength(1);
    }
    expect(billIn({ aws_instance: { x: { ...instance, tenancy: "default" } } }).unpriced).toEqual([]);
  });

  test("in a VPC for dedicated instances is one", () => {
    const bill = billIn({ aws_vpc: { v: { instance_tenancy: "dedicated" } }, aws_instance: { x: instance } });
    expect(bill.unpriced.map(({ why }) => why)).toEqual(["dedicated instances and hosts are not in the price book"]);
  });

  test.each([
    ["its subnet gives one", true, ["public IPv4 addresses"], 0],
    ["its subnet gives none", false, [], 0],
    ["its subnet says nothing", undefined, [], 0],
    ["its subnet's setting is not known", "${var.map}", [], 1],
  ])("has a public address where %s", (_, mapped, items, unpriced) => {
    const values = { ...instance, associate_public_ip_address: undefined, subnet_id: "${aws_subnet.s.id}" };
    const bill = billIn({ ...subnet(mapped), aws_instance: { x: values } });
    expect(bill.lines.map(({ item }) => item).filter((item) => item.includes("IPv4"))).toEqual(items);
    expect(bill.unpriced).toHaveLength(unpriced);
  });

  test("with an Elastic IP address pays for that alone", () => {
    const at = { ...instance, associate_public_ip_address: true };
    const bill = billIn({ aws_instance: { x: at }, aws_eip: { e: { instance: "${aws_instance.x.id}" } } });
    // 730 × 0.005
    expect(inCents(line(bill, "public IPv4 addresses")?.usd)[1]).toBe(3.65);
  });

  test("of a T2 has standard credits unless it says otherwise", () => {
    const group = (credits: object) => ({
      ...subnet(false),
      aws_launch_template: { t: { instance_type: "t2.micro", block_device_mappings: { ebs: disk }, ...credits } },
      aws_autoscaling_group: {
        g: {
          min_size: 1,
          max_size: 1,
          vpc_zone_identifier: ["${aws_subnet.s.id}"],
          launch_template: { id: "${aws_launch_template.t.id}" },
        },
      },
    });
    const why = (credits: object) => billIn(group(credits)).unpriced.map((one) => one.why);
    expect(why({})).toEqual(["the price book has no ec2.t2.micro"]);
    expect(why({ credit_specification: { cpu_credits: "unlimited" } })).toContain(
      "the CPU credits of a t2.micro are not known here",
    );
  });
});

describe("a group", () => {
  const ebs = { volume_size: 8, volume_type: "gp3" };
  const template = { instance_type: "t3.micro", block_device_mappings: [{ device_name: "/dev/xvda", ebs }] };
  const stack = (templateMore: object, groupMore: object, subnets: object = { a: {}, b: {} }) =>
    billIn({
      aws_subnet: subnets,
      aws_launch_template: { t: { ...template, ...templateMore } },
      aws_autoscaling_group: {
        g: {
          min_size: 1,
          max_size: 1,
          vpc_zone_identifier: ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
          launch_template: { id: "${aws_launch_template.t.id}" },
          ...groupMore,
        },
      },
    });
  const why = (...all: Parameters<typeof stack>) => stack(...all).unpriced.map((one) => one.why);

  test("as it should be leaves nothing out", () => expect(why({}, {})).toEqual([]));

  test.each<[string, object, object, string]>([
    [
      "spot instances",
      { instance_market_options: { market_type: "spot" } },
      {},
      "spot prices are not in the price book",
    ],
    ["dedicated instances", { placement: { tenancy: "dedicated" } }, {}, "dedicated instances and hosts"],
    [
      "mixed instances",
      {},
      { launch_template: undefined, mixed_instances_policy: {} },
      "instances of several types, or on spot",
    ],
    ["a template from elsewhere", {}, { launch_template: { id: "lt-0123" } }, "its launch template is not known"],
    [
      "a launch configuration",
      {},
      { launch_template: undefined, launch_configuration: "x" },
      "its launch template is not known",
    ],
    [
      "a disk beside the root disk",
      { block_device_mappings: [{ device_name: "/dev/sdf", ebs }] },
      {},
      "its root disk has the size",
    ],
    ["subnets that are not known", {}, { vpc_zone_identifier: "${var.subnets}" }, "public IPv4 address is not known"],
  ])("with %s is listed", (_, templateMore, groupMore, expected) => {
    expect(why(templateMore, groupMore)).toContainEqual(expect.stringContaining(expected));
  });

  test("of spot or mixed instances is not billed as the template's type on demand", () => {
    const items = (...all: Parameters<typeof stack>) => stack(...all).lines.map(({ item }) => item);
    expect(items({ instance_market_options: {} }, {}).filter((item) => item.includes("t3.micro"))).toEqual([]);
    expect(items({}, { launch_template: undefined, mixed_instances_policy: {} })).toEqual([]);
    expect(items({}, {})).toContain("application servers, t3.micro");
  });

  test.each<[string, object, object]>([
    ["its own size", { min_size: "${var.min}" }, { min_size: 1 }],
    ["its own greatest size", { max_size: "${var.max}" }, { max_size: 1 }],
    ["a schedule's size", {}, { max_size: "${var.max}" }],
  ])("is listed where %s is not known, whatever else is", (_, groupMore, schedule) => {
    const bill = billIn({
      aws_launch_template: { t: template },
      aws_autoscaling_group: { g: { min_size: 1, max_size: 1, launch_template: {}, ...groupMore } },
      aws_autoscaling_schedule: { s: schedule },
    });
    expect(bill.unpriced.map((one) => one.why)).toEqual(["its sizes are not known"]);
  });

  test("is not as large as another group's schedules make that one", () => {
    const servers = (autoscaling_group_name: string) =>
      billIn({
        aws_launch_template: { t: template },
        aws_autoscaling_group: { g: { name: "web", min_size: 1, max_size: 1, launch_template: {} } },
        aws_autoscaling_schedule: { s: { autoscaling_group_name, max_size: 9 } },
      }).servers.most;
    expect(["other", "web", "${aws_autoscaling_group.g.name}"].map(servers)).toEqual([1, 9, 9]);
  });

  test("finds its template by name as well", () => {
    expect(why({ name: "web" }, { launch_template: { name: "web" } })).toEqual([]);
  });

  test("in subnets that give public addresses, or whose template does, pays for them", () => {
    const address = (...all: Parameters<typeof stack>) => inCents(line(stack(...all), "public IPv4 addresses")?.usd)[1];
    const mapped = { map_public_ip_on_launch: true };
    // 730 × 0.005
    expect(address({}, {}, { a: mapped, b: mapped })).toBe(3.65);
    expect(address({ network_interfaces: { associate_public_ip_address: "true" } }, {})).toBe(3.65);
    expect(
      address({ network_interfaces: { associate_public_ip_address: "false" } }, {}, { a: mapped, b: mapped }),
    ).toBeNaN();
    expect(why({}, {}, { a: mapped, b: {} })).toContain("whether it has a public IPv4 address is not known");
  });
});

describe("a load balancer", () => {
  const addressed = (values: object) =>
    inCents(line(billIn({ aws_lb: { x: values } }), "public IPv4 addresses")?.usd)[1];

  test.each<[object, number]>([
    // 730 × 0.005 in each zone
    [{ subnets: ["${aws_subnet.a.id}", "${data.aws_subnet.b.id}", "subnet-3"] }, 10.95],
    [{ subnets: ["${aws_subnet.a[0].id}", '${aws_subnet.a["x"].id}'] }, 7.3],
    [{ subnet_mapping: [{ subnet_id: "subnet-1" }, { subnet_id: "subnet-2" }] }, 7.3],
    [{ subnets: ["subnet-1"], internal: true }, NaN],
    [{ subnets: ["subnet-1"], ip_address_type: "dualstack-without-public-ipv4" }, NaN],
  ])("%j: its addresses cost %d", (values, usd) => expect(addressed(values)).toBe(usd));

  test("shares the traffic with other application load balancers alone", () => {
    const subnets = ["subnet-1"];
    const bill = billIn({ aws_lb: { x: { subnets }, y: { subnets }, n: { load_balancer_type: "network" } } });
    // 0.7 × 730 × 0.008 in all
    expect(inCents(line(bill, "load balancer capacity units")?.usd)[1]).toBe(4.09);
  });

  test("needs a capacity unit for each gigabyte an hour", () => {
    const bill = changed({ usage: { gbOut: 50000 } });
    // 50,000 / 730 = 68.5 × 730 × 0.008
    expect(inCents(line(bill, "load balancer capacity units")?.usd)[1]).toBe(400);
    expect(line(bill, "load balancer capacity units")?.note).toBe("68.5 on average");
  });
});

test.each([
  [100, 0],
  [200, 10.93],
  // 10,140 × 0.1093
  [10240, 1108.3],
  // … + 39,760 × 0.085
  [50000, 4487.9],
  // … + 40,960 × 0.085 + 102,400 × 0.082 + 46,400 × 0.08
  [200000, 16698.7],
])("%d GB out cost %d USD: each tier at its own price", (gbOut, usd) => {
  const bill = changed({ usage: { gbOut } });
  expect(inCents(line(bill, "data out to the internet")?.usd)[1]).toBe(usd);
  expect(bill.unpriced).toEqual([]);
});

test("what exceeds the tiers that the book knows is listed, once for all resources together", () => {
  const accessLogs = { bucket: "web-app-logs", retentionDays: 365 };
  const bill = changed({ usage: { millionRequests: 1e6 }, loadBalancer: { accessLogs } });
  expect(bill.unpriced.map(({ why }) => why)).toEqual(["beyond 51200 GB-month access logs kept has another price"]);
});

describe("a bucket", () => {
  const rule = { status: "Enabled", expiration: { days: 30 } };
  const bucketsOf = (more: object, access_logs: object = { bucket: "${aws_s3_bucket.logs.id}", enabled: true }) =>
    billIn({
      aws_lb: { x: { subnets: ["subnet-1"], access_logs } },
      aws_s3_bucket: { logs: {}, uploads: { bucket: "uploads" } },
      ...more,
    });
  const lifecycle = (bucket: string, one: object = rule) => ({
    aws_s3_bucket_lifecycle_configuration: { l: { bucket, rule: one } },
  });
  const listed = ({ unpriced }: Bill) => unpriced.map(({ address, why }) => `${address}: ${why}`);
  const uploads = "aws_s3_bucket.uploads: the amount of data in it is not known";
  const grows = "aws_s3_bucket.logs: its access logs are never deleted, so they grow";

  test("is billed as access logs only where a load balancer writes them to it", () => {
    const bill = bucketsOf(lifecycle("${aws_s3_bucket.logs.id}"));
    expect(listed(bill)).toEqual([uploads]);
    // 3 million × 150 bytes, 30 of 30.42 days: 0.4438 × 0.025; 12 × 730 = 8,760 × 0.005 / 1,000
    expect(line(bill, "access logs kept")?.usd.expected).toBeCloseTo(0.0111, 4);
    expect(line(bill, "access logs written")?.usd.expected).toBeCloseTo(0.0438, 4);
  });

  test.each([
    ["another bucket's lifecycle", lifecycle("uploads")],
    ["a disabled rule", lifecycle("${aws_s3_bucket.logs.id}", { ...rule, status: "Disabled" })],
    ["no lifecycle", {}],
  ])("keeps access logs for ever with %s", (_, more) => expect(listed(bucketsOf(more))).toEqual([grows, uploads]));

  test.each([
    ["are switched off", { bucket: "${aws_s3_bucket.logs.id}", enabled: false }],
    ["are written to a bucket whose name is not known", { enabled: true }],
  ])("is no bucket of access logs where they %s", (_, access_logs) => {
    expect(listed(bucketsOf({}, access_logs))).toHaveLength(2);
    expect(bucketsOf({}, access_logs).lines.map(({ item }) => item)).not.toContain("access logs kept");
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
  const instance = {
    instance_type: "t3.micro",
    associate_public_ip_address: false,
    root_block_device: [{ volume_size: 8, volume_type: "gp3" }],
  };
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

  test.each([
    ["of no provider", {}, undefined],
    ["of a variable", { region: "${var.region}" }, undefined],
    ["of a provider that is named as an expression", provider, "${aws.virginia}"],
  ])("is not billed at Mumbai's price where its region is that %s", (_, providers, named) => {
    const bill = billIn({ aws_eip: { e: named === undefined ? {} : { provider: named } } }, providers);
    expect(bill.lines).toEqual([]);
    expect(bill.unpriced).toHaveLength(1);
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
