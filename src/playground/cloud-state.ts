/** What the playground reads of the emulated account: plain data, filled by `cloud.ts`. */

/** An Application Load Balancer with its listeners. */
export interface BalancerState {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: "internet-facing" | "internal";
  /** As DescribeLoadBalancerAttributes lists them: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html */
  readonly attributes: Attributes;
  readonly listeners: readonly ListenerState[];
}

/** Keys are AWS's own, such as `idle_timeout.timeout_seconds`; one that is not there has AWS's default. */
export type Attributes = Readonly<Record<string, string>>;

export interface ListenerState {
  readonly arn: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** In any order; the default rule is one of them. */
  readonly rules: readonly RuleState[];
}

export interface RuleState {
  readonly arn: string;
  /** The lowest number is asked first, the default last. */
  readonly priority: number | "default";
  /** All of them must hold; the default rule has none. */
  readonly conditions: readonly RuleCondition[];
  readonly action: RuleAction;
}

/**
 * Holds if one of the values does. `*` and `?` are wildcards, but for methods and addresses.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export type RuleCondition =
  | { readonly field: "host-header" | "path-pattern" | "http-request-method"; readonly values: readonly string[] }
  | { readonly field: "source-ip"; /** CIDR blocks. */ readonly values: readonly string[] }
  | { readonly field: "http-header"; readonly name: string; readonly values: readonly string[] }
  | {
      readonly field: "query-string";
      /** Without a key: the value of any. */
      readonly values: readonly { readonly key?: string; readonly value: string }[];
    };

/** What a rule does; an action that asks for a login is none of these. */
export type RuleAction =
  | {
      readonly type: "forward";
      readonly targetGroups: readonly { readonly arn: string; readonly weight: number }[];
      /** How long a client stays with a target group; undefined for no stickiness between groups. */
      readonly stickySeconds?: number;
    }
  | {
      readonly type: "redirect";
      readonly statusCode: 301 | 302;
      /** Each may have `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}` in it. */
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
    }
  | {
      readonly type: "fixed-response";
      readonly statusCode: number;
      readonly contentType?: string;
      readonly body?: string;
    };

export interface TargetGroupState {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  readonly healthCheck: HealthCheckState;
  /** As DescribeTargetGroupAttributes lists them: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html */
  readonly attributes: Attributes;
  /** Instances that are registered; one that was deregistered is not here any more, though it still drains. */
  readonly targets: readonly TargetState[];
}

export interface HealthCheckState {
  readonly enabled: boolean;
  readonly path: string;
  readonly port: number | "traffic-port";
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Such as `200`, `200,202` or `200-299`. */
  readonly matcher: string;
}

interface TargetState {
  /** The instance's. */
  readonly id: string;
  readonly port: number;
}
