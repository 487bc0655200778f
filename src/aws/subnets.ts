/** A block of addresses split into named subnets: pure arithmetic over a CIDR library. */
import { Address4 } from "ip-address";

/** AWS takes VPCs and subnets from /16 to /28: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const LARGEST_PREFIX = 28;
const SMALLEST_PREFIX = 16;

/** AWS keeps five addresses of every subnet: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
export const RESERVED_ADDRESSES = 5;

/** An IPv4 network such as `10.0.0.0/16`, or nothing if the text is not one or has bits set behind its prefix. */
export function parseNetwork(cidr: string): Address4 | undefined {
  if (!/^[\d.]+\/\d+$/.test(cidr) || !Address4.isValid(cidr)) return undefined;
  const network = new Address4(cidr);
  return network.correctForm() === network.startAddress().correctForm() ? network : undefined;
}

/**
 * Splits a block into equal subnets, each as large as fits, and hands them out in order: what is asked for comes back with
 * its `cidr`. `192.168.1.0/24` for three is `192.168.1.0/26`, `192.168.1.64/26` and `192.168.1.128/26`.
 *
 * @throws Error if {@link networkProblem} finds one
 */
export function splitNetwork<Wanted extends object>(
  cidr: string,
  wanted: readonly Wanted[],
): (Wanted & { readonly cidr: string })[] {
  const problem = networkProblem(cidr, wanted.length);
  if (problem !== undefined) throw new Error(`${cidr} ${problem}`);
  const network = new Address4(cidr);
  const prefix = `/${String(subnetPrefix(network, wanted.length))}`;
  let next = new Address4(`${network.correctForm()}${prefix}`);
  return wanted.map((subnet) => {
    const split = { ...subnet, cidr: `${next.correctForm()}${prefix}` };
    next = next.nextNetwork();
    return split;
  });
}

/** Why a VPC of so many subnets cannot have this block, as the end of a sentence that begins with it; nothing if it can. */
export function networkProblem(cidr: string, subnetCount: number): string | undefined {
  const network = parseNetwork(cidr);
  if (network === undefined) return "is not an IPv4 network (such as 192.168.1.0/24)";
  if (!network.isPrivate()) return "is not private (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16)";
  if (network.subnetMask < SMALLEST_PREFIX)
    return `is too large; AWS takes a VPC of /${String(SMALLEST_PREFIX)} at most`;
  if (subnetPrefix(network, subnetCount) > LARGEST_PREFIX) {
    const least = 2 ** (32 - LARGEST_PREFIX) - RESERVED_ADDRESSES;
    return `is too small for ${String(subnetCount)} subnets of ${String(least)} or more addresses`;
  }
  return undefined;
}

/** Length of the prefix of each of so many subnets of a block. */
export function subnetPrefix(network: Address4, subnetCount: number): number {
  return network.subnetMask + Math.ceil(Math.log2(subnetCount));
}
