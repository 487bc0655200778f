/**
 * Reads the access log of an Application Load Balancer, a line a request. Fields may be added at the end of a line.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-entry-syntax
 */
import type { Answers } from "./observed";

const ENTRY = new RegExp(
  [
    String.raw`^(?<type>[a-z]\w*)`,
    String.raw`(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)`,
    String.raw`\S+`, // the load balancer
    String.raw`\S+:\d+`, // the client
    String.raw`(?<target>-|\S+:\d+)`,
    String.raw`-?[\d.]+`, // until it was sent to the target
    String.raw`(?<seconds>-1|\d+(?:\.\d+)?)`, // until the target answered; -1 if it has not
    String.raw`-?[\d.]+`, // until the client had the answer
    String.raw`(?:\d{3}|-)`, // the load balancer's status code
    String.raw`(?<status>\d{3}|-)`, // the target's
    String.raw`\d+`,
    String.raw`\d+`,
    String.raw`"`, // the request itself
  ].join(" "),
);

/** Other types of entries, AWS asks to ignore; those of WebSockets are whole connections. */
const REQUESTS = ["http", "https", "h2", "grpcs"];

/** The most lines that are reported; all others of a file are then wrong as well. */
const MOST_PROBLEMS = 20;

/** Adds the lines of one log after the other; their order does not matter. */
export class AccessLog {
  private readonly minutes = new Map<number, { requests: number; servers: Set<string> }>();
  private readonly firstOf = new Map<string, number>();
  private first = Infinity;
  private last = -Infinity;
  private sum = 0;
  private count = 0;

  /** @returns `line 3: …` for each line that is not understood */
  add(text: string): string[] {
    const problems: string[] = [];
    let number = 0;
    for (const line of text.split("\n")) {
      number++;
      if (line.trim() === "" || this.take(line)) continue;
      problems.push(
        `line ${String(number)} is not an entry of an Application Load Balancer's access log: ${line.slice(0, 60)}`,
      );
      if (problems.length === MOST_PROBLEMS) break;
    }
    return problems;
  }

  private take(line: string): boolean {
    const { type = "", time = "", target = "", seconds = "", status } = ENTRY.exec(line)?.groups ?? {};
    const at = Date.parse(time) / 1000;
    if (Number.isNaN(at)) return false;
    this.first = Math.min(this.first, at);
    this.last = Math.max(this.last, at);
    // What no server has answered costs none of them CPU.
    if (target === "-" || status === "-" || !REQUESTS.includes(type)) return true;
    const begin = 60 * Math.floor(at / 60);
    const minute = this.minutes.get(begin) ?? { requests: 0, servers: new Set() };
    minute.requests++;
    minute.servers.add(target);
    this.minutes.set(begin, minute);
    this.firstOf.set(target, Math.min(at, this.firstOf.get(target) ?? Infinity));
    this.sum += Math.max(0, Number(seconds));
    this.count++;
    return true;
  }

  /** Undefined without an answer. */
  get answers(): Answers | undefined {
    const { minutes, firstOf, first, last, sum, count } = this;
    return count === 0 ? undefined : { minutes, firstOf, first, last, meanSeconds: sum / count };
  }
}
