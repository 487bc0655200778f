/** The charges that several types of resource share: instances, disks, addresses, metrics. */
import { isBurstable, processorOf } from "../aws/instance-types";
import { always, each, HOURS, type Amount, type Charge, type Charged, type Context, type Usage } from "../cost/model";
import { blocks, isReference, isTrue, numberIn, section, type Values } from "../terraform/values";

/** An instance with detailed monitoring has seven metrics: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html */
const DETAILED_METRICS = 7;

/** A fixed cost. @param price id in the price book */
export const fixed = (item: string, price: string, units: number | Amount): Charge => ({
  item,
  kind: "fixed",
  price,
  units: typeof units === "number" ? always(units) : units,
});

/** A usage cost. @param note how the units are computed */
export const used = (item: string, price: string, units: number | Amount, note: string): Charge => ({
  ...fixed(item, price, units),
  kind: "usage",
  note,
});

const times = (amount: Amount, factor: number) => each((key) => amount[key] * factor);

export const addresses = (number: number) => fixed("public IPv4 addresses", "ipv4", number * HOURS);

/** @param enabled as the resource has it */
export function detailedMonitoring(enabled: unknown, number: Amount): Charged[] {
  if (isReference(enabled)) return [{ unpriced: "whether it has detailed monitoring is not known" }];
  return isTrue(enabled) ? [fixed("detailed monitoring", "metric", times(number, DETAILED_METRICS))] : [];
}

/** Instances on demand on shared hardware; what is bought otherwise is listed as not priced. */
export function instances(values: Values, number: Amount, what: string, { stack }: Context): Charged[] {
  const { instance_type: type, tenancy = section(values, "placement")["tenancy"] } = values;
  if (typeof type !== "string" || isReference(type)) return [{ unpriced: "its instance type is not known" }];
  if (blocks(values, "instance_market_options").length > 0)
    return [{ unpriced: "spot prices are not in the price book" }];
  // An instance in a VPC for dedicated instances is one, whatever it says itself.
  const tenancies = [tenancy, ...stack.of("aws_vpc").map(({ values: vpc }) => vpc["instance_tenancy"])];
  if (tenancies.some((each) => each === "dedicated" || each === "host" || isReference(each)))
    return [{ unpriced: "dedicated instances and hosts are not in the price book" }];
  return [fixed(`${what}, ${type}`, `ec2.${type}`, times(number, HOURS))];
}

/** Names of the root device in Amazon's, Ubuntu's and most other images. */
const ROOT_DEVICES = ["/dev/xvda", "/dev/sda1"];

/** The disks of a launch template, which may leave out the root disk: that is then as large as the image has it. */
export function mappedDisks(template: Values, number: Amount): Charged[] {
  const mappings = blocks(template, "block_device_mappings");
  const hasRoot = mappings.some(
    ({ device_name: name }) =>
      name === undefined || isReference(name) || ROOT_DEVICES.some((device) => device === name),
  );
  const volumes = mappings.flatMap((mapping) => blocks(mapping, "ebs"));
  return [...(hasRoot ? [] : UNKNOWN_ROOT), ...volumes.map((volume) => disk(volume, number))];
}

/** The disks of an instance. */
export function ownDisks(instance: Values): Charged[] {
  const root = blocks(instance, "root_block_device");
  return [
    ...(root.length === 0 ? UNKNOWN_ROOT : []),
    ...[...root, ...blocks(instance, "ebs_block_device")].map((volume) => disk(volume, always(1))),
  ];
}

const UNKNOWN_ROOT: readonly Charged[] = [
  { unpriced: "its root disk has the size of its image, which is not known here" },
];

/** Types that are paid for by their size alone; of gp3, up to a limit. */
const BY_SIZE = ["gp2", "gp3", "st1", "sc1"];

function disk(volume: Values, number: Amount): Charged {
  const size = numberIn(volume, "volume_size");
  const type = volume["volume_type"];
  if (size === undefined || typeof type !== "string") return { unpriced: "the size or type of its disk is not known" };
  if (!BY_SIZE.includes(type)) return { unpriced: `the IOPS and requests of ${type} disks are not in the price book` };
  const paid =
    type === "gp3" &&
    ([volume["iops"], volume["throughput"]].some(isReference) ||
      (numberIn(volume, "iops") ?? 0) > 3000 ||
      (numberIn(volume, "throughput") ?? 0) > 125);
  if (paid) return { unpriced: "more than 3,000 IOPS or 125 MiB/s of a gp3 disk are not in the price book" };
  return fixed(`${type} disks`, `ebs.${type}`, times(number, size));
}

/**
 * Public IPv4 addresses of instances: as their own setting says, or else as that of their subnets does.
 *
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html#vpc-public-ipv4-addresses
 */
export function launchAddresses(own: unknown, subnets: unknown, number: Amount, { stack }: Context): Charged[] {
  const isSet = own !== undefined && own !== null && own !== "" && !isReference(own);
  const places = [subnets ?? []].flat().map(String);
  const found = places.map((place) =>
    stack.of("aws_subnet").find(({ address, values }) => place.includes(`${address}.`) || values["id"] === place),
  );
  const answers = isSet ? [isTrue(own)] : found.map((subnet) => mapsAddresses(subnet?.values));
  const [first] = answers;
  if (first === undefined || answers.some((each) => each !== first))
    return [{ unpriced: "whether it has a public IPv4 address is not known" }];
  return first ? [fixed("public IPv4 addresses", "ipv4", times(number, HOURS))] : [];
}

function mapsAddresses(subnet: Values | undefined): boolean | undefined {
  const value = subnet?.["map_public_ip_on_launch"] ?? false;
  return subnet === undefined || isReference(value) ? undefined : isTrue(value);
}

/**
 * The CPU above the baseline, for each vCPU, which AWS bills if the credits are unlimited: the default of all types but T2.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html
 */
export function surplus(template: Values, servers: Amount, { cpuPercent }: Usage): Charged[] {
  const type = String(template["instance_type"]);
  const credits = section(template, "credit_specification")["cpu_credits"] ?? "";
  if (!isBurstable(type) || credits === "standard" || (credits === "" && type.startsWith("t2."))) return [];
  if (isReference(credits)) return [{ unpriced: "whether its CPU credits are unlimited is not known" }];
  const processor = processorOf(type);
  if (processor?.burst === undefined) return [{ unpriced: `the CPU credits of a ${type} are not known here` }];
  const baseline = 100 * processor.burst.baseline;
  const hours = (processor.vcpus * Math.max(0, cpuPercent - baseline) * HOURS) / 100;
  const family = type.split(".")[0] ?? "";
  return [
    used(
      "CPU beyond the credits",
      `${family}.surplus`,
      times(servers, hours),
      `${String(cpuPercent)} % on average, of which ${String(Math.round(baseline))} % are covered by credits`,
    ),
  ];
}
