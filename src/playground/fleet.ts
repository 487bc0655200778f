/** The instances of an emulated Auto Scaling group, each with a server that runs: the group's body on this machine. */
import { randomUUID } from "node:crypto";
import { AutoScalingGroup, type Body, type GroupSettings } from "../aws/auto-scaling/group";
import { GroupCpu, UNMEASURED, type GroupUse, type Measured } from "../aws/auto-scaling/group-cpu";
import { Members } from "../aws/auto-scaling/members";
import type { MetricOptions } from "../aws/metric";
import type { Clock } from "./clock";
import type { Activity } from "./plane";

/** A server that runs. */
export interface RunningServer {
  readonly address: string;
  readonly alive: boolean;
  /** @param seconds real ones that it may take */
  stop(seconds: number): Promise<void>;
  kill(): Promise<void>;
  /** Since it was started. */
  cpuSeconds(): number;
}

export interface PlayedInstance extends Measured {
  readonly subnet: string;
  /** In EC2; undefined until it is launched. */
  id: string | undefined;
  imageId: string;
  /** Undefined until it has booted. */
  server: RunningServer | undefined;
  /** Its server's CPU time at the last look, and when that was by the clock and by the real one. */
  looked: { cpu: number; at: number; wall: number };
  /** Percent, of the time between the last two looks. */
  cpuPercent: number | undefined;
  /** Whether EC2 has terminated it without being asked by the group. */
  terminated: boolean;
}

export interface Launched {
  readonly id: string;
  readonly imageId: string;
}

/** What the fleet asks of the emulated AWS and of this machine; all of it for one group. */
export interface Machinery {
  /** @throws Error if EC2 has no room */
  launch(subnet: string): Promise<Launched>;
  /** Starts the server of an instance; resolves when its process runs. */
  start(instance: Launched & { readonly subnet: string }): Promise<RunningServer>;
  /** One in service is a target of the group's target groups; any other one is none. */
  member(id: string, lifecycle: "InService" | "Terminating", health: "Healthy" | "Unhealthy"): Promise<void>;
  /** Resolves when the requests of an instance that leaves are answered, or the deregistration delay is over. */
  drained(id: string): Promise<void>;
  /** Terminates it in EC2: it is no member of the group any more. */
  remove(id: string): Promise<void>;
  activity(activity: Activity): Promise<void>;
}

export interface FleetOptions {
  readonly subnets: readonly string[];
  readonly settings: GroupSettings;
  readonly metric: MetricOptions;
  /** From the launch until EC2 says that it runs, in the clock's seconds. */
  readonly bootSeconds: number;
  /** Cores of this machine that one server may use. */
  readonly share: number;
}

/** Real seconds that a server has to end; what it drains it has drained before. */
const STOP_SECONDS = 10;

/** AWS tries for an hour. */
const REFRESH_SECONDS = 3600;
const REFRESH_LOOK_SECONDS = 5;

export class Fleet implements Body<PlayedInstance> {
  readonly members: Members<PlayedInstance>;
  readonly scaling: AutoScalingGroup<PlayedInstance>;
  readonly cpu: GroupCpu<PlayedInstance>;
  /** Why the size changes, for the activities. */
  cause = "a user request created the group";

  constructor(
    private readonly clock: Clock,
    private readonly machinery: Machinery,
    readonly options: FleetOptions,
    /** Called with what fails on the way. */
    private readonly failed: (what: string, error: unknown) => void,
    random: () => number = Math.random,
  ) {
    const { subnets, settings, metric } = options;
    this.members = new Members(
      subnets.length,
      (member) => ({
        ...member,
        ...UNMEASURED(),
        subnet: subnets[member.zone] ?? "",
        id: undefined,
        imageId: "",
        server: undefined,
        looked: { cpu: 0, at: this.clock.now, wall: performance.now() },
        cpuPercent: undefined,
        terminated: false,
      }),
      random,
    );
    this.cpu = new GroupCpu(metric, settings.warmUpSeconds);
    this.scaling = new AutoScalingGroup(clock, settings, this.members, this);
  }

  /** The instance of an id in EC2. */
  find(id: string): PlayedInstance | undefined {
    return [...this.members.all.values()].find((instance) => instance.id === id);
  }

  launch(instance: PlayedInstance): string {
    this.boot(instance).catch((error: unknown) => {
      this.failed(`instance ${String(instance.number)} cannot be launched`, error);
      // The group tries again at its next look.
      instance.leaving = true;
      this.scaling.gone(instance);
      this.clock.after(this.options.settings.pollSeconds, () => this.refill());
    });
    return "";
  }

  /** An instance that was in the group before this process was: its server is started anew. */
  async adopt(launched: Launched, zone: number): Promise<void> {
    const instance = this.members.launch(this.clock.now, { warmUpSeconds: 0, added: false });
    Object.assign(instance, { zone, subnet: this.options.subnets[zone] ?? "" });
    [instance.id, instance.imageId] = [launched.id, launched.imageId];
    instance.server = await this.machinery.start({ ...launched, subnet: instance.subnet });
    await this.serve(instance, launched.id);
  }

  /** Ids of the instance refreshes that run. */
  readonly refreshes = new Set<string>();

  /**
   * Replaces all instances one after the other: each new one is healthy before an old one leaves.
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
   *
   * @param progress called with the percentage that is replaced
   */
  async refresh(id: string, progress: (percent: number) => void): Promise<"Successful" | "Failed" | "Cancelled"> {
    const old = this.members.counted;
    this.refreshes.add(id);
    for (const [index, instance] of old.entries()) {
      progress(Math.floor((100 * index) / old.length));
      if (instance.leaving) continue;
      this.cause = `the instance refresh ${id}`;
      const successor = this.scaling.launch({ warmUpSeconds: 0, added: false, replaces: instance });
      for (let waited = 0; !successor.healthy; waited += REFRESH_LOOK_SECONDS) {
        await this.passes(REFRESH_LOOK_SECONDS);
        const cancelled = !this.refreshes.has(id);
        if (!cancelled && !successor.leaving && waited < REFRESH_SECONDS) continue;
        instance.replaced = false;
        if (!successor.leaving) this.scaling.terminate(successor);
        return cancelled ? "Cancelled" : "Failed";
      }
      this.scaling.terminate(instance);
    }
    this.refreshes.delete(id);
    return "Successful";
  }

  /** Launches what is missing since a launch has failed. */
  refill: () => void = () => undefined;

  private async boot(instance: PlayedInstance): Promise<void> {
    const done = await this.activity("Launching a new EC2 instance");
    let launched: Launched;
    try {
      launched = await this.machinery.launch(instance.subnet);
    } catch (error) {
      await done("Failed", (error as Error).message);
      throw error;
    }
    // Not all of it: EC2's zone is a name, and the group's is a number.
    [instance.id, instance.imageId] = [launched.id, launched.imageId];
    await this.passes(this.options.bootSeconds);
    if (instance.leaving) return;
    instance.server = await this.machinery.start({ ...launched, subnet: instance.subnet });
    await this.serve(instance, launched.id);
    await done("Successful", launched.id);
  }

  private async serve(instance: PlayedInstance, id: string): Promise<void> {
    if (instance.leaving) return;
    await this.machinery.member(id, "InService", "Healthy");
    this.scaling.inService(instance);
  }

  inService(instance: PlayedInstance): void {
    this.look(instance);
    this.cpu.forget(instance);
  }

  warmedUp(instance: PlayedInstance): void {
    this.look(instance);
    this.cpu.forget(instance);
  }

  /** The load balancer routes by itself. */
  route(): number {
    const serving = this.members.live.filter(({ healthy, inServiceAt }) => healthy && inServiceAt <= this.clock.now);
    return serving.length;
  }

  terminate(instance: PlayedInstance): void {
    this.look(instance);
    this.cpu.leave(instance, this.clock.now);
    this.end(instance).catch((error: unknown) =>
      this.failed(`instance ${String(instance.number)} cannot be terminated in order`, error),
    );
  }

  private async end(instance: PlayedInstance): Promise<void> {
    const { id } = instance;
    const done = await this.activity("Terminating EC2 instance", id);
    try {
      if (id === undefined) return;
      if (!instance.terminated) {
        await this.machinery.member(id, "Terminating", instance.healthy ? "Healthy" : "Unhealthy");
        await this.machinery.drained(id);
      }
      await instance.server?.stop(STOP_SECONDS);
      await this.machinery.remove(id);
    } finally {
      this.scaling.gone(instance);
      await done("Successful");
    }
  }

  /** Called each minute. @returns the group's CPU */
  sample(): GroupUse {
    for (const instance of this.members.all.values()) this.look(instance);
    return this.cpu.sample(this.clock.now, this.members.all.values());
  }

  /** Adds the CPU that a server has used since the last look. */
  private look(instance: PlayedInstance): void {
    const { cpu, at, wall } = instance.looked;
    const looked = { cpu: instance.server?.cpuSeconds() ?? 0, at: this.clock.now, wall: performance.now() };
    const seconds = looked.at - at;
    const real = (looked.wall - wall) / 1000;
    if (seconds <= 0 || real <= 0) return;
    instance.looked = looked;
    const use = Math.min(1, Math.max(0, looked.cpu - cpu) / (real * this.options.share));
    instance.cpuPercent = instance.server && 100 * use;
    this.cpu.add(instance, use * seconds, seconds);
  }

  private passes(seconds: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(seconds, resolve));
  }

  /** @returns what ends the activity */
  private async activity(
    what: string,
    instance?: string,
  ): Promise<(status: "Successful" | "Failed", detail?: string) => Promise<void>> {
    const activity = {
      id: randomUUID(),
      description: instance === undefined ? what : `${what}: ${instance}`,
      cause: this.cause,
      status: "InProgress" as const,
      progress: 0,
      startTime: this.clock.date.toISOString(),
    };
    await this.machinery.activity(activity);
    return (status, detail) =>
      this.machinery.activity({
        ...activity,
        description: detail === undefined ? activity.description : `${what}: ${detail}`,
        status,
        progress: 100,
        endTime: this.clock.date.toISOString(),
      });
  }
}
