/** One listener: takes requests, finds their rule, and answers or hands them on. */
import { createServer, ServerResponse, type IncomingMessage, type Server } from "node:http";
import { Socket } from "node:net";
import type { Attributes, ListenerState, RuleAction } from "../cloud-state";
import { errorPage, fixedResponse, phraseOf, redirect, type Answer } from "./answers";
import { Forwarder, type Exchange } from "./forward";
import { forwarded, LIMITS, refusal } from "./headers";
import { actionFor } from "./rules";
import { cookiesOf, groupCookies, groupOf, stickySeconds, targetCookies, targetOf } from "./sticky";
import type { Target, Targets } from "./targets";
import { weighted } from "./weighted";

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

export interface ListenerOptions {
  readonly balancer: { readonly arn: string; readonly attributes: Attributes };
  readonly targetsOf: (arn: string) => Targets | undefined;
  readonly addressOf: (instance: string) => string | undefined;
  /** Where this machine has the listener of a port. */
  readonly realPort: (port: number) => number;
  readonly onRequest: (record: RequestRecord) => void;
  readonly random?: () => number;
}

type Forward = RuleAction & { readonly type: "forward" };

export class Listener {
  readonly server: Server;
  private readonly forwarder: Forwarder;
  private readonly open = new Map<Socket, Exchange | undefined>();
  private readonly refused = new WeakSet<Socket>();
  private readonly choose: ReturnType<typeof weighted>;

  constructor(
    private state: ListenerState,
    private options: ListenerOptions,
  ) {
    this.forwarder = new Forwarder(this.idleMs);
    this.choose = weighted();
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
    this.state = state;
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
    return this.options.realPort(this.state.port);
  }

  private handle(
    request: IncomingMessage,
    response: ServerResponse,
    upgraded?: { socket: Socket; head: Buffer },
  ): void {
    const began = performance.now();
    const record = (status: number, byBalancer: boolean, group?: string, target?: Target, bytes = 0) =>
      this.options.onRequest({
        balancer: this.options.balancer.arn,
        targetGroup: group,
        instance: target?.id,
        status,
        byBalancer,
        seconds: (performance.now() - began) / 1000,
        bytes,
      });
    const say = (answer: Answer, group?: string) => {
      answerWith(response, answer);
      record(answer.status, true, group, undefined, answer.body.length);
    };

    const { method = "GET", headers, rawHeaders, httpVersion } = request;
    // A request to a proxy has the whole address in its first line.
    request.url = (request.url ?? "/").replace(/^https?:\/\/[^/?]*(?=\/)/i, "");
    const refused = refusal({ method, url: request.url, httpVersion, headers, rawHeaders });
    if (refused !== undefined) {
      this.refused.add(request.socket);
      say(errorPage(refused));
      return;
    }
    const source = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const action = actionFor(this.state.rules, { method, url: request.url, headers, source });
    if (action?.type === "fixed-response") say(fixedResponse(action));
    else if (action?.type === "redirect") {
      const entry = { protocol: "http", port: this.port, host: headers.host, url: request.url } as const;
      say(redirect(action, entry, this.options.realPort));
    } else {
      const chosen = action && this.targetFor(action, headers.cookie);
      if (chosen?.target === undefined) {
        say(errorPage(503), chosen?.group);
        return;
      }
      const address = this.options.addressOf(chosen.target.id);
      if (address === undefined) {
        answerWith(response, errorPage(502));
        record(502, true, chosen.group, chosen.target);
      } else this.pass(request, response, { ...chosen, target: chosen.target, address, source, record, upgraded });
    }
  }

  private targetFor(
    action: Forward,
    cookie: string | undefined,
  ): { readonly group: string; readonly target: Target | undefined; readonly cookies: string[] } | undefined {
    const cookies = cookiesOf(cookie);
    const { targetGroups, stickySeconds: groupSeconds } = action;
    const stuck = groupSeconds === undefined ? undefined : groupOf(cookies);
    const known = targetGroups.find(({ arn, weight }) => arn === stuck && weight > 0)?.arn;
    const group = known ?? this.choose(targetGroups);
    const targets = group === undefined ? undefined : this.options.targetsOf(group);
    if (group === undefined || targets === undefined) return undefined;
    const seconds = stickySeconds(targets.attributes);
    const target = targets.next(seconds === undefined ? undefined : targetOf(cookies));
    return {
      group,
      target,
      cookies: [
        ...(groupSeconds === undefined ? [] : groupCookies(group, groupSeconds)),
        ...(seconds === undefined || target === undefined ? [] : targetCookies(target.id, seconds)),
      ],
    };
  }

  private pass(
    request: IncomingMessage,
    response: ServerResponse,
    to: {
      readonly group: string;
      readonly target: Target;
      readonly cookies: readonly string[];
      readonly address: string;
      readonly source: string;
      readonly record: (status: number, byBalancer: boolean, group?: string, target?: Target, bytes?: number) => void;
      readonly upgraded: { readonly socket: Socket; readonly head: Buffer } | undefined;
    },
  ): void {
    const { group, target, cookies, address, source, record, upgraded } = to;
    const { socket, headers } = request;
    const sent = socket.bytesWritten;
    let status: number | undefined;
    let byBalancer = false;
    const exchange: Exchange = {
      request,
      response,
      cookies,
      idleMs: this.idleMs,
      answered: (answered) => (status ??= answered),
      failed: (own) => {
        // Half an answer must not look like a whole one.
        if (response.headersSent || status !== undefined) response.destroy();
        else {
          [status, byBalancer] = [own, true];
          answerWith(response, errorPage(own));
        }
      },
      cut: () => exchange.failed(502),
    };
    let over = false;
    const end = () => {
      if (over) return;
      over = true;
      target.inFlight.delete(exchange);
      target.ended();
      if (this.open.has(socket)) this.open.set(socket, undefined);
      // Nobody was there any more to take the answer.
      record(status ?? 460, byBalancer || status === undefined, group, target, socket.bytesWritten - sent);
    };
    this.open.set(socket, exchange);
    target.inFlight.add(exchange);

    const client = {
      address: source,
      port: socket.remotePort ?? 0,
      protocol: "http",
      listenerPort: this.port,
    } as const;
    const { connection, upgrade } = headers;
    request.headers = forwarded(headers, client, this.options.balancer.attributes);
    if (upgraded !== undefined) {
      Object.assign(request.headers, { connection, upgrade });
      socket.once("close", end);
      this.forwarder.sendUpgrade(exchange, address, upgraded.socket, upgraded.head);
    } else {
      response.once("close", end);
      this.forwarder.send(exchange, address);
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
    this.options.onRequest({
      balancer: this.options.balancer.arn,
      targetGroup: undefined,
      instance: undefined,
      status,
      byBalancer: true,
      seconds: 0,
      bytes: body.length,
    });
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

function answerWith(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  // What is left of the request would be taken for the next one.
  if (!response.req.complete) response.shouldKeepAlive = false;
  response.writeHead(status, phraseOf(status), { ...headers, "content-length": String(Buffer.byteLength(body)) });
  response.end(body);
}
