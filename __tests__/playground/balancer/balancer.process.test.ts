/** The load balancer with real sockets: what AWS documents, case by case. */
import { createHash } from "node:crypto";
import type { RequestListener } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { BalancersOptions } from "../../../src/playground/balancer/balancer";
import type { BalancerState, TargetGroupState } from "../../../src/playground/cloud-state";
import { ask, backend, balancer, GROUP, open, played, raw, targetGroup, until, type Backend } from "./backend";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Load balancers before targets i-0, i-1 …; a listener of undefined is a port on which nobody listens. */
async function before(
  targets: readonly (RequestListener | undefined)[],
  deployed: { readonly balancer?: BalancerState; readonly group?: Partial<TargetGroupState> } = {},
  more: Partial<BalancersOptions> = {},
) {
  const addresses: Record<string, string> = {};
  const backends: Backend[] = [];
  for (const [index, listener] of targets.entries()) {
    const started = await backend(listener ?? (() => undefined));
    backends.push(started);
    addresses[`i-${String(index)}`] = started.address;
    if (listener === undefined) started.close();
    else cleanups.push(() => started.close());
  }
  const site = played(addresses, more);
  cleanups.push(() => site.balancers.stop());
  const group = targetGroup(Object.keys(addresses), deployed.group);
  const state = { balancers: [deployed.balancer ?? balancer()], targetGroups: [group] };
  await site.balancers.update(state);
  const address = site.balancers.open[0]?.address ?? "";
  return { ...site, address, backends, group, state };
}

const says =
  (text: string): RequestListener =>
  (_request, response) =>
    response.end(text);
const echo: RequestListener = (request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
  request.once("end", () =>
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body })),
  );
};
const echoed = ({ body }: { body: string }) =>
  JSON.parse(body) as { method: string; url: string; headers: Record<string, string | undefined>; body: string };

test("one target after the other", async () => {
  const { address, requests } = await before([says("0"), says("1"), says("2")]);
  const bodies = [];
  for (let count = 0; count < 6; count++) bodies.push((await ask(address)).body);
  expect([...bodies.slice(0, 3)].sort()).toEqual(["0", "1", "2"]);
  expect(bodies.slice(3)).toEqual(bodies.slice(0, 3));
  await until(() => requests.length === 6);
  expect(requests[0]).toMatchObject({ targetGroup: GROUP, status: 200, byBalancer: false });
});

test("only healthy targets get requests, and if none is healthy all do", async () => {
  let broken = false;
  const ill: RequestListener = (request, response) => {
    response.statusCode = request.url === "/healthz" ? 500 : 200;
    response.end("ill");
  };
  const well: RequestListener = (request, response) => {
    response.statusCode = request.url === "/healthz" && broken ? 404 : 200;
    response.end("well");
  };
  const { address, clock, health, balancers } = await before([ill, well]);
  clock.pass(0);
  await until(() => balancers.targets(GROUP)?.health("i-1").state === "healthy");
  clock.pass(30);
  await until(() => balancers.targets(GROUP)?.health("i-0").state === "unhealthy");
  expect(health.filter(([id]) => id === "i-0").map(([, { state, reason }]) => `${state} ${reason ?? ""}`)).toEqual([
    "initial Elb.RegistrationInProgress",
    "initial Elb.InitialHealthChecking",
    "unhealthy Target.ResponseCodeMismatch",
  ]);
  const bodies = async () => new Set([(await ask(address)).body, (await ask(address)).body]);
  expect(await bodies()).toEqual(new Set(["well"]));
  broken = true;
  clock.pass(60);
  await until(() => balancers.targets(GROUP)?.health("i-1").state === "unhealthy");
  expect(await bodies()).toEqual(new Set(["ill", "well"]));
});

test.each<[string, RequestListener | undefined, string]>([
  ["refuses the connection", undefined, "Target.FailedHealthChecks"],
  ["ends the connection", (request) => request.socket.destroy(), "Target.FailedHealthChecks"],
  ["answers what is no HTTP", (request) => request.socket.end("SSH-2.0\r\n"), "Target.FailedHealthChecks"],
  ["does not answer", () => undefined, "Target.Timeout"],
  ["answers another code", (_request, response) => response.writeHead(302).end(), "Target.ResponseCodeMismatch"],
])("a target that %s is unhealthy", async (_how, listener, reason) => {
  const healthCheck = { ...targetGroup([]).healthCheck, timeoutSeconds: 0.2 };
  const { clock, balancers } = await before([listener], { group: { healthCheck } });
  clock.pass(30);
  await until(() => balancers.targets(GROUP)?.health("i-0").state === "unhealthy");
  expect(balancers.targets(GROUP)?.health("i-0").reason).toBe(reason);
});

test("503 without a target, 502 where none listens, and neither is tried elsewhere", async () => {
  const none = await before([]);
  const { status, headers, body } = await ask(none.address);
  expect([status, headers["server"], headers["content-type"]]).toEqual([503, "awselb/2.0", "text/html"]);
  expect(body).toContain("<h1>503 Service Temporarily Unavailable</h1>");
  expect(none.requests).toMatchObject([{ targetGroup: GROUP, instance: undefined, status: 503, byBalancer: true }]);

  const gone = await before([undefined, says("1")]);
  const statuses = [(await ask(gone.address)).status, (await ask(gone.address)).status];
  expect(statuses.sort()).toEqual([200, 502]);
});

test.each<[string, RequestListener]>([
  ["ends the connection", (request) => request.socket.destroy()],
  ["answers what is no HTTP", (request) => request.socket.end("SSH-2.0\r\n")],
  ["sends headers of more than 32 KB", (_q, response) => response.setHeader("x", "x".repeat(40_000)).end()],
])("502 from a target that %s", async (_how, listener) => {
  const { address, requests } = await before([listener]);
  expect((await ask(address, { method: "POST", body: "once" })).status).toBe(502);
  await until(() => requests.length === 1);
  expect(requests).toMatchObject([{ instance: "i-0", status: 502, byBalancer: true }]);
});

test("headers of 20 KB in an answer are passed on", async () => {
  const { address } = await before([(_request, response) => response.setHeader("x", "x".repeat(20_000)).end()]);
  expect((await ask(address)).headers["x"]).toHaveLength(20_000);
});

test("504 from a target that does not answer within the idle timeout", async () => {
  const { address, requests } = await before([() => undefined], {
    balancer: balancer({ "idle_timeout.timeout_seconds": "1" }),
  });
  expect((await ask(address)).status).toBe(504);
  await until(() => requests.length === 1);
  expect(requests).toMatchObject([{ status: 504, byBalancer: true }]);
});

test("408 to a client that does not send what it has announced", async () => {
  const { address, requests } = await before([echo], { balancer: balancer({ "idle_timeout.timeout_seconds": "1" }) });
  const answer = await raw(address, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  await until(() => requests.length === 1);
  expect(requests).toMatchObject([{ status: 408, byBalancer: true }]);
});

test("460 is counted for a client that closes before it has an answer", async () => {
  let asked = 0;
  const { address, requests } = await before([() => (asked += 1)]);
  const socket = open(address);
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await until(() => asked === 1);
  socket.destroy();
  await until(() => requests.length === 1);
  expect(requests).toMatchObject([{ instance: "i-0", status: 460, byBalancer: true }]);
});

test("a body that breaks off in a chunk is refused, and the target does not take it for whole", async () => {
  const whole: (string | undefined)[] = [];
  const { address, requests } = await before([
    (request) => void request.resume().once("end", () => whole.push(request.url)),
  ]);
  const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect(await raw(address, `${head}4\r\nabcd\r\nno length\r\n`)).toMatch(/^HTTP\/1.1 400 /);
  await until(() => requests.length === 1);
  expect(requests).toMatchObject([{ status: 400, byBalancer: true, instance: "i-0" }]);
  expect(whole).toEqual([]);
});

test("a target that ends in the middle leaves no answer that looks whole", async () => {
  const { address, requests } = await before([
    (_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
    },
  ]);
  await expect(ask(address)).rejects.toThrow();
  await until(() => requests.length === 1);
  expect(requests).toMatchObject([{ status: 200, byBalancer: false }]);
});

test.each([
  ["a line that is none", "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n", 400],
  ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
  ["two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400],
  [
    "a length and chunks",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    400,
  ],
  ["an encoding that is not known", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501],
  [
    "a second encoding",
    "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    501,
  ],
  ["TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405],
  ["a line of 17 KB", `GET /${"a".repeat(17_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 414],
  ["a header of 17 KB", `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ${"a".repeat(17_000)}\r\n\r\n`, 400],
  [
    "headers of 66 KB",
    `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${`X: ${"a".repeat(11_000)}\r\n`.repeat(6)}\r\n`,
    400,
  ],
  [
    "headers of 110 KB",
    `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${`X: ${"a".repeat(11_000)}\r\n`.repeat(10)}\r\n`,
    400,
  ],
  [
    "31 forwarded addresses",
    `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: ${Array(31).fill("192.0.2.1").join(", ")}\r\n\r\n`,
    463,
  ],
])("%s is refused", async (_what, text, status) => {
  const { address, requests } = await before([says("no")]);
  expect(await raw(address, text)).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
  expect(requests).toMatchObject([{ status, byBalancer: true, instance: undefined }]);
});

test("the target learns who asks, how, and of which trace", async () => {
  const { address } = await before([echo]);
  const { headers } = echoed(
    await ask(address, {
      headers: { host: "example.com", "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" },
    }),
  );
  expect(headers).toMatchObject({
    host: "example.com",
    "x-forwarded-for": "203.0.113.9, 127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-port": new URL(address).port,
  });
  expect(headers["x-amzn-trace-id"]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
});

test("what is of the connection remains there", async () => {
  const { address } = await before([
    (request, response) => {
      response.setHeader("connection", "close, x-of-mine").setHeader("x-of-mine", "1").setHeader("x-other", "1");
      response.end(JSON.stringify({ headers: request.headers }));
    },
  ]);
  const sent = {
    connection: "close, x-secret",
    "x-secret": "1",
    te: "trailers",
    "x-kept": "1",
    expect: "100-continue",
  };
  const answer = await ask(address, { headers: sent, method: "POST", body: "" });
  expect(Object.keys(echoed(answer).headers)).toEqual(expect.not.arrayContaining(["x-secret", "te", "expect"]));
  expect(echoed(answer).headers).toMatchObject({ connection: "keep-alive", "x-kept": "1" });
  expect(answer.headers).toMatchObject({ connection: "close", "x-other": "1" });
  expect(answer.headers).not.toHaveProperty("x-of-mine");
});

test.each(["GET", "POST", "PUT", "DELETE", "OPTIONS"])(
  "a chunked body of %s arrives whole, and is no second request",
  async (method) => {
    const { address, requests } = await before([echo]);
    const smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    const size = smuggled.length.toString(16);
    const head = `${method} /a?b=c%20d&e HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await raw(address, `${head}${size}\r\n${smuggled}\r\n0\r\n\r\n`);
    expect(answer).toContain(JSON.stringify(smuggled));
    expect(answer).toContain('"url":"/a?b=c%20d&e"');
    expect((await ask(address)).body).toContain('"url":"/"');
    expect(requests).toHaveLength(2);
  },
);

test("a path is passed on as it is", async () => {
  const { address } = await before([echo]);
  const paths = ["//a//b", "/a/../b", "/a%2fb", "/?", "/a?b?c", "/a;b=c", "/*"];
  for (const path of paths) expect(echoed(await ask(address, { path })).url).toBe(path === "/?" ? "/" : path);
  expect(echoed(await ask(address, { path: "http://example.com/a?b" })).url).toBe("/a?b");
});

test("connections to a target are kept, and so is a client's", async () => {
  const ports = new Set<number | undefined>();
  const { address } = await before([
    (request, response) => {
      ports.add(request.socket.remotePort);
      response.end("ok");
    },
  ]);
  for (let count = 0; count < 5; count++) await ask(address);
  expect(ports.size).toBe(1);
  const two = `GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
  expect((await raw(address, two)).match(/HTTP\/1.1 200/g)).toHaveLength(2);
});

test("a target that is deregistered finishes what it has, and gets no more", async () => {
  const waiting: (() => void)[] = [];
  const slow: RequestListener = (request, response) => {
    if (request.url === "/slow") waiting.push(() => response.end("finished"));
    else response.end("0");
  };
  const { address, balancers } = await before([slow, slow]);
  const answers = [ask(address, { path: "/slow" }), ask(address, { path: "/slow" })];
  await until(() => waiting.length === 2);
  const drained: string[] = [];
  const all = ["i-0", "i-1"].map((id) => balancers.deregister(id).then(() => drained.push(id)));
  expect((await ask(address)).status).toBe(503);
  expect(drained).toEqual([]);
  for (const finish of waiting) finish();
  expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(["finished", "finished"]);
  await Promise.all(all);
  expect(drained.sort()).toEqual(["i-0", "i-1"]);
});

test("a deregistered target's request is cut with 502 when the delay is over", async () => {
  let asked = 0;
  const { address, balancers, clock, health, state } = await before([() => (asked += 1)]);
  const answer = ask(address);
  await until(() => asked === 1);
  let drained = false;
  const done = balancers.deregister("i-0").then(() => (drained = true));
  expect(health.at(-1)).toEqual([
    "i-0",
    expect.objectContaining({ state: "draining", reason: "Target.DeregistrationInProgress" }),
  ]);
  expect((await ask(address)).status).toBe(503);
  clock.pass(59);
  await pause(20);
  expect(drained).toBe(false);
  clock.pass(1);
  expect((await answer).status).toBe(502);
  await done;
  expect(health.at(-1)).toEqual(["i-0", expect.objectContaining({ state: "unused", reason: "Target.NotRegistered" })]);

  // The emulated AWS lists it for a while; registered again after that it begins anew.
  await balancers.update(state);
  expect((await ask(address)).status).toBe(503);
  await balancers.update({ ...state, targetGroups: [targetGroup([])] });
  await balancers.update(state);
  expect(health.at(-1)?.[1].reason).toBe("Elb.RegistrationInProgress");
});

test("a WebSocket is passed through", async () => {
  const { address, backends, requests } = await before([says("no WebSocket")]);
  backends[0]?.server.on("upgrade", (request, socket) => {
    const accept = createHash("sha1").update(
      `${request.headers["sec-websocket-key"] ?? ""}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
    );
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest("base64")}\r\n\r\n`,
    );
    socket.on("data", (data: Buffer) => socket.end(`echo ${data.toString()}`));
  });
  const handshake =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGVzdA==\r\nSec-WebSocket-Version: 13\r\n";
  const socket = open(address);
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
  socket.write(`GET /ws HTTP/1.1\r\nHost: a\r\n${handshake}\r\n`);
  await until(() => answer.includes("\r\n\r\n"));
  expect(answer).toMatch(/^HTTP\/1.1 101 /);
  socket.write("hello");
  await until(() => answer.endsWith("echo hello"));
  await until(() => requests.length === 1);
  expect(requests).toMatchObject([{ status: 101, byBalancer: false, instance: "i-0" }]);
});

test("a WebSocket that the target does not take gets its answer", async () => {
  const { address, requests } = await before([(_request, response) => response.writeHead(404).end("none")]);
  const headers = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGVzdA==\r\n";
  expect(await raw(address, `GET /ws HTTP/1.1\r\nHost: a\r\n${headers}\r\n`)).toMatch(/^HTTP\/1.1 404 [^]*none/);
  expect(requests).toMatchObject([{ status: 404, byBalancer: false }]);
});

test("a change to another protocol is not taken up", async () => {
  const { address } = await before([says("by HTTP/1.1")]);
  const headers = "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n";
  expect(await raw(address, `GET / HTTP/1.1\r\nHost: a\r\n${headers}\r\n`)).toMatch(/^HTTP\/1.1 200 [^]*by HTTP\/1.1/);
});
