/**
 * Clients that try again: requests that are refused, or answered with an error, come back as load, after a wait that doubles from
 * try to try, as clients with a back-off do.
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
import type { Answers } from "./answers";
import type { Parameters } from "./parameters";
import type { Service } from "./service";
import type { World } from "./world";

/**
 * Time is cut into steps of the first wait. What is refused in a step comes back evenly over a later one, as with jitter: after one
 * step at first, then after two, four and so on. Of what comes in a step, each try has the same chance to be refused.
 */
export class Retries {
  /** CPU-seconds per second that come again at present. */
  rate = 0;
  /** CPU-seconds that have come again since the beginning. */
  repeated = 0;
  private step = 0;
  private lostBefore = 0;
  /** CPU-seconds that have come in this step, by the number of the try: 0 for the first. */
  private offered: number[] = [0];
  /** CPU-seconds that will come, by step and number of the try. */
  private readonly due = new Map<number, number[]>();

  /** @param lost CPU-seconds that were refused since the beginning */
  constructor(
    private readonly world: World,
    private readonly parameters: Pick<Parameters, "retries" | "retryAfterSeconds">,
    private readonly lost: () => number,
  ) {
    if (parameters.retries > 0) world.after(parameters.retryAfterSeconds, () => this.turn());
  }

  /** @param cpu CPU-seconds per second that came for the first time */
  see(seconds: number, cpu: number): void {
    this.offered[0] = (this.offered[0] ?? 0) + seconds * cpu;
    this.repeated += seconds * this.rate;
  }

  /** Each request counts once, however often it was tried: as refused only if its last try was, or is still to come. */
  once<A extends Answers>(answers: A, { cpuSeconds }: Pick<Service, "cpuSeconds">): A {
    const again = this.repeated / cpuSeconds;
    return { ...answers, requests: answers.requests - again, refused: answers.refused - again };
  }

  /** Ends a step. */
  private turn(): void {
    const { retries, retryAfterSeconds } = this.parameters;
    const lost = this.lost() - this.lostBefore;
    this.lostBefore += lost;
    const all = sum(this.offered);
    for (let attempt = 0; lost > 0 && attempt < retries; attempt++) {
      const share = all > 0 ? (this.offered[attempt] ?? 0) / all : attempt === 0 ? 1 : 0;
      const later = this.step + 2 ** attempt;
      const due = this.due.get(later) ?? [];
      due[attempt + 1] = (due[attempt + 1] ?? 0) + lost * share;
      this.due.set(later, due);
    }
    this.step++;
    const due = Array.from(this.due.get(this.step) ?? [], (cpu: number | undefined) => cpu ?? 0);
    this.due.delete(this.step);
    this.offered = due.length > 0 ? due : [0];
    this.rate = sum(this.offered) / retryAfterSeconds;
    this.world.after(retryAfterSeconds, () => this.turn());
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
