/** What the load balancer answers by itself. */
import { STATUS_CODES, type ServerResponse } from "node:http";
import type { RuleAction } from "../cloud-state";
import { hostOf, splitOnce } from "./rules";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const SERVER = "awselb/2.0";

/** Codes that only load balancers know: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
const OWN_CODES: Readonly<Record<number, string>> = {
  413: "Request Entity Too Large",
  460: "Client Closed Request",
  463: "X-Forwarded-For Too Long",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

export const phraseOf = (status: number) => OWN_CODES[status] ?? STATUS_CODES[status] ?? "Error";

/** A page in the load balancer's manner. */
export function errorPage(status: number): Answer {
  const title = `${String(status)} ${phraseOf(status)}`;
  const body = [
    "<html>",
    `<head><title>${title}</title></head>`,
    "<body>",
    `<center><h1>${title}</h1></center>`,
    "</body>",
    "</html>",
    "",
  ].join("\r\n");
  return { status, headers: { server: SERVER, "content-type": "text/html" }, body };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html */
export function fixedResponse(action: RuleAction & { readonly type: "fixed-response" }): Answer {
  const { statusCode, contentType = "text/plain", body = "" } = action;
  return { status: statusCode, headers: { server: SERVER, "content-type": contentType }, body };
}

/** Where a request came in. */
export interface Entry {
  readonly protocol: "http" | "https";
  /** Port that the client has used. */
  readonly port: number;
  readonly host: string | undefined;
  readonly url: string;
}

/**
 * The answer of a redirect, with its words replaced by the request's.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
 *
 * @param realPort where this machine has the listener of a port
 */
export function redirect(
  action: RuleAction & { readonly type: "redirect" },
  entry: Entry,
  realPort: (port: number) => number,
): Answer {
  const [path = "/", query = ""] = splitOnce(entry.url, "?");
  const words: Readonly<Record<string, string>> = {
    protocol: entry.protocol,
    host: hostOf(entry.host),
    port: String(entry.port),
    path: path.slice(1),
    query,
  };
  const filled = (text: string) => text.replace(/#\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
  const protocol = filled(action.protocol).toLowerCase();
  const host = filled(action.host);
  // One that names a listener's port means that listener; what leads to another host is not on this machine.
  const asked = filled(action.port);
  const port = host === words["host"] && action.port !== "#{port}" ? String(realPort(Number(asked))) : asked;
  const rest = filled(action.query);
  const location = `${protocol}://${host}:${port}${filled(action.path)}${rest === "" ? "" : `?${rest}`}`;
  return { ...errorPage(action.statusCode), headers: { ...errorPage(action.statusCode).headers, location } };
}

/** Sends it, unless another answer has begun. */
export function answerWith(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  // What is left of the request would be taken for the next one.
  if (!response.req.complete) response.shouldKeepAlive = false;
  response.writeHead(status, phraseOf(status), { ...headers, "content-length": String(Buffer.byteLength(body)) });
  response.end(body);
}
