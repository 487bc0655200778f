/** What each type of resource costs: a table of functions, and the types that cost nothing. */
import { isBurstable, processorOf } from "../aws/instance-types";
import { serversOf, templateOf, waitingOf } from "./group";
import { always, each, HOURS, sum, type Amount, type Charge, type Usage } from "./model";
import { all, blocks, count, numberIn, type Context, type Values } from "./resources";

/** An instance with detailed monitoring has seven metrics: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html */
const DETAILED_METRICS = 7;
/** Target tracking has an alarm to add and one to remove: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html */
const TRACKING_ALARMS = 2;
/** A log file for each address and five minutes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html */
const LOG_FILES_PER_MONTH = 12 * HOURS;
/** Compressed. An assumption. */
const LOG_BYTES_PER_REQUEST = 150;

/** A charge, or why there is none. */
export type Found = Charge | { readonly unpriced: string };

export type Item = (values: Values, context: Context, address: string) => readonly Found[];

const fixed = (item: string, price: string, units: number | Amount): Charge => ({
  item,
  kind: "fixed",
  price,
  units: typeof units === "number" ? always(units) : units,
});
const usage = (item: string, price: string, units: number | Amount, note: string): Charge => ({
  ...fixed(item, price, units),
  kind: "usage",
  note,
});
const times = (amount: Amount, factor: number) => each((key) => amount[key] * factor);
const addresses = (number: number) => fixed("public IPv4 addresses", "ipv4", number * HOURS);

export const items: Readonly<Record<string, Item>> = {
  aws_nat_gateway(_, context) {
    const gateways = all(context, "aws_nat_gateway").length;
    const { gbThroughNat } = context.usage;
    const groups = all(context, "aws_autoscaling_group");
    const zones = Math.max(1, ...groups.map(({ values }) => count(values, "vpc_zone_identifier")));
    // What stands in a zone without a gateway goes through another zone's, and is billed where it leaves and where it arrives.
    const across = gbThroughNat * Math.max(0, 1 - gateways / zones);
    return [
      fixed("NAT gateways", "nat.hour", HOURS),
      usage("data through NAT", "nat.gb", gbThroughNat / gateways, `${String(gbThroughNat)} GB`),
      ...(across > 0
        ? [usage("data between zones, to NAT", "transfer.zone", (2 * across) / gateways, `${gb(across)} GB, both ways`)]
        : []),
    ];
  },

  aws_eip: () => [addresses(1)],

  aws_lb(values, context) {
    const { loadBalancerCapacityUnits, gbOut } = context.usage;
    const balancers = all(context, "aws_lb").length;
    const type = values["load_balancer_type"] ?? "application";
    if (type !== "application")
      return [{ unpriced: "load balancers other than application load balancers are not in the price book" }];
    return [
      fixed("load balancer", "alb.hour", HOURS),
      // One in each of its zones at least; under load AWS adds some.
      ...(values["internal"] === true ? [] : [addresses(count(values, "subnets"))]),
      usage(
        "load balancer capacity units",
        "alb.lcu",
        (loadBalancerCapacityUnits * HOURS) / balancers,
        `${String(loadBalancerCapacityUnits)} on average`,
      ),
      usage("data out to the internet", "transfer.out", gbOut / balancers, `${String(gbOut)} GB`),
    ];
  },

  aws_instance(values) {
    return [
      ...machines(values, always(1), nameOf(values)),
      ...disks([...blocks(values, "root_block_device"), ...blocks(values, "ebs_block_device")], always(1)),
      ...spot(values),
      ...(values["associate_public_ip_address"] === true ? [addresses(1)] : []),
      ...(values["monitoring"] === true ? [metrics(always(1))] : []),
    ];
  },

  aws_autoscaling_group(group, context) {
    if (blocks(group, "mixed_instances_policy").length > 0)
      return [{ unpriced: "it launches instances of several types" }];
    const template = templateOf(group, all(context, "aws_launch_template"));
    if (template === undefined) return [{ unpriced: "it is not known what it launches" }];
    const servers = serversOf(group, context);
    if (servers === undefined) return [{ unpriced: "its sizes are not known" }];
    const waiting = waitingOf(group, servers);
    const standing = sum([servers, waiting.number]);
    return [
      ...machines(template, servers, "application servers"),
      ...(waiting.running ? machines(template, waiting.number, "warm pool") : []),
      ...disks(
        blocks(template, "block_device_mappings").flatMap((mapping) => blocks(mapping, "ebs")),
        standing,
      ),
      ...(blocks(template, "monitoring")[0]?.["enabled"] === true
        ? [metrics(waiting.running ? standing : servers)]
        : []),
      ...surplus(template, servers, context.usage),
      ...spot(template),
    ];
  },

  aws_cloudwatch_metric_alarm: (values) =>
    (numberIn(values, "period") ?? 60) < 60
      ? [{ unpriced: "alarms on periods under a minute are not in the price book" }]
      : [fixed("alarms", "alarm", 1)],

  aws_autoscaling_policy: ({ policy_type }) =>
    policy_type === "TargetTrackingScaling" ? [fixed("alarms", "alarm", TRACKING_ALARMS)] : [],

  aws_s3_bucket({ bucket }, context, address) {
    const balancer = all(context, "aws_lb").find(({ values }) =>
      blocks(values, "access_logs").some(
        (logs) => logs["bucket"] === bucket || String(logs["bucket"]).includes(`${address}.`),
      ),
    );
    if (balancer === undefined) return [{ unpriced: "what will lie in it is not known" }];
    const { millionRequests } = context.usage;
    const days = Math.max(
      0,
      ...all(context, "aws_s3_bucket_lifecycle_configuration").flatMap(({ values }) =>
        blocks(values, "rule").flatMap((rule) =>
          blocks(rule, "expiration").map((expiration) => numberIn(expiration, "days") ?? 0),
        ),
      ),
    );
    const files = count(balancer.values, "subnets") * LOG_FILES_PER_MONTH;
    const gbKept = (millionRequests * 1e6 * LOG_BYTES_PER_REQUEST * (days / (HOURS / 24))) / 1e9;
    return [
      usage(
        "access logs kept",
        "s3.storage",
        gbKept,
        `${String(millionRequests)} million requests, ${String(days)} days`,
      ),
      usage("access logs written", "s3.put", files / 1000, "a file for each address and five minutes"),
    ];
  },

  aws_vpc_endpoint: ({ vpc_endpoint_type }) =>
    (vpc_endpoint_type ?? "Gateway") === "Gateway"
      ? []
      : [{ unpriced: `${String(vpc_endpoint_type)} endpoints are not in the price book` }],
};

/** Types that cost nothing by themselves: what they launch, keep or let through does. */
export const FREE: ReadonlySet<string> = new Set(
  [
    ...["vpc", "subnet", "internet_gateway", "route_table", "route", "route_table_association"],
    ...[
      "default_security_group",
      "security_group",
      "vpc_security_group_ingress_rule",
      "vpc_security_group_egress_rule",
    ],
    ...["iam_role", "iam_role_policy_attachment", "iam_instance_profile", "key_pair"],
    ...["lb_listener", "lb_target_group", "launch_template", "autoscaling_schedule"],
    ...[
      "s3_bucket_policy",
      "s3_bucket_public_access_block",
      "s3_bucket_server_side_encryption_configuration",
      "s3_bucket_versioning",
    ],
    "s3_bucket_lifecycle_configuration",
  ].map((type) => `aws_${type}`),
);

/** Billed here like any other, so too high. */
const spot = (values: Values): Found[] =>
  blocks(values, "instance_market_options").length > 0
    ? [{ unpriced: "it is a spot instance, billed here on demand; spot prices are not in the price book" }]
    : [];

/** Of a machine that stands alone: what its tag calls it. */
function nameOf({ tags }: Values): string {
  const name = (tags as Values | undefined)?.["Name"];
  return typeof name === "string" ? name : "an instance";
}

function machines({ instance_type }: Values, number: Amount, what: string): Found[] {
  if (typeof instance_type !== "string") return [{ unpriced: "its instance type is not known" }];
  return [fixed(`${what}, ${instance_type}`, `ec2.${instance_type}`, times(number, HOURS))];
}

function disks(volumes: readonly Values[], number: Amount): Found[] {
  if (volumes.length === 0) return [{ unpriced: "the size of its disk is the image's, and not known here" }];
  return volumes.map((volume) => {
    const size = numberIn(volume, "volume_size");
    const type = volume["volume_type"];
    if (size === undefined || typeof type !== "string") return { unpriced: "the size of its disk is not known" };
    const paid =
      type === "gp3" && ((numberIn(volume, "iops") ?? 0) > 3000 || (numberIn(volume, "throughput") ?? 0) > 125);
    if (paid) return { unpriced: "more than 3,000 IOPS or 125 MiB/s of a gp3 disk are not in the price book" };
    return fixed(`${type} disks`, `ebs.${type}`, times(number, size));
  });
}

const metrics = (number: Amount) => fixed("detailed monitoring", "metric", times(number, DETAILED_METRICS));

/** What an unlimited T3 uses beyond what it earns: the CPU above its baseline, of each vCPU. */
function surplus(template: Values, servers: Amount, { cpuPercent }: Usage): Found[] {
  const type = String(template["instance_type"]);
  const processor = processorOf(type);
  const [credits] = blocks(template, "credit_specification");
  if (!isBurstable(type) || credits?.["cpu_credits"] === "standard") return [];
  if (processor?.burst === undefined) return [{ unpriced: `the CPU credits of a ${type} are not known here` }];
  const baseline = 100 * processor.burst.baseline;
  const hours = (processor.vcpus * Math.max(0, cpuPercent - baseline) * HOURS) / 100;
  const family = type.split(".")[0] ?? "";
  return [
    usage(
      "CPU beyond the credits",
      `${family}.surplus`,
      times(servers, hours),
      `${String(cpuPercent)} % on average, of which ${String(Math.round(baseline))} % are paid for`,
    ),
  ];
}

const gb = (value: number) => String(Math.round(value * 10) / 10);
