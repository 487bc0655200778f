/** The instance metadata service of one emulated instance: version 2 only, on loopback. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An instance of the emulated EC2. */
export interface Instance {
  readonly id: string;
  readonly imageId: string;
  readonly privateIp: string;
  readonly zone: string;
  readonly subnetId: string;
  /** Undefined if its launch template does not open them to the metadata service. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface MetadataService {
  /** `http://127.0.0.1:PORT`, for `AWS_EC2_METADATA_SERVICE_ENDPOINT`. */
  readonly endpoint: string;
  close(): void;
}

export async function startMetadata(instance: Instance): Promise<MetadataService> {
  const tokens = new Map<string, number>();
  const server = createServer((request, response) => answer(request, response, instance, tokens));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const TOKEN_PATH = "/latest/api/token";
const TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds";
const LONGEST_TTL = 21_600;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  instance: Instance,
  tokens: Map<string, number>,
): void {
  const send = (status: number, text = "", headers = {}) =>
    response.writeHead(status, { "content-type": "text/plain", server: "EC2ws", ...headers }).end(text);
  const path = (request.url ?? "/").split("?")[0] ?? "/";

  if (request.method === "PUT" && path === TOKEN_PATH) {
    // Through a proxy somebody else could ask for it.
    if (request.headers["x-forwarded-for"] !== undefined) return void send(403);
    const ttl = Number(request.headers[TTL_HEADER]);
    if (!Number.isInteger(ttl) || ttl < 1 || ttl > LONGEST_TTL) return void send(400);
    for (const [token, until] of tokens) if (until < Date.now()) tokens.delete(token);
    const token = randomBytes(40).toString("base64");
    tokens.set(token, Date.now() + ttl * 1000);
    return void send(200, token, { [TTL_HEADER]: String(ttl) });
  }
  if (request.method !== "GET" && request.method !== "HEAD") return void send(405);
  const until = tokens.get(String(request.headers["x-aws-ec2-metadata-token"]));
  if (until === undefined || until < Date.now()) return void send(401);
  const value = metadataOf(instance, path);
  if (value === undefined) send(404);
  else send(200, value);
}

/**
 * What the service returns for a path: a value, the list of what is below a folder, or undefined for 404.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
 */
export function metadataOf(instance: Instance, path: string): string | undefined {
  const { id, imageId, privateIp, zone, subnetId, tags } = instance;
  const region = zone.replace(/[a-z]$/, "");
  const mac = macOf(privateIp);
  const values: Readonly<Record<string, string>> = {
    "meta-data/ami-id": imageId,
    "meta-data/instance-action": "none",
    "meta-data/instance-id": id,
    "meta-data/instance-life-cycle": "on-demand",
    "meta-data/local-ipv4": privateIp,
    "meta-data/mac": mac,
    [`meta-data/network/interfaces/macs/${mac}/device-number`]: "0",
    [`meta-data/network/interfaces/macs/${mac}/local-ipv4s`]: privateIp,
    [`meta-data/network/interfaces/macs/${mac}/mac`]: mac,
    [`meta-data/network/interfaces/macs/${mac}/subnet-id`]: subnetId,
    "meta-data/placement/availability-zone": zone,
    "meta-data/placement/region": region,
    ...Object.fromEntries(Object.entries(tags ?? {}).map(([key, value]) => [`meta-data/tags/instance/${key}`, value])),
    "dynamic/instance-identity/document": JSON.stringify(
      { availabilityZone: zone, imageId, instanceId: id, privateIp, region, version: "2017-09-30" },
      undefined,
      2,
    ),
  };
  const asked = path.replace(/^\/latest\/?/, "").replace(/\/$/, "");
  if (!path.startsWith("/latest")) return undefined;
  if (values[asked] !== undefined) return values[asked];
  const folder = asked === "" ? "" : `${asked}/`;
  const below = Object.keys(values).filter((key) => key.startsWith(folder));
  const names = below.map((key) => {
    const [first = "", ...rest] = key.slice(folder.length).split("/");
    return rest.length > 0 ? `${first}/` : first;
  });
  return names.length === 0 ? undefined : [...new Set(names)].sort().join("\n");
}

/** One that no other address of the subnet has. */
const macOf = (privateIp: string) =>
  ["02", "00", ...privateIp.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");
