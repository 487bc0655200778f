/** The charges that several types of resource share: instances, disks, addresses, metrics. */
import { isBurstable, processorOf } from "../aws/instance-types";
import { always, each, HOURS, type Amount, type Charge, type Charged, type Usage } from "../cost/model";
import { blocks, numberIn, section, type Values } from "../terraform/values";

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

export const metrics = (number: Amount) => fixed("detailed monitoring", "metric", times(number, DETAILED_METRICS));

export function instances({ instance_type }: Values, number: Amount, what: string): Charged[] {
  if (typeof instance_type !== "string") return [{ unpriced: "its instance type is not known" }];
  return [fixed(`${what}, ${instance_type}`, `ec2.${instance_type}`, times(number, HOURS))];
}

export function disks(volumes: readonly Values[], number: Amount): Charged[] {
  if (volumes.length === 0) return [{ unpriced: "its disk has the size of its image, which is not known here" }];
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

/** Spot instances are billed at the on-demand price, which is too high. */
export const spot = (values: Values): Charged[] =>
  blocks(values, "instance_market_options").length > 0
    ? [{ unpriced: "it is a spot instance, billed here on demand; spot prices are not in the price book" }]
    : [];

/** The CPU above the baseline, for each vCPU, which AWS bills if the credits are unlimited. */
export function surplus(template: Values, servers: Amount, { cpuPercent }: Usage): Charged[] {
  const type = String(template["instance_type"]);
  if (!isBurstable(type) || section(template, "credit_specification")["cpu_credits"] === "standard") return [];
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
