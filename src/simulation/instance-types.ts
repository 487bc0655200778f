/** An instance type as the simulation takes it: what it can do, and what it costs. */
import { processorOf, type Processor } from "../aws/instance-types";
import { priceBook } from "../cost/prices/price-book";
import { Problem } from "../machine/problem";

export interface InstanceType extends Processor {
  readonly type: string;
  /** USD, on demand, Linux; undefined where no price is known here. */
  readonly usdPerHour?: number;
}

/** USD per vCPU-hour beyond the credits. */
export const SURPLUS_USD_PER_VCPU_HOUR = priceBook().usd("t3.surplus");

/** @throws Problem if the number of vCPUs is not known */
export function instanceOf(type: string): InstanceType {
  const processor = processorOf(type);
  if (processor === undefined) throw new Problem(`The simulation does not know how many vCPUs a ${type} has`);
  const price = priceBook().prices[`ec2.${type}`];
  return { type, ...processor, ...(price && { usdPerHour: price.usd }) };
}
