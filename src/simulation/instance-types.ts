/** What an instance type can do, and what it costs in ap-south-1. */
import { Problem } from "../problem";

export interface InstanceType {
  readonly type: string;
  readonly vcpus: number;
  /** Of burstable types. A credit is a minute of one vCPU. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html */
  readonly burst?: { readonly baseline: number; readonly creditsPerHour: number; readonly maxCredits: number };
  /** USD, on demand, Linux; undefined where no price is known here. */
  readonly usdPerHour?: number;
}

/** USD per vCPU-hour beyond the credits: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html */
export const SURPLUS_USD_PER_VCPU_HOUR = 0.05;

/** vCPUs, and the credits that an hour earns; a day's worth is the most that is kept. */
const BURSTABLE: Readonly<Record<string, readonly [vcpus: number, creditsPerHour: number]>> = {
  nano: [2, 6],
  micro: [2, 12],
  small: [2, 24],
  medium: [2, 24],
  large: [2, 36],
  xlarge: [4, 96],
  "2xlarge": [8, 192],
};

/** AWS Price List of ap-south-1, as published on 2026-09-25: https://aws.amazon.com/ec2/pricing/on-demand/ */
const USD_PER_HOUR: Readonly<Record<string, number>> = { "t3.micro": 0.0112, "t3.small": 0.0224 };

/** @throws Problem if the number of vCPUs is not known */
export function instanceOf(type: string): InstanceType {
  const [family = "", size = ""] = type.split(".");
  const price = USD_PER_HOUR[type];
  const usd = price === undefined ? {} : { usdPerHour: price };
  const burstable = /^t(3a?|4g)$/.test(family) ? BURSTABLE[size] : undefined;
  if (burstable !== undefined) {
    const [vcpus, creditsPerHour] = burstable;
    // A credit is one vCPU for a minute: what an hour earns, spread over the hour and the vCPUs, is the baseline.
    const burst = { baseline: creditsPerHour / 60 / vcpus, creditsPerHour, maxCredits: 24 * creditsPerHour };
    return { type, vcpus, burst, ...usd };
  }
  const times = /^(\d*)xlarge$/.exec(size)?.[1];
  const vcpus = { medium: 1, large: 2 }[size] ?? (times === undefined ? undefined : 4 * Number(times || 1));
  if (vcpus === undefined || family.startsWith("t2"))
    throw new Problem(`The simulation does not know how many vCPUs a ${type} has`);
  return { type, vcpus, ...usd };
}
