/**
 * Hands one request to one target. It is never tried again elsewhere: a target may have acted on it.
 *
 * The load balancer's own answers: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#load-balancer-http-error-codes
 */
import { createProxyServer } from "http-proxy-3";
import { Agent, type ClientRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { LIMITS, ofTheConnection } from "./headers";
import type { Exchange } from "./exchange";

/** AWS gives a target ten seconds to accept a connection. */
const CONNECT_MS = 10_000;

const WITHOUT_BODY = ["GET", "HEAD"];

/** One for each load balancer: it keeps the connections to the targets. */
export class Forwarder {
  private readonly agent: Agent;
  private readonly proxy = createProxyServer();
  private readonly chunked = new WeakSet<IncomingMessage>();
  private readonly exchanges = new WeakMap<IncomingMessage, Exchange>();

  constructor(idleMs: number) {
    this.agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: idleMs });
    this.proxy.on("start", (incoming) => {
      // The library has made a chunked DELETE one of length 0, whose body the target would take for the next request.
      if (!this.chunked.has(incoming)) return;
      delete incoming.headers["content-length"];
      incoming.headers["transfer-encoding"] = "chunked";
    });
    this.proxy.on("proxyReq", (outgoing, incoming) => this.watch(outgoing, incoming));
    this.proxy.on("proxyRes", (answer, incoming) => this.take(answer, incoming));
    this.proxy.on("proxyReqWs", (outgoing, incoming) => {
      this.watch(outgoing, incoming);
      const answered = (answer: IncomingMessage) => this.exchanges.get(incoming)?.answered(answer.statusCode ?? 0);
      outgoing.once("upgrade", answered).once("response", answered);
    });
  }

  send(exchange: Exchange, target: string): void {
    const { request, response } = exchange;
    this.exchanges.set(request, exchange);
    const { method, headers } = request;
    if (headers["transfer-encoding"] !== undefined) this.chunked.add(request);
    // Without either Node would send a chunked body, although there is none.
    else if (headers["content-length"] === undefined && !WITHOUT_BODY.includes(method ?? ""))
      headers["content-length"] = "0";
    const failed = (error: Error) => exchange.failed(statusOf(error));
    const options = { target, agent: this.agent, toProxy: true, ssl: { maxHeaderSize: LIMITS.responseHeaders } };
    this.proxy.web(request, response, options, failed);
  }

  /** A WebSocket: from its handshake on the two ends are one connection. */
  sendUpgrade(exchange: Exchange, target: string, socket: Socket, head: Buffer): void {
    const { request, idleMs } = exchange;
    this.exchanges.set(request, exchange);
    this.proxy.ws(request, socket, head, { target, toProxy: true }, (error: Error) => exchange.failed(statusOf(error)));
    socket.setTimeout(idleMs, () => socket.destroy());
    exchange.cut = () => socket.destroy();
  }

  close(): void {
    this.agent.destroy();
    this.proxy.close();
  }

  private watch(outgoing: ClientRequest, incoming: IncomingMessage): void {
    const exchange = this.exchanges.get(incoming);
    if (exchange === undefined) return;
    const { socket } = outgoing;
    if (socket?.connecting) {
      const late = setTimeout(() => outgoing.destroy(new TooLate()), CONNECT_MS);
      socket.once("connect", () => clearTimeout(late)).once("close", () => clearTimeout(late));
    }
    outgoing.setTimeout(exchange.idleMs, () => outgoing.destroy(new TooLate()));
    exchange.cut = () => outgoing.destroy(new Error("the deregistration delay is over"));
  }

  private take(answer: IncomingMessage, incoming: IncomingMessage): void {
    const exchange = this.exchanges.get(incoming);
    if (exchange === undefined) return;
    const { headers } = answer;
    for (const name of ofTheConnection(headers.connection)) Reflect.deleteProperty(headers, name);
    headers.connection = exchange.response.shouldKeepAlive ? "keep-alive" : "close";
    if (exchange.cookies.length > 0) headers["set-cookie"] = [...(headers["set-cookie"] ?? []), ...exchange.cookies];
    exchange.answered(answer.statusCode ?? 0);
    // A target that ends in the middle leaves the client with half an answer: it must not look like a whole one.
    answer.once("close", () => {
      if (!answer.complete) exchange.response.destroy();
    });
  }
}

class TooLate extends Error {}

const LATE = ["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"];

/** A target that refuses the connection, ends it, or answers what is no HTTP is a bad gateway. */
const statusOf = (error: NodeJS.ErrnoException) =>
  error instanceof TooLate || LATE.includes(error.code ?? "") ? 504 : 502;
