/**
 * Cookies that keep a client with a target or a target group.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html
 */
import type { Attributes } from "../cloud-state";

const TARGET = "AWSALB";
const GROUP = "AWSALBTG";

/** AWS encrypts them; here they only have to be no words that anybody relies on. */
const hidden = (text: string) => Buffer.from(text).toString("base64url");

/** The values of a Cookie header, by name. */
export function cookiesOf(header: string | undefined): ReadonlyMap<string, string> {
  const pairs = (header ?? "").split(";").map((pair) => pair.trim().split("="));
  return new Map(pairs.map(([name = "", ...value]) => [name, value.join("=")]));
}

const read = (cookies: ReadonlyMap<string, string>, name: string) => {
  const value = cookies.get(name) ?? cookies.get(`${name}CORS`);
  return value === undefined ? undefined : Buffer.from(value, "base64url").toString();
};

export const targetOf = (cookies: ReadonlyMap<string, string>) => read(cookies, TARGET);
export const groupOf = (cookies: ReadonlyMap<string, string>) => read(cookies, GROUP);

/** Seconds that a client stays with a target; undefined for no stickiness. The load balancer's own cookie is the only kind that is played. */
export function stickySeconds(attributes: Attributes): number | undefined {
  const { "stickiness.enabled": enabled, "stickiness.type": type = "lb_cookie" } = attributes;
  if (enabled !== "true" || type !== "lb_cookie") return undefined;
  return Number(attributes["stickiness.lb_cookie.duration_seconds"] ?? 86_400);
}

/** For Set-Cookie: one for pages of the same site, and one that other sites' pages send as well. */
function pair(name: string, value: string, seconds: number, now: Date): string[] {
  const until = new Date(now.getTime() + seconds * 1000).toUTCString();
  const rest = `=${hidden(value)}; Expires=${until}; Path=/`;
  return [`${name}${rest}`, `${name}CORS${rest}; SameSite=None`];
}

export const targetCookies = (target: string, seconds: number, now = new Date()) => pair(TARGET, target, seconds, now);
export const groupCookies = (arn: string, seconds: number, now = new Date()) => pair(GROUP, arn, seconds, now);
