/** The instances of a group: their states, their zones and their use of CPU. */
import type { Model } from "./model";

export interface Instance {
  /** The first has 1. */
  readonly number: number;
  readonly zone: number;
  readonly launchedAt: number;
  /** Whether the scaling added it. */
  readonly added: boolean;
  /** Since when the group was overloaded when it was launched; undefined if it was not. */
  readonly overloadedSince: number | undefined;
  /** Infinity while it boots. */
  inServiceAt: number;
  /** Whether the application answers. */
  started: boolean;
  /** Whether its application has failed: it answers with errors. */
  broken: boolean;
  /** What the load balancer's health checks have found. */
  healthy: boolean;
  /** Whether it takes requests and answers them. */
  serves: boolean;
  leaving: boolean;
  /** The instance that takes its place. */
  successor: Instance | undefined;
  /** When its warm-up ends. */
  warmUntil: number;
  readonly warmUpSeconds: number;
  throttled: boolean;
  /** vCPU-minutes; negative if an unlimited one owes them. */
  credits: number;
  /** The integral of its CPU at the last look. */
  mark: number;
  lookedAt: number;
  /** Seconds of full use, and seconds, of the current metric period. */
  used: number;
  seconds: number;
  /** The same of the current minute. */
  minute: { used: number; seconds: number };
}

/** Why an instance is launched. */
export interface Launch {
  readonly warmUpSeconds: number;
  readonly added: boolean;
  readonly replaces?: Instance;
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

  /** Those that count for the group's size: not the ones that a successor is launched for. */
  get counted(): Instance[] {
    return this.live.filter(({ successor }) => successor === undefined);
  }

  launch(now: number, { warmUpSeconds, added, replaces }: Launch, overloadedSince?: number): Instance {
    const instance: Instance = {
      number: ++this.launched,
      zone: this.emptiestZone(replaces),
      launchedAt: now,
      added,
      overloadedSince,
      inServiceAt: Infinity,
      started: false,
      broken: false,
      healthy: false,
      serves: false,
      leaving: false,
      successor: undefined,
      warmUntil: warmUpSeconds > 0 ? Infinity : now,
      warmUpSeconds,
      throttled: false,
      credits: 0,
      mark: 0,
      lookedAt: now,
      used: 0,
      seconds: 0,
      minute: { used: 0, seconds: 0 },
    };
    this.all.set(instance.number, instance);
    if (replaces !== undefined) replaces.successor = instance;
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
    const candidates = this.counted.filter(({ zone }) => perZone[zone] === most);
    return candidates[Math.floor(this.random() * candidates.length)];
  }

  /** Instance hours that are billed until now. */
  hours(now: number): number {
    const running = [...this.all.values()].reduce((sum, { launchedAt }) => sum + now - launchedAt, 0);
    return (this.billed + running) / 3600;
  }

  /** Instances of each zone that count for the group's size. */
  perZone(): number[] {
    const count = new Array<number>(this.model.zones).fill(0);
    for (const { zone } of this.counted) count[zone] = (count[zone] ?? 0) + 1;
    return count;
  }

  private emptiestZone(replaced: Instance | undefined): number {
    const perZone = this.perZone();
    if (replaced !== undefined && !replaced.leaving) perZone[replaced.zone] = (perZone[replaced.zone] ?? 0) - 1;
    return perZone.indexOf(Math.min(...perZone));
  }
}
