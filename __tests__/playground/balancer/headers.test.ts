import { forwarded, refusal, traceId, type Client } from "../../../src/playground/balancer/headers";

const client: Client = { address: "203.0.113.5", port: 4711, protocol: "http", listenerPort: 8080 };
const NOW = new Date("2026-01-02T03:04:05Z");
const sent = (headers: Record<string, string>, attributes: Record<string, string> = {}, from = client) =>
  forwarded({ host: "example.com", ...headers }, from, attributes, NOW);

test.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
  ["is the client's", {}, {}, "203.0.113.5"],
  ["is appended", { "x-forwarded-for": "192.0.2.1" }, {}, "192.0.2.1, 203.0.113.5"],
  [
    "has the port if asked for",
    { "x-forwarded-for": "192.0.2.1" },
    { "routing.http.xff_client_port.enabled": "true" },
    "192.0.2.1, 203.0.113.5:4711",
  ],
  [
    "is preserved",
    { "x-forwarded-for": "192.0.2.1" },
    { "routing.http.xff_header_processing.mode": "preserve" },
    "192.0.2.1",
  ],
  ["is not made by preserving", {}, { "routing.http.xff_header_processing.mode": "preserve" }, undefined],
  [
    "is removed",
    { "x-forwarded-for": "192.0.2.1" },
    { "routing.http.xff_header_processing.mode": "remove" },
    undefined,
  ],
])("X-Forwarded-For %s", (_how, headers, attributes, expected) => {
  expect(sent(headers, attributes)["x-forwarded-for"]).toBe(expected);
});

test("an IPv6 address with a port is in brackets", () => {
  const attributes = { "routing.http.xff_client_port.enabled": "true" };
  expect(sent({}, attributes, { ...client, address: "2001:db8::1" })["x-forwarded-for"]).toBe("[2001:db8::1]:4711");
});

test("a client cannot say how it has come", () => {
  expect(sent({ "x-forwarded-proto": "https", "x-forwarded-port": "443" })).toMatchObject({
    "x-forwarded-proto": "http",
    "x-forwarded-port": "8080",
  });
});

test("names that are none are dropped where that is deployed, as here", () => {
  const headers = { x_underscore: "1", "x-fine": "1" };
  const attributes = { "routing.http.drop_invalid_header_fields.enabled": "true" };
  expect(sent(headers, attributes)).toMatchObject({ "x-fine": "1" });
  expect(sent(headers, attributes)).not.toHaveProperty("x_underscore");
  expect(sent(headers)).toMatchObject(headers);
});

test.each<[string | undefined, RegExp]>([
  [undefined, /^Root=1-695735a5-[0-9a-f]{24}$/],
  ["Root=1-1-2", /^Self=1-695735a5-[0-9a-f]{24};Root=1-1-2$/],
  ["Root=1-1-2;CalledFrom=app", /^Self=1-695735a5-[0-9a-f]{24};Root=1-1-2;CalledFrom=app$/],
  ["Self=1-9-9;Root=1-1-2", /^Self=1-695735a5-[0-9a-f]{24};Root=1-1-2$/],
  ["TotalTimeSoFar=1ms", /^TotalTimeSoFar=1ms;Root=1-695735a5-[0-9a-f]{24}$/],
])("a trace of %j", (header, expected) => {
  expect(traceId(header, NOW)).toMatch(expected);
});

test.each<[string, Parameters<typeof refusal>[0], number | undefined]>([
  ["as long as may be", head({ url: `/${"a".repeat(16_300)}` }), undefined],
  ["a longer line", head({ url: `/${"a".repeat(16_384)}` }), 414],
  ["a long header", head({ rawHeaders: ["x", "a".repeat(16_384)] }), 400],
  [
    "many headers",
    head({
      rawHeaders: Array<string[]>(70)
        .fill(["x", "a".repeat(1000)])
        .flat(),
    }),
    400,
  ],
  ["no host", head({ headers: {} }), 400],
  ["no host, as HTTP/1.0 may", head({ headers: {}, httpVersion: "1.0" }), undefined],
  ["30 addresses", head({ headers: { host: "a", "x-forwarded-for": Array(30).fill("a").join() } }), undefined],
  ["31 addresses", head({ headers: { host: "a", "x-forwarded-for": Array(31).fill("a").join() } }), 463],
  ["TRACE", head({ method: "TRACE" }), 405],
  ["chunks", head({ headers: { host: "a", "transfer-encoding": "Chunked" } }), undefined],
  ["gzip and chunks", head({ headers: { host: "a", "transfer-encoding": "gzip, chunked" } }), 501],
])("%s: %#", (_what, asked, status) => {
  expect(refusal(asked)).toBe(status);
});

function head(more: Partial<Parameters<typeof refusal>[0]>): Parameters<typeof refusal>[0] {
  return { method: "GET", url: "/", httpVersion: "1.1", headers: { host: "a" }, rawHeaders: [], ...more };
}
