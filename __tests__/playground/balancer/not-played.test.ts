import { notPlayed } from "../../../src/playground/balancer/not-played";
import type { TargetGroupState } from "../../../src/playground/cloud-state";
import { balancer, targetGroup } from "./backend";

const AWS_DEFAULTS = {
  "slow_start.duration_seconds": "0",
  "stickiness.enabled": "false",
  "stickiness.type": "app_cookie",
  "load_balancing.algorithm.anomaly_mitigation": "off",
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
};
const noted = (more: Partial<TargetGroupState>) =>
  notPlayed({ balancers: [], targetGroups: [targetGroup([], { attributes: AWS_DEFAULTS, ...more })] });

test("AWS's defaults are all played", () => {
  expect(noted({})).toEqual([]);
  expect(notPlayed({ balancers: [balancer({ "waf.fail_open.enabled": "false" })], targetGroups: [] })).toEqual([]);
});

test.each<[Partial<TargetGroupState>, string]>([
  [{ attributes: { "slow_start.duration_seconds": "60" } }, "slow_start.duration_seconds = 60 is not played"],
  [
    { attributes: { "stickiness.enabled": "true", "stickiness.type": "app_cookie" } },
    "stickiness.type = app_cookie is not played: no client is kept with a target",
  ],
  [{ protocol: "HTTPS" }, "HTTPS is not played"],
  [{ healthCheck: { ...targetGroup([]).healthCheck, port: 9000 } }, "checks on port 9000 are not played"],
])("%j is listed", (more, sentence) => {
  expect(noted(more)).toEqual([expect.stringContaining(`the target group web: ${sentence}`)]);
});

test("a listener that needs a certificate is listed", () => {
  const { listeners, ...rest } = balancer();
  const secure = { ...rest, listeners: listeners.map((each) => ({ ...each, port: 443, protocol: "HTTPS" as const })) };
  expect(notPlayed({ balancers: [secure], targetGroups: [] })).toEqual([
    "the listener web:443 is not played: HTTPS needs a certificate that this machine does not have",
  ]);
});
