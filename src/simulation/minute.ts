/** The worst within a minute, which its end does not show: a spike of half a minute, and what it refused. */
import type { Cpu } from "./cpu";
import type { Sample } from "./trace";

export type Worst = Pick<Sample, "peakLoad" | "refused" | "latencySeconds">;

export class Minute {
  private peakLoad = 0;
  private lostBefore = 0;

  /** @param load CPU-seconds per second of the time that has just passed */
  see(load: number): void {
    this.peakLoad = Math.max(this.peakLoad, load);
  }

  /** Ends the minute. */
  take(cpu: Cpu): Worst {
    const worst = { peakLoad: this.peakLoad, refused: cpu.lost - this.lostBefore, latencySeconds: cpu.latestSeconds };
    this.peakLoad = 0;
    this.lostBefore = cpu.lost;
    cpu.latestSeconds = undefined;
    return worst;
  }
}
