/** The properties that the name of an instance type shows: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html */

/** Whether the type earns CPU credits (T2, T3, T3a, T4g). */
export function isBurstable(instanceType: string): boolean {
  return /^t\d/.test(instanceType);
}

/** The processor's architecture, as in Amazon's image names: a `g` after the generation is Graviton. */
export function architectureOf(instanceType: string): "arm64" | "x86_64" {
  return /^(a1\.|[a-z]+\d+g)/.test(instanceType) ? "arm64" : "x86_64";
}

export interface Processor {
  readonly vcpus: number;
  /** Of burstable types. A credit is a minute of one vCPU. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html */
  readonly burst?: { readonly baseline: number; readonly creditsPerHour: number; readonly maxCredits: number };
}

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

/** Undefined where the name alone is not enough: T2, and sizes such as `metal`. */
export function processorOf(instanceType: string): Processor | undefined {
  const [family = "", size = ""] = instanceType.split(".");
  const burstable = /^t(3a?|4g)$/.test(family) ? BURSTABLE[size] : undefined;
  if (burstable !== undefined) {
    const [vcpus, creditsPerHour] = burstable;
    // A credit is one vCPU for a minute: what an hour earns, spread over the hour and the vCPUs, is the baseline.
    return { vcpus, burst: { baseline: creditsPerHour / 60 / vcpus, creditsPerHour, maxCredits: 24 * creditsPerHour } };
  }
  const times = /^(\d*)xlarge$/.exec(size)?.[1];
  const vcpus = { medium: 1, large: 2 }[size] ?? (times === undefined ? undefined : 4 * Number(times || 1));
  return vcpus === undefined || family.startsWith("t2") ? undefined : { vcpus };
}
