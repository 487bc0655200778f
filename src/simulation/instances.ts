/** The instances of a group: their states, their zones and their use of CPU. */
import type { Model } from "./model";

export interface Instance {
  /** The first has 1. */
  readonly number: number;
  readonly zone: number;
  readonly launchedAt: number;
  /** Infinity while it boots. */
  inServiceAt: number;
  healthy: boolean;
  leaving: boolean;
  /** When its warm-up ends. */
  warmUntil: number;
  readonly warmUpSeconds: number;
  throttled: boolean;
  /** vCPU-minutes; negative if an unlimited one owes them. */
  credits: number;
  /** The integral of its CPU at the last look. */
  mark: number;
  /** Of the current metric period. */
  used: number;
  seconds: number;
  lookedAt: number;
}

export class Instances {
  /** All that exist, the oldest first. */
  readonly all = new Map<number, Instance>();
  private launched = 0;
  /** Seconds of instances that are terminated. */
  private billed = 0;

  constructor(
    private readonly model: Model,
    private readonly random: () => number,
  ) {}

  /** Those that are not being terminated. */
  get live(): Instance[] {
    return [...this.all.values()].filter(({ leaving }) => !leaving);
  }

  launch(now: number, warmUpSeconds: number): Instance {
    const instance: Instance = {
      number: ++this.launched,
      zone: this.emptiestZone(),
      launchedAt: now,
      inServiceAt: Infinity,
      healthy: false,
      leaving: false,
      warmUntil: warmUpSeconds > 0 ? Infinity : now,
      warmUpSeconds,
      throttled: false,
      credits: 0,
      mark: 0,
      used: 0,
      seconds: 0,
      lookedAt: now,
    };
    this.all.set(instance.number, instance);
    return instance;
  }

  /** Terminates an instance. */
  remove(instance: Instance, now: number): void {
    this.billed += now - instance.launchedAt;
    this.all.delete(instance.number);
  }

  /**
   * The instance that is terminated when the group shrinks: any of the zone with the most (all have the same template).
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
   */
  toTerminate(): Instance | undefined {
    const perZone = this.perZone();
    const most = Math.max(...perZone);
    const candidates = this.live.filter(({ zone }) => perZone[zone] === most);
    return candidates[Math.floor(this.random() * candidates.length)];
  }

  /** Instance hours that are billed until now. */
  hours(now: number): number {
    const running = [...this.all.values()].reduce((sum, { launchedAt }) => sum + now - launchedAt, 0);
    return (this.billed + running) / 3600;
  }

  perZone(): number[] {
    const count = new Array<number>(this.model.zones).fill(0);
    for (const { zone, leaving } of this.all.values()) if (!leaving) count[zone] = (count[zone] ?? 0) + 1;
    return count;
  }

  private emptiestZone(): number {
    const perZone = this.perZone();
    return perZone.indexOf(Math.min(...perZone));
  }
}
