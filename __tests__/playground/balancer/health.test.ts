import { afterCheck, CHECKING, type CheckedTarget, type CheckResult } from "../../../src/playground/balancer/health";
import { targetGroup } from "./backend";

const settings = { ...targetGroup([]).healthCheck, healthyThreshold: 3, unhealthyThreshold: 2 };
const PASS: CheckResult = { status: 200 };
const FAIL: CheckResult = { status: 500 };

function after(results: readonly CheckResult[], matcher = "200"): CheckedTarget {
  const start: CheckedTarget = { health: CHECKING, passed: 0, failed: 0 };
  return results.reduce((target, result) => afterCheck(target, result, { ...settings, matcher }), start);
}

test.each<[string, readonly CheckResult[], string]>([
  ["nothing is known before a check", [], "initial"],
  ["one check that passes is enough at first", [PASS], "healthy"],
  ["one that fails says nothing yet", [FAIL], "initial"],
  ["a new target that fails once may still pass", [FAIL, PASS], "healthy"],
  ["two that fail in a row", [FAIL, FAIL], "unhealthy"],
  ["two that fail, but not in a row", [PASS, FAIL, PASS, FAIL], "healthy"],
  ["an unhealthy one that passes twice", [FAIL, FAIL, PASS, PASS], "unhealthy"],
  ["an unhealthy one that passes three times", [FAIL, FAIL, PASS, PASS, PASS], "healthy"],
  ["three passes with a failure between", [FAIL, FAIL, PASS, PASS, FAIL, PASS], "unhealthy"],
  ["a healthy one that fails once", [PASS, FAIL], "healthy"],
  ["a healthy one that fails twice", [PASS, FAIL, FAIL], "unhealthy"],
])("%s", (_what, results, state) => {
  expect(after(results).health.state).toBe(state);
});

test.each<[CheckResult, string, string]>([
  [{ status: 500 }, "Target.ResponseCodeMismatch", "Health checks failed with these codes: [500]"],
  [{ failure: "timeout" }, "Target.Timeout", "Request timed out"],
  [{ failure: "error" }, "Target.FailedHealthChecks", "Health checks failed"],
])("the reason of %j is AWS's code %s", (result, reason, description) => {
  expect(after([result, result]).health).toEqual({ state: "unhealthy", reason, description });
});

test("the reason is that of the last check", () => {
  expect(after([FAIL, FAIL, { failure: "timeout" }]).health.reason).toBe("Target.Timeout");
});

test.each([
  ["200", 200, true],
  ["200", 204, false],
  ["200,202", 202, true],
  ["200,202", 201, false],
  ["200-299", 299, true],
  ["200-299", 300, false],
  ["200-399", 302, true],
])("the matcher %s and a %d: passes %s", (matcher, status, passes) => {
  expect(after([{ status }], matcher).health.state === "healthy").toBe(passes);
});
