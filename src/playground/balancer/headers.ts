/**
 * What the load balancer does to a request's headers on the way to a target.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Attributes } from "../cloud-state";

/** Bytes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#request-limits */
export const LIMITS = { requestLine: 16 * 1024, header: 16 * 1024, headers: 64 * 1024, responseHeaders: 32 * 1024 };

/** An X-Forwarded-For with more addresses is refused with 463. */
const MOST_FORWARDED = 30;

export interface Head {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
}

/**
 * The status with which a request is refused, or undefined.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#load-balancer-http-error-codes
 */
export function refusal({ method, url, httpVersion, headers, rawHeaders }: Head): number | undefined {
  if (method.length + url.length + " HTTP/1.1 ".length > LIMITS.requestLine) return 414;
  let all = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const bytes = (rawHeaders[index]?.length ?? 0) + (rawHeaders[index + 1]?.length ?? 0) + ": \r\n".length;
    if (bytes > LIMITS.header) return 400;
    all += bytes;
  }
  if (all > LIMITS.headers) return 400;
  if (httpVersion === "1.1" && headers.host === undefined) return 400;
  if (method === "TRACE") return 405;
  if (!["chunked", "identity"].includes((headers["transfer-encoding"] ?? "chunked").toLowerCase())) return 501;
  const forwarded = headers["x-forwarded-for"];
  if (forwarded !== undefined && String(forwarded).split(",").length > MOST_FORWARDED) return 463;
  return undefined;
}

export interface Client {
  readonly address: string;
  readonly port: number;
  readonly protocol: "http" | "https";
  /** Of the load balancer, that the client has used. */
  readonly listenerPort: number;
}

/** Hop by hop: RFC 9110, section 7.6.1. What a Connection header names is one as well. */
const OF_THE_CONNECTION = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "expect"];

/** The names that must not be passed on. */
export function ofTheConnection(connection: string | undefined): string[] {
  const named = (connection ?? "").toLowerCase().split(",");
  return [...OF_THE_CONNECTION, ...named.map((name) => name.trim())].filter((name) => name !== "");
}

/** The headers that the target gets. @param attributes of the load balancer */
export function forwarded(
  headers: IncomingHttpHeaders,
  client: Client,
  attributes: Attributes,
  now = new Date(),
): IncomingHttpHeaders {
  const dropsInvalid = attributes["routing.http.drop_invalid_header_fields.enabled"] === "true";
  const hop = new Set(ofTheConnection(headers.connection));
  const kept = Object.entries(headers).filter(
    ([name]) => !hop.has(name) && (!dropsInvalid || /^[-a-z0-9]+$/.test(name)),
  );
  const result: IncomingHttpHeaders = Object.fromEntries(kept);
  const mode = attributes["routing.http.xff_header_processing.mode"] ?? "append";
  if (mode === "append") {
    const withPort = attributes["routing.http.xff_client_port.enabled"] === "true";
    const before = headers["x-forwarded-for"];
    const mine = withPort ? `${bracketed(client.address)}:${String(client.port)}` : client.address;
    result["x-forwarded-for"] = before === undefined ? mine : `${String(before)}, ${mine}`;
  } else if (mode === "remove") delete result["x-forwarded-for"];
  result["x-forwarded-proto"] = client.protocol;
  result["x-forwarded-port"] = String(client.listenerPort);
  result["x-amzn-trace-id"] = traceId(headers["x-amzn-trace-id"], now);
  return result;
}

const bracketed = (address: string) => (address.includes(":") ? `[${address}]` : address);

/**
 * A trace that has a root keeps it, and gets a field for the load balancer's own part.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
 */
export function traceId(sent: string | string[] | undefined, now: Date): string {
  const own = `1-${Math.floor(now.getTime() / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
  const fields = (sent === undefined ? "" : String(sent)).split(";").map((field) => field.trim());
  const others = fields.filter((field) => field !== "" && !field.startsWith("Self="));
  return others.some((field) => field.startsWith("Root="))
    ? [`Self=${own}`, ...others].join(";")
    : [...others, `Root=${own}`].join(";");
}
