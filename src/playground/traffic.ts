/** Requests that the playground sends to its own application, evenly over time. */
import { Agent, get } from "node:http";

/** Requests that wait for an answer at the same time, at the most: then the site is slower than the traffic, and more are not sent. */
const MOST_WAITING = 500;
const TICK_MS = 50;
const TIMEOUT_MS = 30_000;

export class Traffic {
  /** Requests in a real second. */
  perSecond = 0;
  /** Those without an answer, or with one of 500 and more, have failed. */
  readonly answers = { total: 0, failed: 0 };
  private readonly agent = new Agent({ keepAlive: true, maxSockets: MOST_WAITING });
  private readonly timer: NodeJS.Timeout;
  private due = 0;
  private waiting = 0;
  private last = performance.now();

  /** @param url asked each time; undefined while there is none */
  constructor(private readonly url: () => string | undefined) {
    this.timer = setInterval(() => this.send(), TICK_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.agent.destroy();
  }

  private send(): void {
    const now = performance.now();
    this.due = Math.min(this.due + ((now - this.last) / 1000) * this.perSecond, MOST_WAITING);
    this.last = now;
    const url = this.url();
    for (; this.due >= 1; this.due--) if (url !== undefined && this.waiting < MOST_WAITING) this.ask(url);
  }

  private ask(url: string): void {
    this.waiting++;
    const done = (status: number) => {
      this.waiting--;
      this.answers.total++;
      if (status === 0 || status >= 500) this.answers.failed++;
    };
    const request = get(url, { agent: this.agent, timeout: TIMEOUT_MS }, (response) => {
      response.resume().once("close", () => done(response.complete ? (response.statusCode ?? 0) : 0));
    });
    request.once("timeout", () => request.destroy()).once("error", () => done(0));
  }
}
