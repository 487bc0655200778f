/**
 * Servers that have started once, and wait to be put in service:
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html
 */
import type { WaitingServers } from "./model";
import type { World } from "../aws/auto-scaling/world";

export class WarmPool {
  private ready = 0;
  private preparing = 0;
  private wanted = 0;
  private lookedAt = 0;
  /** Hours of servers that run: those that are prepared, and those that wait running. */
  runningHours = 0;
  stoppedHours = 0;

  /** @param startupSeconds from the launch of a server until it is prepared */
  constructor(
    private readonly world: World,
    private readonly settings: WaitingServers,
    private readonly startupSeconds: number,
  ) {}

  /** A group that has existed for long has a full pool. */
  begin(desired: number, maxSize: number): void {
    this.wanted = this.size(desired, maxSize);
    this.ready = this.wanted;
  }

  /** @returns whether there is a server to put in service */
  take(): boolean {
    if (this.ready === 0) return false;
    this.look();
    this.ready--;
    return true;
  }

  /** @returns whether a server that leaves the group returns to the pool */
  give(): boolean {
    if (!this.settings.reuseOnScaleIn || this.ready + this.preparing >= this.wanted) return false;
    this.look();
    this.ready++;
    return true;
  }

  /** Terminates what waits in vain. @param desired size of the group, at the most `maxSize` */
  want(desired: number, maxSize: number): void {
    this.look();
    this.wanted = this.size(desired, maxSize);
    this.ready = Math.min(this.ready, Math.max(0, this.wanted - this.preparing));
  }

  /** Launches what is missing. */
  fill(): void {
    this.look();
    while (this.ready + this.preparing < this.wanted) {
      this.preparing++;
      this.world.after(this.startupSeconds, () => {
        this.look();
        this.preparing--;
        if (this.ready + this.preparing < this.wanted) this.ready++;
      });
    }
  }

  /** Accounts for the time since the last change. */
  look(): void {
    const hours = (this.world.now - this.lookedAt) / 3600;
    this.lookedAt = this.world.now;
    const running = this.settings.state === "Running" ? this.ready : 0;
    this.runningHours += (this.preparing + running) * hours;
    this.stoppedHours += (this.ready - running) * hours;
  }

  /** Servers in service are prepared, too. */
  private size(desired: number, maxSize: number): number {
    const { minSize, maxPrepared = maxSize } = this.settings;
    return Math.max(minSize, maxPrepared - desired);
  }
}
