/** One Auto Scaling group minute by minute: its metric, its alarms, its policies and its schedules, by the simulation's own rules. */
import type { Alarm } from "../aws/alarm";
import type { Breach } from "../aws/auto-scaling/alarms";
import type { GroupUse } from "../aws/auto-scaling/group-cpu";
import type { Schedule, ScalingPolicy } from "../aws/auto-scaling/policies";
import { Scaler, type Capacity, type Refusal } from "../aws/auto-scaling/scaler";
import { dueIn } from "../aws/cron";
import type { Clock } from "./clock";
import type { Fleet, PlayedInstance } from "./fleet";

/** What the group scales by, as it is deployed. */
export interface Scaling {
  readonly capacity: Capacity;
  readonly policies: readonly ScalingPolicy[];
  readonly schedules: readonly Schedule[];
}

/** The simulation's own assumptions. */
const GENTLENESS = { scaleInPauseSeconds: 300, scaleInPercent: 10 };

export class Control {
  readonly scaler: Scaler<PlayedInstance>;
  private schedules: readonly { readonly schedule: Schedule; readonly isDue: (time: Date) => boolean }[] = [];

  constructor(
    private readonly clock: Clock,
    readonly fleet: Fleet,
    scaling: Scaling,
    /** Called when the group has decided for another size, or has other bounds. */
    private readonly decided: (desired: number) => void,
  ) {
    this.scaler = new Scaler(clock, fleet.scaling, scaling.capacity, scaling.policies, GENTLENESS);
    fleet.refill = () => this.scaler.limit({ ...this.bounds, desired: this.scaler.desired });
    this.bounds = scaling.capacity;
    this.update(scaling);
  }

  private bounds: Capacity;

  /** The group, its policies or its schedules were changed through AWS's API. */
  update({ capacity, policies, schedules }: Scaling): void {
    this.bounds = capacity;
    this.scaler.policies = policies;
    this.schedules = schedules.map((schedule) => ({
      schedule,
      isDue: dueIn(schedule.recurrence, schedule.timeZone),
    }));
    this.because("a user request changed the group", () => this.scaler.limit(capacity));
  }

  /** Called each minute. @returns the group's CPU in it */
  minute(breaches: (use: GroupUse) => readonly Breach[]): GroupUse {
    const use = this.fleet.sample();
    const calling = breaches(use);
    const [first] = calling.filter(({ alarm }) => alarm.policies.length > 0);
    this.because(first === undefined ? "the capacity differs from what is desired" : causeOf(first.alarm), () =>
      this.scaler.answer(calling),
    );
    for (const { schedule, isDue } of this.schedules)
      if (isDue(this.clock.date))
        this.because(`the scheduled action ${schedule.name} was executed`, () => this.scaler.act(schedule));
    this.because("the zones differ", () => this.fleet.scaling.replacements.rebalance());
    return use;
  }

  setDesired(desired: number, honorCooldown: boolean): Refusal | undefined {
    return this.because("a user request set the desired capacity", () =>
      this.scaler.set(desired, "a user request", honorCooldown),
    );
  }

  execute(policy: string, honorCooldown: boolean, distance: number | undefined): Refusal | undefined {
    return this.because(`a user request executed the policy ${policy}`, () =>
      this.scaler.execute(policy, honorCooldown, distance),
    );
  }

  /**
   * An instance is terminated by a request.
   * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html
   *
   * @param decrement whether the group becomes smaller by it
   */
  terminate(instance: PlayedInstance, decrement: boolean): Refusal | undefined {
    return this.because("a user request terminated an instance", () => {
      if (decrement) return this.scaler.remove(instance);
      this.fleet.scaling.terminate(instance, "is terminated by a user request");
      this.fleet.refill();
      return undefined;
    });
  }

  private because<T>(cause: string, decides: () => T): T {
    const before = this.scaler.desired;
    this.fleet.cause = cause;
    const result = decides();
    if (this.scaler.desired !== before) this.decided(this.scaler.desired);
    return result;
  }
}

const causeOf = ({ name, policies }: Alarm) =>
  `a monitor alarm ${name} in state ALARM triggered policy ${policies.join(", ")}`;
