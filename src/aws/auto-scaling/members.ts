/** The instances of an Auto Scaling group, and their zones. */

export interface Member {
  /** The first has 1. */
  readonly number: number;
  readonly zone: number;
  readonly launchedAt: number;
  /** Whether the scaling added it. */
  readonly added: boolean;
  /** Infinity while it boots. */
  inServiceAt: number;
  /** What the load balancer's health checks have found. */
  healthy: boolean;
  leaving: boolean;
  /** Whether another one was launched to take its place. */
  replaced: boolean;
  /** When its warm-up ends. */
  warmUntil: number;
  readonly warmUpSeconds: number;
}

/** Why an instance is launched. */
export interface Launch<I extends Member> {
  readonly warmUpSeconds: number;
  readonly added: boolean;
  readonly replaces?: I;
}

export class Members<I extends Member> {
  /** All that exist, the oldest first. */
  readonly all = new Map<number, I>();
  private launched = 0;

  /**
   * @param zones their number
   * @param make adds what else is to be known of an instance
   * @param random between 0 and 1
   */
  constructor(
    private readonly zones: number,
    private readonly make: (member: Member) => I,
    private readonly random: () => number,
  ) {}

  /** Those that are not being terminated. */
  get live(): I[] {
    return [...this.all.values()].filter(({ leaving }) => !leaving);
  }

  /** Those that count for the group's size: not the ones that another one is launched for. */
  get counted(): I[] {
    return this.live.filter(({ replaced }) => !replaced);
  }

  launch(now: number, { warmUpSeconds, added, replaces }: Launch<I>): I {
    const instance = this.make({
      number: ++this.launched,
      zone: this.emptiestZone(replaces),
      launchedAt: now,
      added,
      inServiceAt: Infinity,
      healthy: false,
      leaving: false,
      replaced: false,
      warmUntil: warmUpSeconds > 0 ? Infinity : now,
      warmUpSeconds,
    });
    this.all.set(instance.number, instance);
    if (replaces !== undefined) replaces.replaced = true;
    return instance;
  }

  /**
   * The instance that is terminated when the group shrinks: any of the zone with the most (all have the same template).
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
   */
  toTerminate(): I | undefined {
    const perZone = this.perZone();
    const most = Math.max(...perZone);
    const candidates = this.counted.filter(({ zone }) => perZone[zone] === most);
    return candidates[Math.floor(this.random() * candidates.length)];
  }

  /** Instances of each zone that count for the group's size. */
  perZone(): number[] {
    const count = new Array<number>(this.zones).fill(0);
    for (const { zone } of this.counted) count[zone] = (count[zone] ?? 0) + 1;
    return count;
  }

  private emptiestZone(replaced: I | undefined): number {
    const perZone = this.perZone();
    if (replaced !== undefined && !replaced.leaving) perZone[replaced.zone] = (perZone[replaced.zone] ?? 0) - 1;
    return perZone.indexOf(Math.min(...perZone));
  }
}
