/** How CDKTF names a resource: its construct's path below the stack, and eight digits of that path's MD5. */
import { createHash } from "node:crypto";

const hashOf = (path: string) => createHash("md5").update(path).digest("hex").slice(0, 8).toUpperCase();

/** Whether a resource was created by the construct at a path, such as `network/vpc`. */
export const isAt = (address: string, path: string) => address.endsWith(`_${hashOf(path)}`);

/** The path in an address such as `aws_vpc.network_vpc_4E8F0223`; undefined where the hash belongs to another path. */
export function pathIn(address: string): string | undefined {
  const path = /\.([\w-]+)_[0-9A-F]{8}$/.exec(address)?.[1]?.replaceAll("_", "/");
  return path !== undefined && isAt(address, path) ? path : undefined;
}
