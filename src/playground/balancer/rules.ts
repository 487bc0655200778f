/**
 * Which rule of a listener a request meets.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIPv6 } from "node:net";
import type { RuleAction, RuleCondition, RuleState } from "../cloud-state";

/** What rules ask of a request. */
export interface Asked {
  readonly method: string;
  /** Path and query, as in the request's first line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Address of the client. */
  readonly source: string;
}

/** The action of the first rule in the order of priority all of whose conditions hold; undefined only without a default rule. */
export function actionFor(rules: readonly RuleState[], asked: Asked): RuleAction | undefined {
  const order = ({ priority }: RuleState) => (priority === "default" ? Infinity : priority);
  const inOrder = [...rules].sort((one, other) => (order(one) < order(other) ? -1 : 1));
  return inOrder.find(({ conditions }) => conditions.every((condition) => holds(condition, asked)))?.action;
}

function holds(condition: RuleCondition, { method, url, headers, source }: Asked): boolean {
  const [path = "", query = ""] = splitOnce(url, "?");
  switch (condition.field) {
    case "host-header":
      return condition.values.some((value) => like(value, hostOf(headers.host), "ignoring case"));
    case "path-pattern":
      return condition.values.some((value) => like(value, path, "with case"));
    case "http-request-method":
      return condition.values.includes(method);
    case "source-ip":
      return condition.values.some((value) => isWithin(value, source));
    case "http-header": {
      const sent = headers[condition.name.toLowerCase()];
      const given = Array.isArray(sent) ? sent.join(", ") : sent;
      return given !== undefined && condition.values.some((value) => like(value, given, "ignoring case"));
    }
    case "query-string": {
      const pairs = query.split("&").map((pair) => splitOnce(pair, "=").map(decoded));
      return condition.values.some((wanted) =>
        pairs.some(
          ([key = "", value = ""]) =>
            (wanted.key === undefined || like(wanted.key, key, "ignoring case")) &&
            like(wanted.value, value, "ignoring case"),
        ),
      );
    }
  }
}

/** `*` is any text, `?` one character, and after a backslash they are themselves. */
function like(pattern: string, text: string, letters: "ignoring case" | "with case"): boolean {
  const parts = pattern.match(/\\[*?\\]|[^]/g) ?? [];
  const source = parts.map((part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return (part.length > 1 ? part.slice(1) : part).replace(/[^\w]/, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, letters === "with case" ? "s" : "si").test(text);
}

/** Without its port. */
export const hostOf = (header = "") => header.replace(/:\d+$/, "");

/** At the first one; without any the second part is missing. */
export function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isWithin(block: string, address: string): boolean {
  const [network = "", prefix = ""] = block.split("/");
  const blocks = new BlockList();
  blocks.addSubnet(network, Number(prefix), isIPv6(network) ? "ipv6" : "ipv4");
  return blocks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
