/** What is deployed of load balancers and is not played here, a sentence each: the reader must not take it for working. */
import type { Attributes, BalancerState, TargetGroupState } from "../cloud-state";

/** Attributes by key: what makes one matter, and what happens instead. */
type Unplayed = Readonly<Record<string, readonly [matters: (value: string) => boolean, instead: string]>>;

const isOn = (value: string) => value === "true";
const isOver = (least: number) => (value: string) => Number(value) > least;

const OF_GROUPS: Unplayed = {
  "slow_start.duration_seconds": [isOver(0), "a new target gets its whole share at once"],
  "stickiness.type": [(value) => value === "app_cookie", "no client is kept with a target"],
  "load_balancing.algorithm.anomaly_mitigation": [
    (value) => value === "on",
    "a target that fails gets its whole share",
  ],
  "target_group_health.dns_failover.minimum_healthy_targets.count": [isOver(1), "there is one address"],
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": [
    isOver(1),
    "unhealthy targets get requests only if none is healthy",
  ],
};
const OF_BALANCERS: Unplayed = {
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": [isOn, "there is no TLS"],
  "waf.fail_open.enabled": [isOn, "there is no WAF"],
  "access_logs.s3.enabled": [isOn, "no access log is written"],
  "connection_logs.s3.enabled": [isOn, "no connection log is written"],
};

export function notPlayed(deployed: {
  readonly balancers: readonly BalancerState[];
  readonly targetGroups: readonly TargetGroupState[];
}): string[] {
  const ofAttributes = (what: string, attributes: Attributes, unplayed: Unplayed) =>
    Object.entries(unplayed).flatMap(([key, [matters, instead]]) => {
      const value = attributes[key];
      return value !== undefined && matters(value) ? [`${what}: ${key} = ${value} is not played: ${instead}`] : [];
    });
  return [
    ...deployed.balancers.flatMap(({ name, attributes, listeners }) => [
      ...listeners
        .filter(({ protocol }) => protocol !== "HTTP")
        .map(
          ({ port, protocol }) =>
            `the listener ${name}:${String(port)} is not played: ${protocol} needs a certificate that this machine does not have`,
        ),
      ...ofAttributes(`the load balancer ${name}`, attributes, OF_BALANCERS),
    ]),
    ...deployed.targetGroups.flatMap(({ name, protocol, attributes, healthCheck, port }) => {
      const what = `the target group ${name}`;
      const { port: checked } = healthCheck;
      return [
        ...(protocol === "HTTP" ? [] : [`${what}: ${protocol} is not played: its servers are asked by HTTP`]),
        ...(checked === "traffic-port" || checked === port
          ? []
          : [`${what}: checks on port ${String(checked)} are not played: the port of the requests is checked`]),
        ...ofAttributes(
          what,
          attributes,
          attributes["stickiness.enabled"] === "true" ? OF_GROUPS : without("stickiness.type"),
        ),
      ];
    }),
  ];
}

const without = (key: string): Unplayed =>
  Object.fromEntries(Object.entries(OF_GROUPS).filter(([other]) => other !== key));
