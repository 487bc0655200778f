import { errorPage, fixedResponse, redirect } from "../../../src/playground/balancer/answers";
import type { RuleAction } from "../../../src/playground/cloud-state";

type Redirect = RuleAction & { readonly type: "redirect" };
const AS_IT_CAME: Redirect = {
  type: "redirect",
  statusCode: 301,
  protocol: "#{protocol}",
  host: "#{host}",
  port: "#{port}",
  path: "/#{path}",
  query: "#{query}",
};
const entry = { protocol: "http", port: 8080, host: "localhost:8080", url: "/a/b?c=d" } as const;
const realPort = (port: number) => (port === 443 ? 8443 : port);
const locationOf = (more: Partial<Redirect>) =>
  redirect({ ...AS_IT_CAME, ...more }, entry, realPort).headers["location"];

test.each<[Partial<Redirect>, string]>([
  [{ path: "/new/#{path}" }, "http://localhost:8080/new/a/b?c=d"],
  [{ host: "www.#{host}", query: "" }, "http://www.localhost:8080/a/b"],
  [{ query: "x=1&#{query}" }, "http://localhost:8080/a/b?x=1&c=d"],
  [{ protocol: "HTTPS", port: "443" }, "https://localhost:8443/a/b?c=d"],
  [{ protocol: "HTTPS", port: "443", host: "example.com" }, "https://example.com:443/a/b?c=d"],
  [{ path: "/#{unknown}", query: "" }, "http://localhost:8080/#{unknown}"],
])("a redirect with %j leads to %s", (more, location) => {
  expect(locationOf(more)).toBe(location);
});

test("a redirect has its status", () => {
  expect(redirect({ ...AS_IT_CAME, statusCode: 302 }, entry, realPort).status).toBe(302);
});

test("a fixed response is as it is deployed", () => {
  expect(
    fixedResponse({ type: "fixed-response", statusCode: 503, contentType: "text/html", body: "<p>later" }),
  ).toMatchObject({
    status: 503,
    headers: { "content-type": "text/html" },
    body: "<p>later",
  });
  expect(fixedResponse({ type: "fixed-response", statusCode: 204 })).toMatchObject({ body: "" });
});

test.each([
  [460, "Client Closed Request"],
  [502, "Bad Gateway"],
  [503, "Service Temporarily Unavailable"],
  [504, "Gateway Time-out"],
])("the page of %d says %s", (status, words) => {
  expect(errorPage(status).body).toContain(`<h1>${String(status)} ${words}</h1>`);
});
