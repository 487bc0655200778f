/** One listener: takes requests, finds their rule, and answers or hands them on. */
import { createServer, ServerResponse, type IncomingMessage, type Server } from "node:http";
import { Socket } from "node:net";
import type { Attributes, ListenerState } from "../cloud-state";
import { answerWith, errorPage, phraseOf } from "./answers";
import { beginExchange, type Exchange } from "./exchange";
import { Forwarder } from "./forward";
import { forwarded, LIMITS } from "./headers";
import { Routing, type RoutingOptions } from "./routing";

/** A request that has ended. */
export interface RequestRecord {
  /** ARNs. */
  readonly balancer: string;
  readonly targetGroup: string | undefined;
  /** The id of the instance that it was sent to. */
  readonly instance: string | undefined;
  readonly status: number;
  /** Whether the load balancer itself has answered. */
  readonly byBalancer: boolean;
  /** Real ones. */
  readonly seconds: number;
  /** Of the answer's body. */
  readonly bytes: number;
}

export interface ListenerOptions extends RoutingOptions {
  readonly balancer: { readonly arn: string; readonly attributes: Attributes };
  readonly onRequest: (record: RequestRecord) => void;
}

interface Upgraded {
  readonly socket: Socket;
  /** What the client has sent after its handshake. */
  readonly head: Buffer;
}

export class Listener {
  readonly server: Server;
  private readonly forwarder: Forwarder;
  private readonly open = new Map<Socket, Exchange | undefined>();
  private readonly refused = new WeakSet<Socket>();
  private readonly routing: Routing;

  constructor(
    state: ListenerState,
    private options: ListenerOptions,
  ) {
    this.forwarder = new Forwarder(this.idleMs);
    this.routing = new Routing(state, options);
    // Node's own limits are wider: it answers 431, where the load balancer has other codes.
    const maxHeaderSize = LIMITS.headers + LIMITS.requestLine + 1024;
    const server = createServer({ maxHeaderSize, requestTimeout: 0, requireHostHeader: false });
    server.keepAliveTimeout = this.idleMs;
    server.headersTimeout = this.idleMs;
    server.on("connection", (socket) => {
      this.open.set(socket, undefined);
      socket.once("close", () => this.open.delete(socket));
      socket.setTimeout(this.idleMs);
    });
    server.on("request", (request, response) => this.handle(request, response));
    server.on("upgrade", (request, socket, head: Buffer) => {
      if (socket instanceof Socket) this.upgrade(request, socket, head);
    });
    server.on("clientError", (error, socket) => {
      if (socket instanceof Socket) this.refuseBroken(error, socket);
    });
    server.on("timeout", (socket: Socket) => this.idle(socket));
    this.server = server;
  }

  /** Of what is deployed now; connections are kept. */
  update(state: ListenerState, options: ListenerOptions): void {
    Object.assign(this.routing, { state, options });
    this.options = options;
    this.server.keepAliveTimeout = this.idleMs;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.open.keys()) socket.destroy();
    this.forwarder.close();
    await closed;
  }

  private get idleMs(): number {
    return Number(this.options.balancer.attributes["idle_timeout.timeout_seconds"] ?? 60) * 1000;
  }

  private get port(): number {
    return this.options.realPort(this.routing.state.port);
  }

  private handle(request: IncomingMessage, response: ServerResponse, upgraded?: Upgraded): void {
    const began = performance.now();
    // A request to a proxy has the whole address in its first line.
    request.url = (request.url ?? "/").replace(/^https?:\/\/[^/?]*(?=\/)/i, "");
    const { socket } = request;
    const source = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const decision = this.routing.decide(request, source);
    const { group, target } = decision;
    const record = (status: number, byBalancer: boolean, bytes: number) =>
      this.record({
        targetGroup: group,
        instance: target?.id,
        status,
        byBalancer,
        seconds: (performance.now() - began) / 1000,
        bytes,
      });
    if ("answer" in decision) {
      const { answer, refused } = decision;
      if (refused) this.refused.add(socket);
      answerWith(response, answer);
      record(answer.status, true, answer.body.length);
      return;
    }

    const exchange = beginExchange(request, response, decision, this.idleMs, (...outcome) => {
      if (this.open.has(socket)) this.open.set(socket, undefined);
      record(...outcome);
    });
    this.open.set(socket, exchange);
    const { port: listenerPort } = this;
    const client = { address: source, port: socket.remotePort ?? 0, protocol: "http", listenerPort } as const;
    const { connection, upgrade } = request.headers;
    request.headers = forwarded(request.headers, client, this.options.balancer.attributes);
    if (upgraded === undefined) this.forwarder.send(exchange, decision.address);
    else {
      Object.assign(request.headers, { connection, upgrade });
      this.forwarder.sendUpgrade(exchange, decision.address, upgraded.socket, upgraded.head);
    }
  }

  /** WebSockets are passed on. Any other protocol that a client offers to change to is not taken up: it gets its answer by HTTP/1.1. */
  private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once("finish", () => socket.end());
    const isWebSocket = request.method === "GET" && request.headers.upgrade?.toLowerCase() === "websocket";
    this.handle(request, response, isWebSocket ? { socket, head } : undefined);
  }

  private refuseBroken(error: Error & { readonly code?: string; readonly reason?: string }, socket: Socket): void {
    const ambiguous = error.reason?.includes("Content-Length") === true;
    const status = (ambiguous ? undefined : BROKEN[error.code ?? ""]) ?? 400;
    const exchange = this.open.get(socket);
    if (exchange !== undefined) {
      exchange.failed(status); // the rest of its body is broken
      return;
    }
    if (this.refused.has(socket)) return;
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const { headers, body } = errorPage(status);
    const lines = Object.entries({ ...headers, "content-length": String(body.length), connection: "close" });
    const head = [
      `HTTP/1.1 ${String(status)} ${phraseOf(status)}`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
    ];
    socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
    const { length: bytes } = body;
    this.record({ targetGroup: undefined, instance: undefined, status, byBalancer: true, seconds: 0, bytes });
  }

  private record(record: Omit<RequestRecord, "balancer">): void {
    this.options.onRequest({ balancer: this.options.balancer.arn, ...record });
  }

  /** Nothing came or went for the idle timeout. */
  private idle(socket: Socket): void {
    const exchange = this.open.get(socket);
    if (exchange === undefined) socket.destroy();
    else if (!exchange.request.complete) exchange.failed(408);
    else if (exchange.response.writableLength > 0) socket.destroy();
    // Else the target is silent, which has its own timeout: 504.
  }
}

/** What Node finds wrong with a request. */
const BROKEN: Readonly<Record<string, number>> = {
  HPE_INVALID_TRANSFER_ENCODING: 501,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
