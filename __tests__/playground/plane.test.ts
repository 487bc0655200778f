import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { awsRequestOf } from "../../src/playground/aws-request";
import { planeOf, type Plane } from "../../src/playground/plane";

let server: Server;
let plane: Plane;
let asked: { readonly path: string; readonly body: unknown }[];
let answer: { readonly status: number; readonly body: unknown };

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ path: request.url ?? "", body: body === "" ? undefined : JSON.parse(body) });
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  plane = planeOf(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
});
beforeEach(() => {
  asked = [];
  answer = { status: 200, body: {} };
});
afterAll(() => {
  server.close().closeAllConnections();
});

test.each<[what: string, call: () => Promise<void>, path: string, body: object]>([
  ["attach", () => plane.attach("http://127.0.0.1:1"), "attach", { address: "http://127.0.0.1:1" }],
  ["attach with a name", () => plane.attach("a", "127.0.0.1"), "attach", { address: "a", balancerHost: "127.0.0.1" }],
  ["detach", () => plane.detach(), "attach", { address: null }],
  ["clock", () => plane.clock(new Date(0), 10), "clock", { date: "1970-01-01T00:00:00.000Z", speed: 10 }],
  [
    "member",
    () => plane.member("web", "i-1", "InService", "Healthy"),
    "member",
    { group: "web", instance: "i-1", lifecycle: "InService", health: "Healthy" },
  ],
  ["remove", () => plane.remove("web", "i-1"), "remove", { group: "web", instance: "i-1" }],
  [
    "health",
    () => plane.health("arn", { "i-1": { state: "healthy" } }),
    "health",
    { targetGroup: "arn", targets: { "i-1": { state: "healthy" } } },
  ],
  ["desired", () => plane.desired("web", 2), "desired", { group: "web", desired: 2 }],
  [
    "desired with a schedule's bounds",
    () => plane.desired("web", 2, { minSize: 1, maxSize: 3 }),
    "desired",
    { group: "web", desired: 2, minSize: 1, maxSize: 3 },
  ],
  [
    "refresh",
    () => plane.refresh("web", "r", { status: "InProgress", percent: 50 }),
    "refresh",
    { group: "web", refresh: "r", status: "InProgress", percent: 50 },
  ],
])("%s", async (_, call, path, body) => {
  await call();
  expect(asked).toEqual([{ path: `/plane/${path}`, body }]);
});

test("the emulator's date is asked without setting it", async () => {
  answer = { status: 200, body: { date: "2026-01-05T00:00:00.000+00:00" } };
  expect((await plane.date()).toISOString()).toBe("2026-01-05T00:00:00.000Z");
  expect(asked).toEqual([{ path: "/plane/clock", body: {} }]);
});

test("launch answers the instance, and changes the version", async () => {
  const launched = { id: "i-1", privateIp: "10.0.0.4", zone: "ap-south-1a", imageId: "ami-1", tags: { Name: "web" } };
  answer = { status: 200, body: launched };
  expect(await plane.launch("web", "subnet-1")).toEqual(launched);
  answer = { status: 200, body: { version: 8 } };
  expect(await plane.changes(7)).toBe(8);
  expect(asked.at(-1)?.path).toBe("/plane/changes?since=7");
});

test("what the emulator refuses is an error with its sentence, and half an answer is one too", async () => {
  answer = { status: 400, body: { error: "LookupError: i-1 is no member of web" } };
  await expect(plane.remove("web", "i-1")).rejects.toThrow("i-1 is no member of web");
  answer = { status: 200, body: { id: "i-1" } };
  await expect(plane.launch("web", "subnet-1")).rejects.toThrow("privateIp");
});

test("a request of the emulator is one of those that are known", () => {
  const terminate = { action: "terminateInstance", group: "web", instance: "i-1", decrement: true };
  expect(awsRequestOf(terminate)).toEqual(terminate);
  expect(() => awsRequestOf({ action: "somethingElse", group: "web" })).toThrow();
  expect(() =>
    awsRequestOf({ action: "setDesiredCapacity", group: "web", desired: -1, honorCooldown: false }),
  ).toThrow();
});
