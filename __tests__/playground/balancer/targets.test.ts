import {
  cookiesOf,
  groupCookies,
  groupOf,
  stickySeconds,
  targetCookies,
  targetOf,
} from "../../../src/playground/balancer/sticky";
import { timeoutOf } from "../../../src/playground/balancer/check";
import type { TargetHealth } from "../../../src/playground/balancer/health";
import { Targets } from "../../../src/playground/balancer/targets";
import { weighted } from "../../../src/playground/balancer/weighted";
import { targetGroup, TestClock } from "./backend";

/** Nobody listens: none of them becomes healthy, so all get requests. */
function targets(ids: readonly string[], attributes: Record<string, string> = {}, inUse = true) {
  const health: [string, TargetHealth][] = [];
  const clock = new TestClock();
  const state = targetGroup(ids, { attributes });
  const group = new Targets(state, {
    timers: clock,
    addressOf: () => undefined,
    onHealth: (_arn, id, found) => void health.push([id, found]),
    random: () => 0.5,
  });
  group.update(state, inUse);
  const list = (now: readonly string[]) => group.update(targetGroup(now, { attributes }), inUse);
  const next = (count: number, stuck?: string) => Array.from({ length: count }, () => group.next(stuck)?.id);
  return { group, clock, health, list, next };
}

test("round robin", () => {
  const { next } = targets(["a", "b", "c"]);
  const turns = next(6);
  expect(new Set(turns.slice(0, 3))).toEqual(new Set(["a", "b", "c"]));
  expect(turns.slice(3)).toEqual(turns.slice(0, 3));
});

test("the fewest requests first, where that is deployed", () => {
  const { group, next } = targets(["a", "b"], { "load_balancing.algorithm.type": "least_outstanding_requests" });
  const [busy] = next(1);
  group.next()?.inFlight.add({ cut: () => undefined });
  const chosen = next(4);
  expect(new Set(chosen).size).toBe(1);
  expect(busy).toBeDefined();
});

test("a client stays with its target as long as that serves", () => {
  const { group, next } = targets(["a", "b"]);
  expect(next(3, "b")).toEqual(["b", "b", "b"]);
  void group.deregister("b");
  expect(next(2, "b")).toEqual(["a", "a"]);
  expect(next(1, "forged")).toEqual(["a"]);
});

test("a group that no listener forwards to is not used", () => {
  const { health } = targets(["a"], {}, false);
  expect(health).toEqual([["a", expect.objectContaining({ state: "unused", reason: "Target.NotInUse" })]]);
});

test("who is not listed any more drains for the delay, and is then not registered", async () => {
  const { group, clock, health, list } = targets(["a", "b"], { "deregistration_delay.timeout_seconds": "60" });
  const request = { cut: jest.fn() };
  const target = [group.next(), group.next()].find((one) => one?.id === "a");
  target?.inFlight.add(request);
  list(["b"]);
  expect(health.at(-1)).toEqual(["a", expect.objectContaining({ reason: "Target.DeregistrationInProgress" })]);
  clock.pass(59);
  expect(request.cut).not.toHaveBeenCalled();
  clock.pass(1);
  expect(request.cut).toHaveBeenCalledTimes(1);
  expect(health.at(-1)).toEqual(["a", expect.objectContaining({ reason: "Target.NotRegistered" })]);
  expect(group.health("b").state).toBe("initial");
  await group.deregister("who is this");
});

test("without a request it is drained at once, and shown as draining nevertheless", async () => {
  const { group, clock } = targets(["a"]);
  await group.deregister("a");
  expect(group.health("a").state).toBe("draining");
  clock.pass(299);
  expect(group.health("a").state).toBe("draining");
  clock.pass(1);
  expect(group.health("a").state).toBe("unused");
});

test("groups share requests as their weights say, evenly mixed", () => {
  const choose = weighted();
  const groups = [
    { arn: "a", weight: 3 },
    { arn: "b", weight: 1 },
    { arn: "none", weight: 0 },
  ];
  expect(Array.from({ length: 8 }, () => choose(groups)).join("")).toBe("aabaaaba");
  expect(choose([{ arn: "none", weight: 0 }])).toBeUndefined();
  expect(choose([])).toBeUndefined();
});

test("cookies name the target and the group again", () => {
  const now = new Date("2026-01-02T03:04:05Z");
  const [first = "", cors = ""] = targetCookies("i-0123", 60, now);
  expect(first).toMatch(/^AWSALB=[\w-]+; Expires=Fri, 02 Jan 2026 03:05:05 GMT; Path=\/$/);
  expect(cors).toMatch(/^AWSALBCORS=.*; SameSite=None$/);
  for (const cookie of [first, cors])
    expect(targetOf(cookiesOf(`other=1; ${cookie.split(";")[0] ?? ""}`))).toBe("i-0123");
  expect(groupOf(cookiesOf(groupCookies("arn:a", 60)[0]))).toBe("arn:a");
  expect(targetOf(cookiesOf(undefined))).toBeUndefined();
});

test.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ "stickiness.enabled": "false", "stickiness.type": "lb_cookie" }, undefined],
  [{ "stickiness.enabled": "true" }, 86_400],
  [{ "stickiness.enabled": "true", "stickiness.lb_cookie.duration_seconds": "60" }, 60],
  [{ "stickiness.enabled": "true", "stickiness.type": "app_cookie" }, undefined],
])("the attributes %j keep a client for %j s", (attributes, seconds) => {
  expect(stickySeconds(attributes)).toBe(seconds);
});

test.each([
  [1, 5],
  [10, 3],
  [60, 1],
])("at speed %d a check waits for %d real seconds", (speed, seconds) => {
  expect(timeoutOf({ ...targetGroup([]).healthCheck, intervalSeconds: 30, timeoutSeconds: 5 }, speed)).toBe(seconds);
});
