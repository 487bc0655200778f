/** What the name of an instance type tells: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html */

/** Whether the type earns CPU credits (T2, T3, T3a, T4g). */
export function isBurstable(instanceType: string): boolean {
  return /^t\d/.test(instanceType);
}

/** The processor's architecture, in the words of Amazon's image names: a `g` behind the generation is Graviton. */
export function architectureOf(instanceType: string): "arm64" | "x86_64" {
  return /^(a1\.|[a-z]+\d+g)/.test(instanceType) ? "arm64" : "x86_64";
}
