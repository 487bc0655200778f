import { actionFor, type Asked } from "../../../src/playground/balancer/rules";
import type { RuleAction, RuleCondition, RuleState } from "../../../src/playground/cloud-state";

const answer = (body: string): RuleAction => ({ type: "fixed-response", statusCode: 200, body });
const rule = (priority: RuleState["priority"], body: string, ...conditions: RuleCondition[]): RuleState => ({
  arn: body,
  priority,
  conditions,
  action: answer(body),
});
const asked = (more: Partial<Asked> = {}): Asked => ({
  method: "GET",
  url: "/",
  headers: { host: "example.com" },
  source: "203.0.113.5",
  ...more,
});
const met = (condition: RuleCondition, more: Partial<Asked>) =>
  actionFor([rule(1, "met", condition), rule("default", "default")], asked(more)) === undefined
    ? undefined
    : (actionFor([rule(1, "met", condition), rule("default", "default")], asked(more)) as { body: string }).body ===
      "met";

test.each<[RuleCondition, Partial<Asked>, boolean]>([
  [{ field: "path-pattern", values: ["/api/*"] }, { url: "/api/a/b?c" }, true],
  [{ field: "path-pattern", values: ["/api/*"] }, { url: "/api" }, false],
  [{ field: "path-pattern", values: ["/a?c", "/x"] }, { url: "/abc" }, true],
  [{ field: "path-pattern", values: ["/A"] }, { url: "/a" }, false],
  [{ field: "path-pattern", values: ["/a.c"] }, { url: "/abc" }, false],
  [{ field: "path-pattern", values: ["/a"] }, { url: "/?/a" }, false],
  [{ field: "path-pattern", values: ["/a\\*"] }, { url: "/ab" }, false],
  [{ field: "path-pattern", values: ["/a\\*"] }, { url: "/a*" }, true],
  [{ field: "host-header", values: ["*.example.com"] }, { headers: { host: "API.example.com:8080" } }, true],
  [{ field: "host-header", values: ["*.example.com"] }, { headers: { host: "example.com" } }, false],
  [{ field: "host-header", values: ["example.com"] }, { headers: {} }, false],
  [
    { field: "http-header", name: "User-Agent", values: ["*Chrome*"] },
    { headers: { "user-agent": "a chrome b" } },
    true,
  ],
  [{ field: "http-header", name: "User-Agent", values: ["*"] }, { headers: {} }, false],
  [{ field: "http-request-method", values: ["PUT", "POST"] }, { method: "POST" }, true],
  [{ field: "http-request-method", values: ["P*"] }, { method: "POST" }, false],
  [{ field: "query-string", values: [{ key: "a", value: "b*" }] }, { url: "/?x=1&A=bc" }, true],
  [{ field: "query-string", values: [{ key: "a", value: "b" }] }, { url: "/?b=a" }, false],
  [{ field: "query-string", values: [{ value: "c d" }] }, { url: "/?a=c%20d" }, true],
  [{ field: "query-string", values: [{ value: "x" }] }, { url: "/?a=%zz" }, false],
  [{ field: "source-ip", values: ["203.0.113.0/24"] }, {}, true],
  [{ field: "source-ip", values: ["203.0.114.0/24", "2001:db8::/32"] }, {}, false],
  [{ field: "source-ip", values: ["203.0.114.0/24", "2001:db8::/32"] }, { source: "2001:db8::1" }, true],
])("%j with %j: %s", (condition, more, holds) => {
  expect(met(condition, more)).toBe(holds);
});

test("the lowest number is asked first and the default last, in whatever order they are listed", () => {
  const any: RuleCondition = { field: "path-pattern", values: ["*"] };
  const rules = [rule("default", "default"), rule(20, "20", any), rule(3, "3", any), rule(100, "100", any)];
  expect(actionFor(rules, asked())).toEqual(answer("3"));
  expect(actionFor([...rules].reverse(), asked())).toEqual(answer("3"));
});

test("all conditions of a rule must hold", () => {
  const path: RuleCondition = { field: "path-pattern", values: ["/a"] };
  const post: RuleCondition = { field: "http-request-method", values: ["POST"] };
  const rules = [rule(1, "both", path, post), rule("default", "default")];
  expect(actionFor(rules, asked({ url: "/a" }))).toEqual(answer("default"));
  expect(actionFor(rules, asked({ url: "/a", method: "POST" }))).toEqual(answer("both"));
});

test("a listener whose default rule is not understood has no action", () => {
  expect(actionFor([], asked())).toBeUndefined();
});
