/** Hides secrets in a review: values that the provider marks, values with a suspicious name, and the same values elsewhere. */
import { visible } from "../machine/visible";
import type { Plan } from "../terraform/plan";
import type { Values } from "../terraform/values";

export const HIDDEN = "(sensitive)";

/** Shorter values occur in unrelated text. */
const LEAST_LENGTH = 6;
/** A `creation_token` is no secret: it makes a request to AWS idempotent. */
const SECRET_NAME =
  /(?:password|passwd)$|(^|(?<!creation|client|request)[_.-])(secret|secret_string|secret_key|token|private_key|api_key|access_key|user_data(_base64)?|credentials)$/i;
const CAMEL_SECRET_NAME = /[a-z](Secret|SecretKey|Token|PrivateKey|ApiKey|AccessKey|Credentials)$/;
/**
 * AWS access keys, private keys, passwords in addresses, and values assigned to a suspicious name in a script or JSON. The place
 * where a secret is kept (an ARN, a name, a file) and its lifetime are no secrets.
 */
const LITERAL_SECRET = new RegExp(
  [
    String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
    "-----BEGIN [A-Z ]*PRIVATE KEY-----",
    String.raw`\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/"']*:[^\s@/"'$]{3,}@`,
    String.raw`\b(?!\w*(?:_ARN|_NAME|_ID|_FILE|_PATH|_TTL|_SECONDS|_MINUTES|_HOURS|_DAYS|_LENGTH|TOKENS)\b)\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|PRIVATE_KEY)\w*\\?["']?\s*[=:]\s*\\?["']?(?!arn:|\((?:sensitive|none)\)|\(known after)[^\s"'$\\]{6,}`,
  ].join("|"),
  "i",
);

export const isSecretName = (path: string) => SECRET_NAME.test(path) || CAMEL_SECRET_NAME.test(path);

/** Every secret text of a plan. */
export function secretsOf(plan: Plan): string[] {
  const found = new Set<string>();
  for (const { change } of [...plan.changes, ...plan.drift]) {
    gather(change.before, change.before_sensitive, "", found);
    gather(change.after, change.after_sensitive, "", found);
  }
  for (const { values } of plan.planned) gather(values, undefined, "", found);
  for (const [name, change] of plan.outputChanges) {
    gather(change.before, change.before_sensitive, name, found);
    gather(change.after, change.after_sensitive, name, found);
  }
  for (const { name, sensitive, value } of [...plan.outputs, ...plan.variables]) gather(value, sensitive, name, found);
  return [...found];
}

function gather(value: unknown, marks: unknown, name: string, found: Set<string>): void {
  if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      const mark = marks === true || (marks as Record<string, unknown> | null | undefined)?.[key];
      gather(part, mark, Array.isArray(value) ? name : key, found);
    }
  } else if (typeof value === "string" && value.length >= LEAST_LENGTH && (marks === true || isSecretName(name))) {
    found.add(value);
  }
}

/** A copy with every secret in its texts hidden, and each text on one line. */
export function maskAll<T>(thing: T, secrets: readonly string[]): T {
  const hide = hiding(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]));
  const literal = new RegExp(LITERAL_SECRET, "gi");
  const visit = (value: unknown): unknown => {
    if (typeof value === "string") return visible(hide(value.replace(literal, HIDDEN)));
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visit(part)]));
  };
  return visit(thing) as T;
}

/** Hides every occurrence, even where two overlap, in one pass over the text for any number of secrets. */
function hiding(secrets: readonly string[]): (text: string) => string {
  const byBeginning = new Map<string, string[]>();
  for (const secret of new Set(secrets)) {
    const beginning = secret.slice(0, LEAST_LENGTH);
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), secret]);
  }
  return (text) => {
    let [hidden, from, to] = ["", 0, 0]; // the text before `from` is done, and hidden up to `to`
    for (let at = 0; at + LEAST_LENGTH <= text.length; at++) {
      const found = byBeginning.get(text.slice(at, at + LEAST_LENGTH))?.filter((secret) => text.startsWith(secret, at));
      if (found === undefined || found.length === 0) continue;
      if (at >= to) {
        hidden += text.slice(from, at) + HIDDEN;
        to = at;
      }
      from = to = Math.max(to, ...found.map((secret) => at + secret.length));
    }
    return hidden + text.slice(from);
  };
}

/** Whether a resource's attributes contain a secret. */
export const hasSecret = (values: Values): boolean => secretIn(values, "");

function secretIn(value: unknown, name: string): boolean {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).some(([key, part]) => secretIn(part, Array.isArray(value) ? name : key));
  if (typeof value !== "string" || value === "") return false;
  const text = name.startsWith("user_data") ? `${value}\n${Buffer.from(value, "base64").toString()}` : value;
  return LITERAL_SECRET.test(text) || (isSecretName(name) && !name.startsWith("user_data"));
}
