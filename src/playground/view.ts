/** What the console shows of a playground. */
import type { Clock, Event } from "./clock";
import type { Control } from "./control";
import type { Playground } from "./playground";
import type { Snapshot } from "./snapshot";
import type { Traffic } from "./traffic";

const HISTORY_SECONDS = 3600;
const MOST_EVENTS = 200;
const MOST_POINTS = 12;

export interface Shown {
  readonly playground: Playground;
  readonly clock: Clock;
  readonly traffic: Traffic;
  readonly environment: string;
  /** Since when each alarm has its state. */
  readonly since: ReadonlyMap<string, number>;
  readonly history: Snapshot["history"];
  readonly events: readonly Event[];
  readonly isNatLost: boolean;
}

/** The URL of the application: of the first listener of the load balancer that faces the internet. */
export function applicationOf({ cloud, balancers }: Playground): string | undefined {
  const balancer = cloud.balancers.find(({ scheme }) => scheme === "internet-facing");
  return balancers.open.find((one) => one.balancer === balancer?.arn)?.address;
}

export function snapshotOf(shown: Shown): Snapshot {
  const { playground, clock, traffic, environment, since, history, events } = shown;
  const [control] = playground.controls.values();
  return {
    time: clock.date.toISOString(),
    now: clock.now,
    speed: clock.speed,
    environment,
    application: applicationOf(playground) ?? "",
    group: control && groupView(control),
    zones: zonesView(shown),
    servers: [...playground.controls.values()].flatMap((each) => serversView(each, shown)),
    balancer: balancerView(playground),
    alarms: playground.watched.map(({ alarm, window, metric, unit }) => ({
      name: alarm.name,
      state: playground.alarms.stateOf(alarm.name),
      since: since.get(alarm.name) ?? 0,
      metric,
      comparison: alarm.comparison,
      threshold: alarm.threshold,
      unit,
      periodSeconds: alarm.periodSeconds,
      evaluationPeriods: alarm.evaluationPeriods,
      points: window(Math.max(MOST_POINTS, alarm.evaluationPeriods))
        .map((value) => value ?? null)
        .reverse(),
    })),
    trafficPerSecond: traffic.perSecond,
    answers: { ...traffic.answers },
    history,
    events: events.slice(-MOST_EVENTS),
    notes: playground.cloud.notes,
  };
}

/** A point of the chart. */
export function sampleOf({ playground, clock }: Shown): Snapshot["history"][number] {
  const [control] = playground.controls.values();
  const live = control?.fleet.members.live ?? [];
  const used = live.flatMap(({ cpuPercent }) => (cpuPercent === undefined ? [] : [cpuPercent]));
  return {
    at: clock.now,
    load: playground.requests.rates({}).perSecond,
    cpu: used.length === 0 ? null : used.reduce((sum, percent) => sum + percent, 0) / used.length,
    inService: live.filter(({ inServiceAt }) => inServiceAt <= clock.now).length,
    desired: control?.scaler.desired ?? 0,
    alarms: playground.watched
      .map(({ alarm }) => alarm.name)
      .filter((name) => playground.alarms.stateOf(name) === "ALARM"),
  };
}

export const recent = (history: Snapshot["history"], now: number): Snapshot["history"] =>
  history.filter(({ at }) => at > now - HISTORY_SECONDS);

function groupView({ name, bounds, scaler, fleet }: Control): Snapshot["group"] {
  return {
    name,
    minSize: bounds.minSize,
    maxSize: bounds.maxSize,
    desired: scaler.desired,
    inService: fleet.members.live.filter(({ inServiceAt }) => inServiceAt < Infinity).length,
    cooldownSecondsLeft: scaler.cooldownSecondsLeft,
  };
}

function zonesView({ playground: { cloud, lostZones }, isNatLost }: Shown): Snapshot["zones"] {
  const zones = [...new Set(cloud.subnets.map(({ zone }) => zone))].sort();
  return zones.map((name) => {
    const subnets = cloud.subnets.filter(({ zone }) => zone === name);
    const hasNat = subnets.some(({ natGateway }) => natGateway !== undefined);
    return {
      name,
      lost: lostZones.has(name),
      nat: !hasNat ? "none" : isNatLost ? "lost" : "available",
      subnets: subnets.map(({ id, cidr, isPublic }) => ({ id, cidr, isPublic })),
    };
  });
}

function serversView({ fleet }: Control, { playground, clock }: Shown): Snapshot["servers"] {
  return [...fleet.members.all.values()].flatMap((instance) => {
    const machine = playground.machines.get(instance.id ?? "");
    if (machine === undefined) return [];
    const { id, zone, subnet, imageId, server } = machine;
    return [
      {
        id,
        number: instance.number,
        zone,
        subnetId: subnet,
        imageId,
        lifecycle: instance.leaving ? "Terminating" : instance.inServiceAt < Infinity ? "InService" : "Pending",
        target: playground.healthOf(id),
        ageSeconds: clock.now - instance.launchedAt,
        cpuPercent: server?.alive === true ? instance.cpuPercent : undefined,
        requestsPerSecond: playground.requests.rates({ instance: id }).perSecond,
        stressed: server?.stressed ?? false,
        address: server?.address ?? "",
      } as const,
    ];
  });
}

function balancerView({ cloud, balancers, requests }: Playground): Snapshot["balancer"] {
  const [balancer] = cloud.balancers;
  if (balancer === undefined) return undefined;
  const { perSecond, errorsPerSecond, p50Ms, p99Ms } = requests.rates({ balancer: balancer.arn });
  return {
    name: balancer.name,
    listeners: balancers.open
      .filter((one) => one.balancer === balancer.arn)
      .map(({ port, address }) => `HTTP:${String(port)} → ${address}`),
    requestsPerSecond: perSecond,
    errorsPerSecond,
    p50Ms,
    p99Ms,
  };
}
