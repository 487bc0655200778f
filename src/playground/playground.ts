/**
 * The data plane behind the emulated AWS: a server for each instance, the load balancer in front of them, and the decisions of the
 * groups. It follows what is deployed: whatever is changed through AWS's API is read again.
 */
import { availableParallelism } from "node:os";
import type { Clients } from "../account/clients";
import { Alarms } from "../aws/auto-scaling/alarms";
import { Balancers } from "./balancer/balancer";
import type { Clock } from "./clock";
import type { CloudState } from "./cloud";
import { Control } from "./control";
import { Fleet } from "./fleet";
import type { GroupState } from "./group-state";
import { machineryOf, type Machine } from "./machinery";
import { Metrics } from "./metrics";
import { hostCounts, putCommands } from "./published";
import type { Plane, TargetHealth } from "./plane";
import { Requests } from "./requests";
import { metricOf, scalingOf, settingsOf } from "./settings";
import type { Image } from "./servers/image";
import { shareOf } from "./servers/cpu";
import { watchedAlarms, reportState, type Watched } from "./watched-alarms";

const MINUTE = 60;
/** Of EC2, as the simulation has it. */
const BOOT_SECONDS = 60;

const NOTHING: CloudState = {
  groups: [],
  balancers: [],
  targetGroups: [],
  alarms: [],
  subnets: [],
  natGateways: [],
  notes: [],
};

export interface PlaygroundOptions {
  readonly clock: Clock;
  readonly alarms: Clients["alarms"];
  readonly readCloud: () => Promise<CloudState>;
  readonly plane: Plane;
  /** Of the emulated AWS. */
  readonly folder: string;
  readonly imageOf: (id: string) => Promise<Image>;
  /** Takes what goes wrong, for the log. */
  readonly log: (text: string) => void;
}

export class Playground {
  cloud = NOTHING;
  readonly controls = new Map<string, Control>();
  readonly machines = new Map<string, Machine>();
  readonly requests = new Requests();
  readonly lostZones = new Set<string>();
  /** Of the targets, by target group and instance. */
  private readonly health = new Map<string, Map<string, TargetHealth>>();
  watched: readonly Watched[] = [];
  readonly alarms: Alarms;
  readonly balancers: Balancers;
  private readonly metrics = new Metrics();
  /** What is being written to the emulator; it is read when all of it is there. */
  private writing: Promise<unknown> = Promise.resolve();
  private reading: Promise<void> = Promise.resolve();
  /** How often a group has decided for a size. */
  private decisions = 0;
  private stopped = false;

  constructor(private readonly options: PlaygroundOptions) {
    const { clock } = options;
    this.alarms = new Alarms(
      clock,
      ({ name }, periods) => this.watched.find(({ alarm }) => alarm.name === name)?.window(periods) ?? [],
      (alarm, state, window) => {
        if (this.watched.some(({ deployed }) => deployed?.name === alarm.name))
          this.write(() => reportState(options.alarms, alarm, state, window, clock.date));
      },
    );
    this.balancers = new Balancers({
      timers: clock,
      addressOf: (id) => this.machines.get(id)?.server?.address,
      onRequest: (record) => this.requests.add(record),
      onHealth: (targetGroup, id, health) => this.found(targetGroup, id, health),
    });
  }

  /** Follows the emulated AWS until it is stopped. @param failed called when the emulated AWS does not answer any more */
  start(failed: (error: unknown) => void): void {
    const { clock, plane } = this.options;
    clock.every(MINUTE, () => this.minute());
    const follow = async () => {
      let version = 0;
      while (!this.stopped) {
        const next = await plane.changes(version);
        if (next !== version) await this.read();
        version = next;
      }
    };
    follow().catch((error: unknown) => {
      if (!this.stopped) failed(error);
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.options.clock.stop();
    await this.balancers.stop();
    await Promise.all([...this.machines.values()].flatMap(({ server }) => server?.kill() ?? []));
  }

  /** Reads the emulated account again, and follows it. One reading after the other. */
  read(): Promise<void> {
    this.reading = this.reading
      .then(() => this.readSettled())
      .then((cloud) => this.follow(cloud))
      .catch((error: unknown) => this.log("the emulated AWS cannot be read", error));
    return this.reading;
  }

  /** A size that a group has decided for while the account was read is not in what was read, and must not be taken back by it. */
  private async readSettled(): Promise<CloudState> {
    for (;;) {
      const { decisions } = this;
      await this.writing;
      const cloud = await this.options.readCloud();
      if (decisions === this.decisions) return cloud;
    }
  }

  private async follow(cloud: CloudState): Promise<void> {
    this.cloud = cloud;
    const { clock } = this.options;
    // Those that are known first: nothing can be decided between the reading and this.
    for (const state of cloud.groups) {
      const control = this.controls.get(state.name);
      if (control === undefined) continue;
      control.fleet.scaling.settings = settingsOf(state);
      control.update(scalingOf(state));
    }
    for (const state of cloud.groups) if (!this.controls.has(state.name)) await this.begin(state);
    const names = new Set(cloud.groups.map(({ name }) => name));
    for (const [name, control] of this.controls) if (!names.has(name)) await this.end(name, control);
    this.watched = watchedAlarms(
      cloud.alarms,
      cloud.groups,
      (group) => this.controls.get(group)?.fleet,
      this.metrics,
      () => clock.now,
    );
    await this.balancers.update(cloud);
  }

  /** A group that was not there before; instances that it has already get a server each. */
  private async begin(state: GroupState): Promise<void> {
    const { clock, plane, folder, imageOf } = this.options;
    const { name, subnets } = state;
    // The same for all servers of the group: what they may use is what their CPU is measured by.
    const share = shareOf(availableParallelism(), Math.max(...this.cloud.groups.map(({ maxSize }) => maxSize)));
    const machinery = machineryOf(
      {
        group: name,
        plane,
        clock,
        folder,
        share,
        imageOf,
        isLost: (subnet) => this.lostZones.has(this.zoneOf(subnet)),
        changed: () => void this.read(),
        drained: (instance) => this.balancers.deregister(instance),
      },
      this.machines,
    );
    const fleet = new Fleet(
      clock,
      machinery,
      {
        subnets,
        settings: settingsOf(state),
        metric: metricOf(state),
        bootSeconds: BOOT_SECONDS,
        share,
      },
      (what, error) => this.log(what, error),
    );
    for (const [zone, subnet] of subnets.entries())
      if (this.lostZones.has(this.zoneOf(subnet))) fleet.members.lostZones.add(zone);
    for (const member of state.members.filter(({ lifecycle }) => lifecycle === "InService")) {
      const { id, imageId, subnetId } = member;
      this.machines.set(id, { ...member, subnet: subnetId });
      await fleet.adopt({ id, imageId }, Math.max(0, subnets.indexOf(subnetId)));
    }
    const control = new Control(clock, name, fleet, scalingOf(state), (desired, bounds) => {
      this.decisions++;
      this.write(() => plane.desired(name, desired, bounds));
    });
    this.controls.set(name, control);
  }

  private async end(name: string, { fleet }: Control): Promise<void> {
    this.controls.delete(name);
    for (const { id, server } of fleet.members.all.values()) {
      await server?.kill();
      if (id !== undefined) this.machines.delete(id);
    }
  }

  /** All servers of a zone are gone, and none can be launched there; or it can again. @returns how many servers are gone */
  async loseZone(zone: string, lost: boolean): Promise<number> {
    if (lost) this.lostZones.add(zone);
    else this.lostZones.delete(zone);
    for (const { fleet } of this.controls.values())
      for (const [index, subnet] of fleet.options.subnets.entries()) {
        if (this.zoneOf(subnet) !== zone) continue;
        if (lost) fleet.members.lostZones.add(index);
        else fleet.members.lostZones.delete(index);
      }
    const gone = lost ? [...this.machines.values()].filter((machine) => machine.zone === zone) : [];
    await Promise.all(gone.flatMap(({ server }) => server?.kill() ?? []));
    return gone.length;
  }

  private zoneOf(subnet: string): string {
    return this.cloud.subnets.find(({ id }) => id === subnet)?.zone ?? "";
  }

  /** What a load balancer has found of a target. An instance is healthy for its group if it is in all target groups. */
  private found(targetGroup: string, id: string, health: TargetHealth): void {
    const { plane } = this.options;
    const targets = this.health.get(targetGroup) ?? new Map<string, TargetHealth>();
    const before = targets.get(id)?.state;
    this.health.set(targetGroup, targets.set(id, health));
    if (health.state === "unused") targets.delete(id);
    this.write(() => plane.health(targetGroup, Object.fromEntries(targets)));
    const states = [...this.health.values()].flatMap((each) => each.get(id)?.state ?? []);
    for (const { fleet } of this.controls.values()) {
      const instance = fleet.find(id);
      if (instance === undefined) continue;
      // Another reason for the same state is nothing new.
      if (health.state === "unhealthy") {
        if (before !== "unhealthy") fleet.scaling.foundUnhealthy(instance, "is unhealthy");
      } else if (!instance.healthy && states.every((state) => state === "healthy"))
        fleet.scaling.foundHealthy(instance);
    }
  }

  /** What is known of an instance as a target. */
  healthOf(id: string): TargetHealth {
    const known = [...this.health.values()].flatMap((targets) => targets.get(id) ?? []);
    return known.find(({ state }) => state !== "healthy") ?? known[0] ?? { state: "unused" };
  }

  private minute(): void {
    const { clock } = this.options;
    const stamp = clock.now - MINUTE;
    for (const control of this.controls.values()) for (const each of control.sample(stamp)) this.metrics.record(each);
    for (const each of this.requests.takeMinute(stamp)) this.metrics.record(each);
    for (const each of hostCounts(this.cloud, this.balancers, stamp)) this.metrics.record(each);
    const breaches = this.alarms.watch(this.watched.map(({ alarm }) => alarm));
    for (const control of this.controls.values()) control.minute(breaches);
    const put = putCommands(this.metrics.take(), (seconds) => clock.dateOf(seconds));
    for (const command of put) this.write(() => this.options.alarms.send(command));
  }

  /** Writes to the emulator, one thing after the other. */
  readonly write = (write: () => Promise<unknown>): void => {
    this.writing = this.writing.then(write).catch((error: unknown) => {
      if (!this.stopped) this.log("the emulated AWS cannot be written to", error);
    });
  };

  private log(what: string, error: unknown): void {
    this.options.log(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
