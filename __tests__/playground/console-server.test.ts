/** What the console's server answers, and whom. */
import { request as httpRequest } from "node:http";
import { startConsole, type Console } from "../../src/playground/console/server";
import type { Action } from "../../src/playground/snapshot";
import { storyAt } from "./story";

const acted: Action[] = [];
let snapshots = 0;
let started: Console;
let port: string;

beforeAll(async () => {
  started = await startConsole({
    snapshot: () => storyAt(++snapshots),
    act: async (action) => {
      acted.push(action);
      if (action.action === "kill") throw new Error(`There is no server ${action.server}.`);
      return Promise.resolve("done");
    },
    aws: (asked) => Promise.resolve({ asked }),
  });
  port = new URL(started.address).port;
});
afterAll(() => started.close());
beforeEach(() => acted.splice(0));

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
}

/** `fetch` lets nobody choose a Host. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    })
      .on("error", reject)
      .end(body);
  });
}

const JSON_TYPE = { "Content-Type": "application/json" };
const TRAFFIC = JSON.stringify({ action: "traffic", perSecond: 30 });
const act = (headers: Record<string, string>, body = TRAFFIC) =>
  ask("POST", "/actions", { ...JSON_TYPE, ...headers }, body);

test.each([
  ["/", "text/html"],
  ["/console.css", "text/css"],
  ["/console.js", "text/javascript"],
  ["/icon.svg", "image/svg+xml"],
])("%s is served as %s, and nothing inline or foreign may run in it", async (path, type) => {
  const { status, headers } = await ask("GET", path);
  expect(status).toBe(200);
  expect(headers["content-type"]).toMatch(type);
  expect(headers["content-security-policy"]).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*/);
});

test.each(["/server.ts", "/../server.ts", "/%2e%2e/server.ts", "/page/console.js", "/..%2fserver.ts", "/constructor"])(
  "%s is not served",
  async (path) => expect((await ask("GET", path)).status).toBe(404),
);

test("the snapshot is answered once for scripts", async () => {
  const { status, text } = await ask("GET", "/snapshot");
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ environment: "production" });
});

test.each([
  "evil.example",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "evil.example:80",
  "192.168.1.2",
  "0.0.0.0",
])("Host %s is refused: its name may lead here today and elsewhere tomorrow", async (host) => {
  for (const path of ["/", "/events", "/snapshot"]) expect((await ask("GET", path, { Host: host })).status).toBe(403);
  const { status, text } = await act({ Host: host });
  expect([status, text]).toEqual([403, expect.stringContaining(host)]);
  expect(acted).toEqual([]);
});

test.each(["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "console.localhost:8080"])(
  "Host %s is this machine, whatever port was forwarded",
  async (host) => expect((await act({ Host: host, Origin: `http://${host}` })).status).toBe(200),
);

test.each(["http://evil.example", "null", "http://localhost:3000", "https://127.0.0.1:8080", "http://127.0.0.1"])(
  "Origin %s is another page and refused",
  async (origin) => {
    const headers = { Host: "127.0.0.1:8080", Origin: origin };
    expect((await act(headers)).status).toBe(403);
    expect((await ask("GET", "/snapshot", headers)).status).toBe(403);
    expect((await ask("POST", "/aws", { ...headers, ...JSON_TYPE }, "{}")).status).toBe(403);
    expect(acted).toEqual([]);
  },
);

test("an action is done, and what happened is answered", async () => {
  const { status, text } = await act({ Origin: started.address, Host: `127.0.0.1:${port}` });
  expect([status, text]).toEqual([200, '{"text":"done"}']);
  expect(acted).toEqual([{ action: "traffic", perSecond: 30 }]);
});

test.each([
  ["{", "The body is not JSON."],
  ["null", "There is no action null; there are "],
  ['"kill"', "There is no action null; there are "],
  ['{"action":"dance"}', 'There is no action "dance"; there are '],
  ['{"action":"kill"}', "The action kill cannot be read: server: Invalid input: expected string, received undefined."],
  [
    '{"action":"traffic","perSecond":-1}',
    "The action traffic cannot be read: perSecond: Too small: expected number to be >=0.",
  ],
  ['{"action":"speed","speed":0}', "The action speed cannot be read: speed: Too small: expected number to be >0."],
  ['{"action":"loseNat","lost":true,"zone":"a"}', 'The action loseNat cannot be read: Unrecognized key: "zone".'],
])("%s is answered with 400 and a line", async (body, error) => {
  const { status, text } = await act({}, body);
  expect([status, JSON.parse(text)]).toEqual([400, { error: expect.stringContaining(error) as string }]);
  expect(acted).toEqual([]);
});

test("what cannot be done now is answered with 409 and the reason", async () => {
  const { status, text } = await act({}, '{"action":"kill","server":"i-1"}');
  expect([status, JSON.parse(text)]).toEqual([409, { error: "There is no server i-1." }]);
});

test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
  "a body of type %s, which a form of another site could send, is refused",
  async (type) => expect((await act({ "Content-Type": type })).status).toBe(415),
);

test("a body without end is refused", async () => {
  expect((await act({}, `"${"x".repeat(2_000_000)}"`)).status).toBe(413);
});

test("what the emulated AWS asks is the playground's to answer", async () => {
  const { status, text } = await ask("POST", "/aws", JSON_TYPE, '{"action":"group","group":"web-app_asg"}');
  expect([status, JSON.parse(text)]).toEqual([200, { asked: { action: "group", group: "web-app_asg" } }]);
  expect((await ask("POST", "/aws", JSON_TYPE, "{")).status).toBe(400);
});

test("a port in use is an error of the caller's", async () => {
  const other = startConsole({ snapshot: () => storyAt(0), act: () => Promise.resolve(""), port: Number(port) });
  await expect(other).rejects.toMatchObject({ code: "EADDRINUSE" });
});

describe("events", () => {
  async function listen(): Promise<{ next: () => Promise<string>; end: () => Promise<void> }> {
    const response = await fetch(`${started.address}/events`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    return {
      next: async () => new TextDecoder().decode((await reader.read()).value),
      end: () => reader.cancel(),
    };
  }

  test("come at once and then again; nothing is computed before anybody listens, or after the last has left", async () => {
    const begun = jest.spyOn(global, "setInterval");
    const ended = jest.spyOn(global, "clearInterval");
    const before = snapshots;
    const first = await listen();
    const second = await listen();
    expect(snapshots).toBe(before + 2);
    expect(begun).toHaveBeenCalledTimes(1); // one clock for both

    expect(await first.next()).toMatch(/^retry: 1000\n\nevent: snapshot\ndata: \{.*\}\n\n$/);
    expect(await first.next()).toMatch(/^event: snapshot\ndata: \{.*\}\n\n$/);

    await first.end();
    await second.next();
    await second.next();
    expect(ended).not.toHaveBeenCalled();
    const cleared = new Promise<void>((resolve) => {
      ended.mockImplementationOnce((timer) => {
        clearTimeout(timer);
        resolve();
      });
    });
    await second.end();
    await cleared;
    expect(begun).toHaveBeenCalledTimes(1);
    jest.restoreAllMocks();
  });

  test("end when the console is closed", async () => {
    const other = await startConsole({ snapshot: () => storyAt(0), act: () => Promise.resolve("") });
    const response = await fetch(`${other.address}/events`);
    const rest = response.text();
    await other.close();
    await expect(rest).rejects.toThrow("terminated");
  });
});
