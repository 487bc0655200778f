/** The rules of a listener: what they ask for, and what they do. */
import type { Action, Rule, RuleCondition as Condition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Note } from "../cloud";
import type { RuleAction, RuleCondition, RuleState } from "../cloud-state";

/** @returns undefined, with a note, for a rule that is not understood: it is not played */
export function ruleOf(rule: Rule, listener: string, note: Note): RuleState | undefined {
  const { RuleArn = "", Priority, Conditions = [], Actions = [] } = rule;
  const priority = rule.IsDefault || Priority === "default" ? "default" : Number(Priority);
  const conditions = Conditions.map(conditionOf);
  const [action, ...more] = Actions.map(actionOf);
  const wrong = [
    ...conditions.filter((each) => typeof each === "string"),
    ...(typeof action === "string" ? [action] : []),
    ...(action === undefined || more.length > 0 ? [`it has ${String(Actions.length)} actions`] : []),
  ];
  if (wrong.length > 0 || action === undefined || typeof action === "string") {
    note(`the rule ${String(priority)} of ${listener} is not played: ${wrong.join(", ")}`);
    return undefined;
  }
  return {
    arn: RuleArn,
    priority,
    conditions: conditions.flatMap((each) => (typeof each === "string" ? [] : [each])),
    action,
  };
}

/** @returns why it is not understood */
export function conditionOf(condition: Condition): RuleCondition | string {
  const { Field: field, Values = [], HttpHeaderConfig: header } = condition;
  switch (field) {
    case "host-header":
      return { field, values: condition.HostHeaderConfig?.Values ?? Values };
    case "path-pattern":
      return { field, values: condition.PathPatternConfig?.Values ?? Values };
    case "http-request-method":
      return { field, values: condition.HttpRequestMethodConfig?.Values ?? Values };
    case "source-ip":
      return { field, values: condition.SourceIpConfig?.Values ?? Values };
    case "http-header":
      return { field, name: header?.HttpHeaderName ?? "", values: header?.Values ?? Values };
    case "query-string": {
      const pairs = condition.QueryStringConfig?.Values ?? [];
      return { field, values: pairs.map(({ Key, Value = "" }) => ({ ...(Key && { key: Key }), value: Value })) };
    }
    default:
      return `its condition is ${String(field)}`;
  }
}

/** @returns why it is not understood */
export function actionOf(action: Action): RuleAction | string {
  switch (action.Type) {
    case "forward": {
      const { TargetGroups = [], TargetGroupStickinessConfig: sticky } = action.ForwardConfig ?? {};
      const groups = TargetGroups.length > 0 ? TargetGroups : [{ TargetGroupArn: action.TargetGroupArn }];
      return {
        type: "forward",
        targetGroups: groups.map((group) => ({
          arn: group.TargetGroupArn ?? "",
          weight: "Weight" in group ? (group.Weight ?? 1) : 1,
        })),
        ...(sticky?.Enabled && sticky.DurationSeconds !== undefined && { stickySeconds: sticky.DurationSeconds }),
      };
    }
    case "redirect": {
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
      const { StatusCode, Protocol, Host, Port, Path, Query } = action.RedirectConfig ?? {};
      return {
        type: "redirect",
        statusCode: StatusCode === "HTTP_302" ? 302 : 301,
        protocol: Protocol ?? "#{protocol}",
        host: Host ?? "#{host}",
        port: Port ?? "#{port}",
        path: Path ?? "/#{path}",
        query: Query ?? "#{query}",
      };
    }
    case "fixed-response": {
      const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {};
      return {
        type: "fixed-response",
        statusCode: Number(StatusCode ?? 503),
        ...(ContentType !== undefined && { contentType: ContentType }),
        ...(MessageBody !== undefined && { body: MessageBody }),
      };
    }
    default:
      return `its action is ${String(action.Type)}`;
  }
}
