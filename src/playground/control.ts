/** One Auto Scaling group minute by minute: its metric, its alarms, its policies and its schedules, by the simulation's own rules. */
import type { Alarm } from "../aws/alarm";
import type { Breach } from "../aws/auto-scaling/alarms";
import type { Schedule, ScalingPolicy } from "../aws/auto-scaling/policies";
import { Scaler, type Capacity, type Refusal } from "../aws/auto-scaling/scaler";
import { dueIn } from "../aws/cron";
import type { Clock } from "./clock";
import type { Fleet, PlayedInstance } from "./fleet";
import type { Datapoint } from "./metrics";

/** What the group scales by, as it is deployed. */
export interface Scaling {
  readonly capacity: Capacity;
  readonly policies: readonly ScalingPolicy[];
  readonly schedules: readonly Schedule[];
}

/** The simulation's own assumptions. */
const GENTLENESS = { scaleInPauseSeconds: 300, scaleInPercent: 10 };

const MINUTE = 60;

export class Control {
  /** CPU of each instance in the minutes of this period of the metric, in percent. */
  private readonly samples = new Map<string, number[]>();
  readonly scaler: Scaler<PlayedInstance>;
  bounds: Capacity;
  private schedules: readonly { readonly schedule: Schedule; readonly isDue: (time: Date) => boolean }[] = [];

  constructor(
    private readonly clock: Clock,
    readonly name: string,
    readonly fleet: Fleet,
    scaling: Scaling,
    /** Called when the group has decided for another size, by a schedule with other bounds. */
    private readonly decided: (
      desired: number,
      bounds: { readonly minSize?: number; readonly maxSize?: number },
    ) => void,
  ) {
    this.scaler = new Scaler(clock, fleet.scaling, scaling.capacity, scaling.policies, GENTLENESS);
    this.bounds = scaling.capacity;
    fleet.refill = () => this.scaler.limit({ ...this.bounds, desired: this.scaler.desired });
    this.update(scaling);
  }

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

  /** The metrics of the minute that begins at a time and has just ended, those of instances at their resolution. */
  sample(stamp: number): Datapoint[] {
    const { fleet, scaler, bounds } = this;
    const { resolutionSeconds } = fleet.options.metric;
    fleet.sample();
    const ended = Math.round(stamp + MINUTE) % resolutionSeconds === 0;
    const period = { namespace: "AWS/EC2", name: "CPUUtilization", unit: "Percent" as const };
    const begins = stamp + MINUTE - resolutionSeconds;
    const instances = [...fleet.members.all.values()].filter(({ leaving, server }) => !leaving && server !== undefined);
    for (const { id = "", cpuPercent } of instances) {
      if (cpuPercent !== undefined) this.samples.set(id, [...(this.samples.get(id) ?? []), cpuPercent]);
    }
    const all = [...this.samples.values()].flat();
    const cpu = !ended
      ? []
      : [
          ...[...this.samples].map(([InstanceId, values]) => ({
            ...period,
            stamp: begins,
            dimensions: { InstanceId },
            values,
          })),
          ...(all.length === 0
            ? []
            : [{ ...period, stamp: begins, dimensions: { AutoScalingGroupName: this.name }, values: all }]),
        ];
    if (ended) this.samples.clear();
    const { live } = fleet.members;
    const inService = live.filter(({ inServiceAt }) => inServiceAt <= this.clock.now).length;
    const sizes = {
      GroupMinSize: bounds.minSize,
      GroupMaxSize: bounds.maxSize,
      GroupDesiredCapacity: scaler.desired,
      GroupInServiceInstances: inService,
      GroupPendingInstances: live.length - inService,
      GroupTerminatingInstances: fleet.members.all.size - live.length,
      GroupTotalInstances: fleet.members.all.size,
    };
    const group = Object.entries(sizes).map(([name, value]) => ({
      namespace: "AWS/AutoScaling",
      name,
      unit: "None" as const,
      stamp,
      dimensions: { AutoScalingGroupName: this.name },
      values: [value],
    }));
    return [...cpu, ...group];
  }

  /** Called each minute. @param breaches of alarms, those that call this group's policies among them */
  minute(breaches: readonly Breach[]): void {
    const names = this.scaler.policies.map(({ name }) => name);
    const calling = breaches.filter(({ alarm }) => alarm.policies.some((policy) => names.includes(policy)));
    const [first] = calling;
    this.because(first === undefined ? "the capacity differs from what is desired" : causeOf(first.alarm), () =>
      this.scaler.answer(calling),
    );
    for (const { schedule, isDue } of this.schedules)
      if (isDue(this.clock.date)) {
        this.because(`the scheduled action ${schedule.name} was executed`, () => this.scaler.act(schedule));
        this.bounds = { ...this.bounds, ...this.scaler.bounds };
        this.decided(this.scaler.desired, this.scaler.bounds);
      }
    this.because("the zones differ", () => this.fleet.scaling.replacements.rebalance());
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
    if (this.scaler.desired !== before) this.decided(this.scaler.desired, {});
    return result;
  }
}

const causeOf = ({ name, policies }: Alarm) =>
  `a monitor alarm ${name} in state ALARM triggered policy ${policies.join(", ")}`;
