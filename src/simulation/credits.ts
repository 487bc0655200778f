/** CPU credits of burstable instances: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html */
import type { Instance } from "./instance";
import type { Model } from "./model";

/**
 * Instances launch without credits. An unlimited one runs on without, and AWS bills what it owes beyond a day's earnings, and the
 * rest when it is terminated; until then it may earn it back.
 */
export class Credits {
  /** vCPU-hours. */
  surplusVcpuHours = 0;

  constructor(
    private readonly type: Model["instance"],
    private readonly initial: number,
  ) {}

  begin(instance: Instance): void {
    instance.credits = instance.launchedAt === 0 ? this.initial : 0;
    instance.throttled = this.isStandard && instance.credits <= 0;
  }

  /**
   * A minute of an instance.
   *
   * @param used seconds of full use of the whole instance
   * @returns whether its speed is to change: from full to the baseline, or back
   */
  spend(instance: Instance, used: number): boolean {
    const { burst, vcpus } = this.type;
    if (burst === undefined) return false;
    const earned = burst.creditsPerHour / 60;
    instance.credits = Math.min(burst.maxCredits, instance.credits + earned - (used / 60) * vcpus);
    if (this.isStandard) {
      instance.credits = Math.max(0, instance.credits);
      return instance.throttled !== instance.credits < 1e-6;
    }
    const excess = -burst.maxCredits - instance.credits;
    if (excess > 0) {
      this.surplusVcpuHours += excess / 60;
      instance.credits = -burst.maxCredits;
    }
    return false;
  }

  /** vCPU-hours that an instance owes, and may still earn back. */
  owed({ credits }: Instance): number {
    return Math.max(0, -credits) / 60;
  }

  /** The credits that an instance owes are billed when it is terminated. */
  settle(instance: Instance): void {
    this.surplusVcpuHours += this.owed(instance);
    instance.credits = Math.max(0, instance.credits);
  }

  private get isStandard(): boolean {
    return this.type.burst !== undefined && this.type.credits === "standard";
  }
}
