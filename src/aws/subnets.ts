/** The block of a VPC, split into its subnets: pure arithmetic over a CIDR library. */
import { Address4, Address6 } from "ip-address";

/** AWS takes VPCs and subnets from /16 to /28: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const LARGEST_PREFIX = 28;
const SMALLEST_PREFIX = 16;

/** AWS reserves five addresses of every subnet: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED_ADDRESSES = 5;

/** An IPv4 network such as `10.0.0.0/16`; undefined if the text is not one, or has bits set after its prefix. */
export function parseNetwork(cidr: string): Address4 | undefined {
  if (!/^[\d.]+\/\d+$/.test(cidr) || !Address4.isValid(cidr)) return undefined;
  const network = new Address4(cidr);
  return network.correctForm() === network.startAddress().correctForm() ? network : undefined;
}

/** An IPv6 network such as `2001:db8::/32`, as AWS writes it; undefined if the text is anything else. */
export function parseIpv6Network(cidr: string): Address6 | undefined {
  if (!/^[\da-f:]+\/\d+$/.test(cidr) || !Address6.isValid(cidr)) return undefined;
  const network = new Address6(cidr);
  return cidr.startsWith(`${network.startAddress().correctForm()}/`) ? network : undefined;
}

/** Carrier-grade NAT, https://www.rfc-editor.org/rfc/rfc6598: AWS takes it for a VPC as it takes the private blocks. */
const SHARED = new Address4("100.64.0.0/10");

/**
 * The kinds of subnets, of which each zone has one; the blocks are handed out in this order.
 *
 * A kind that is added here moves the existing subnets, and replaces everything in them: later tiers (a database, a cache) use
 * the private subnets.
 */
const KINDS = ["public", "private"] as const;

export interface PlannedSubnet {
  readonly kind: (typeof KINDS)[number];
  readonly zone: string;
  readonly cidr: string;
}

/**
 * The subnets of a VPC: one public and one private in each zone, in equal blocks as large as fit. `192.168.1.0/24` in two
 * zones is `192.168.1.0/26` and `192.168.1.64/26` (public), `192.168.1.128/26` and `192.168.1.192/26` (private).
 *
 * @throws Error if {@link networkProblem} finds one
 */
export function subnetsOf(cidr: string, zones: readonly string[]): PlannedSubnet[] {
  const problem = networkProblem(cidr, zones.length);
  if (problem !== undefined) throw new Error(`${cidr} ${problem}`);
  const prefix = `/${String(subnetPrefix(cidr, zones.length))}`;
  let next = new Address4(`${new Address4(cidr).correctForm()}${prefix}`);
  return KINDS.flatMap((kind) => zones.map((zone) => ({ kind, zone }))).map((subnet) => {
    const planned = { ...subnet, cidr: `${next.correctForm()}${prefix}` };
    next = next.nextNetwork();
    return planned;
  });
}

/** Why a VPC in so many zones cannot have this block, as the end of a sentence that begins with it; undefined if it can. */
export function networkProblem(cidr: string, zoneCount: number): string | undefined {
  const network = parseNetwork(cidr);
  if (network === undefined) return "is not an IPv4 network (such as 192.168.1.0/24)";
  if (!network.isPrivate() && !network.isInSubnet(SHARED))
    return "is not private (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10)";
  if (network.subnetMask < SMALLEST_PREFIX)
    return `is too large; AWS takes a VPC of /${String(SMALLEST_PREFIX)} at most`;
  if (subnetPrefix(cidr, zoneCount) > LARGEST_PREFIX) {
    const least = 2 ** (32 - LARGEST_PREFIX) - RESERVED_ADDRESSES;
    return `is too small for ${String(KINDS.length * zoneCount)} subnets of ${String(least)} or more addresses`;
  }
  return undefined;
}

/** Length of the prefix of each subnet of a VPC in so many zones. */
export function subnetPrefix(cidr: string, zoneCount: number): number {
  return new Address4(cidr).subnetMask + Math.ceil(Math.log2(KINDS.length * zoneCount));
}
