/** Every address, which is the whole internet. */
export const INTERNET = "0.0.0.0/0";

/** Where SSH listens: on the bastion, and on the servers behind it. */
export const SSH_PORT = 22;

/** The whole internet, or a large part of it: `0.0.0.0/0`, and `0.0.0.0/1` as well. */
export function isInternet(cidr: string): boolean {
  const [, prefix] = /^[\da-f.:]+\/(\d+)$/i.exec(cidr) ?? [];
  return prefix !== undefined && Number(prefix) < LARGEST_OWNED_PREFIX;
}

/** Nobody's own network is larger than a /8; 10.0.0.0/8 itself is private. */
const LARGEST_OWNED_PREFIX = 8;
