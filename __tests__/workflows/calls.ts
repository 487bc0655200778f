/** What was asked of the emulated AWS, as the rights that AWS would have asked for. */
import { existsSync, readFileSync } from "node:fs";

/** As moto's recorder writes it down, one a line. */
interface Recorded {
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
  readonly url: string;
  /** In base64. */
  readonly body: string;
}

/** Set before an emulator starts, these make it write down every call. */
export const recordingInto = (file: string) => ({ MOTO_ENABLE_RECORDING: "1", MOTO_RECORDER_FILEPATH: file });

/** Every right once, such as `ec2:CreateVpc`, in the order of the alphabet. @param from line where to begin */
export function rightsIn(file: string, from: number): string[] {
  return [...new Set(lines(file).slice(from).flatMap(rightOf))].sort();
}

export const lines = (file: string) => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);

/** By the name that requests are signed for, where IAM has another. */
const SERVICES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

function rightOf(line: string): string[] {
  const { headers, method, url, body } = JSON.parse(line) as Recorded;
  const [, signedFor = ""] = /Credential=[^/]+\/\d+\/[\w-]+\/([\w-]+)\//.exec(headers["Authorization"] ?? "") ?? [];
  if (signedFor === "") return []; // not a call to AWS
  if (signedFor === "s3") return [s3Right(method, new URL(url).pathname)];
  const target = headers["X-Amz-Target"]?.split(".").at(-1) ?? /\/operation\/(\w+)$/.exec(url)?.[1];
  const action = target ?? new URLSearchParams(Buffer.from(body, "base64").toString()).get("Action");
  if (action === null) throw new Error(`which action is ${method} ${url}?`);
  return [`${SERVICES[signedFor] ?? signedFor}:${action}`];
}

/** Of objects; of a bucket nothing but a list is asked. */
function s3Right(method: string, path: string): string {
  if (/^\/[^/]+\/?$/.test(path))
    return method === "GET" || method === "HEAD" ? "s3:ListBucket" : `s3:${method} of a bucket`;
  return (
    { GET: "s3:GetObject", HEAD: "s3:GetObject", PUT: "s3:PutObject", DELETE: "s3:DeleteObject" }[method] ??
    `s3:${method}`
  );
}

/** Whether one of a policy's actions, which may end with a star, is a right. */
export function allows(actions: readonly string[], right: string): boolean {
  return actions.some((action) => (action.endsWith("*") ? right.startsWith(action.slice(0, -1)) : action === right));
}
