/** The properties that the name of an instance type shows: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html */

/** Whether the type earns CPU credits (T2, T3, T3a, T4g). */
export function isBurstable(instanceType: string): boolean {
  return /^t[2-9]/.test(instanceType);
}

/**
 * Whether AWS takes `EbsOptimized` for the type, which every newer type is by default. Of the first generations some sizes refuse it,
 * and the others bill it, so all of them are left as they are.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/ebs-optimized.html
 */
export function isEbsOptimized(instanceType: string): boolean {
  return !/^(t[12]|m[1-3]|c[13]|cc[12]|r3|cr1|i2|g2|hi1|hs1)\./.test(instanceType);
}

export function isBareMetal(instanceType: string): boolean {
  return /\.metal(-|$)/.test(instanceType);
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

const BURSTABLE_GIB: Readonly<Record<string, number>> = {
  nano: 0.5,
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

/** GiB of memory for each vCPU, by family. */
const GIB_PER_VCPU: readonly (readonly [family: RegExp, gib: number])[] = [
  [/^c4$/, 1.875],
  [/^c5n$/, 2.625],
  [/^c[5-9]/, 2],
  [/^m[4-9]/, 4],
  [/^r4$/, 7.625],
  [/^r[5-9]/, 8],
];

/** Memory in GiB: https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html; undefined where the name alone is not enough. */
export function memoryGibOf(instanceType: string): number | undefined {
  const [family = "", size = ""] = instanceType.split(".");
  if (/^t(2|3a?|4g)$/.test(family)) return BURSTABLE_GIB[size];
  const perVcpu = GIB_PER_VCPU.find(([families]) => families.test(family))?.[1];
  const vcpus = processorOf(instanceType)?.vcpus;
  return perVcpu === undefined || vcpus === undefined ? undefined : vcpus * perVcpu;
}
