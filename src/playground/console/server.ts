/** The console page and what feeds it, on loopback only. */
import { readFile, readdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Action, Snapshot } from "../snapshot";
import { readAction } from "./action";

const PAGE = join(__dirname, "page");
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
const TICK_MILLISECONDS = 1000;
const MOST_BYTES = 1_000_000;

/** Names that lead to this machine whatever a DNS server says: a page of another site cannot have them (DNS rebinding). */
const LOOPBACK = /^(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

interface Parts {
  readonly snapshot: () => Snapshot;
  /** @returns what happened, in one line; throws with one line if it cannot be done */
  readonly act: (action: Action) => Promise<string>;
  /** Answers what the emulated AWS leaves to the playground; without it `/aws` does not exist. */
  readonly aws?: (request: unknown) => Promise<unknown>;
  /** Answers `GET /identity`, by which a command finds this process again. */
  readonly identity?: object;
  /** A free one by default. */
  readonly port?: number;
}

export interface Console {
  /** Such as "http://127.0.0.1:40123". */
  readonly address: string;
  /** Ends every connection, those of listeners included. */
  readonly close: () => Promise<void>;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** @throws Error of the socket, such as EADDRINUSE for a port that is in use */
export async function startConsole(parts: Parts): Promise<Console> {
  const files = await readdir(PAGE);
  const feed = eventFeed(parts.snapshot);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    refuseStrangers(request);
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = pathname === "/" ? "index.html" : pathname.slice(1);
    const route = `${request.method ?? ""} ${pathname}`;
    if (route === "GET /events") {
      feed.listen(response);
    } else if (route === "GET /identity" && parts.identity) {
      sendJson(response, 200, parts.identity);
    } else if (route === "GET /snapshot") {
      sendJson(response, 200, parts.snapshot());
    } else if (route === "POST /actions") {
      const action = readAction(await bodyOf(request));
      if (typeof action === "string") throw new Refusal(400, action);
      sendJson(response, 200, { text: await done(parts.act(action)) });
    } else if (route === "POST /aws" && parts.aws) {
      sendJson(response, 200, await parts.aws(parsed(await bodyOf(request))));
    } else if (request.method === "GET" && files.includes(file)) {
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { ...HEADERS, "Content-Type": type }).end(await readFile(join(PAGE, file)));
    } else {
      throw new Refusal(404, `There is no ${route} here.`);
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const status = error instanceof Refusal ? error.status : 500;
      sendJson(response, status, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(parts.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Snapshots as server-sent events: at once, then once a second, and nothing is computed while nobody listens. */
function eventFeed(snapshot: () => Snapshot) {
  const listeners = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | undefined;
  const event = () => `event: snapshot\ndata: ${JSON.stringify(snapshot())}\n\n`;
  const tick = () => {
    const text = event();
    // A listener that has not read the last one, such as a sleeping browser, does not pile up the next.
    for (const listener of listeners) if (listener.writableLength === 0) listener.write(text);
  };
  return {
    listen(response: ServerResponse) {
      const first = event();
      response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream" }).write(`retry: 1000\n\n${first}`);
      listeners.add(response);
      timer ??= setInterval(tick, TICK_MILLISECONDS);
      response.once("close", () => {
        listeners.delete(response);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      });
    },
  };
}

/** A page of another site can send requests here, but it cannot hide whose it is. */
function refuseStrangers({ headers }: IncomingMessage): void {
  const { host = "", origin } = headers;
  if (!LOOPBACK.test(host)) throw new Refusal(403, `The playground answers this machine only, not "${host}".`);
  if (origin !== undefined && origin !== `http://${host}`)
    throw new Refusal(403, `The playground answers its own page only, not one of ${origin}.`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\b/.test(type)) throw new Refusal(415, `The body must be application/json, not "${type}".`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    // It is read to its end all the same: the answer would be lost with the connection.
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  if (bytes > MOST_BYTES) throw new Refusal(413, `The body is longer than ${String(MOST_BYTES)} bytes.`);
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, "The body is not JSON.");
  }
}

/** What cannot be done now, such as killing a server that is gone, is no fault of the playground. */
async function done(acting: Promise<string>): Promise<string> {
  return acting.catch((error: unknown) => {
    throw new Refusal(409, error instanceof Error ? error.message : String(error));
  });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { ...HEADERS, "Content-Type": "application/json" }).end(JSON.stringify(value));
}
