/** The document's story as snapshots: one server, load on it, two servers, load ends, one server. A feed for the console without servers. */
import type { Action, Snapshot } from "../../src/playground/snapshot";

type Server = Snapshot["servers"][number];
type Sample = Snapshot["history"][number];

const START = Date.parse("2026-03-02T09:00:00Z");
/** The simulation's, of the reference deployment. */
export const EVENTS: Snapshot["events"] = [
  { at: 60, kind: "alarm", text: "cpu-high OK" },
  { at: 60, kind: "alarm", text: "cpu-low ALARM" },
  { at: 600, kind: "load", text: "load begins on server 1" },
  { at: 960, kind: "alarm", text: "cpu-low OK" },
  { at: 1260, kind: "alarm", text: "cpu-high ALARM" },
  { at: 1260, kind: "scale", text: "scale-out: add 1 instance, 1 → 2" },
  { at: 1260, kind: "instance", text: "server 2 is launched" },
  { at: 1400, kind: "health", text: "server 2 is healthy, 2 servers serve" },
  { at: 1500, kind: "load", text: "load ends" },
  { at: 1860, kind: "alarm", text: "cpu-high OK" },
  { at: 2160, kind: "alarm", text: "cpu-low ALARM" },
  { at: 2160, kind: "scale", text: "scale-in: remove 1 instance, 2 → 1" },
  { at: 2160, kind: "instance", text: "server 1 leaves" },
  { at: 2230, kind: "instance", text: "server 1 is terminated" },
];
export const END = 2400;

/** What the buttons have changed; the story itself goes on as it does. */
interface Wishes {
  readonly speed?: number;
  readonly perSecond?: number;
  readonly lostZones?: readonly string[];
  readonly natLost?: boolean;
  readonly stressed?: readonly string[];
  readonly killed?: readonly string[];
}

/** @param now seconds since the start */
export function storyAt(now: number, wishes: Wishes = {}): Snapshot {
  const { speed = 10, perSecond = 20, lostZones = [], natLost = false, stressed = [], killed = [] } = wishes;
  const sample = sampleAt(now, perSecond);
  const servers = serversAt(now, perSecond)
    .map((server) => ({ ...server, stressed: server.stressed || stressed.includes(server.id) }))
    .map((server) => (killed.includes(server.id) || lostZones.includes(server.zone) ? dead(server) : server));
  const errors = servers.filter(({ target }) => target.state === "unhealthy").length * perSecond * 0.4;
  return {
    time: new Date(START + now * 1000).toISOString(),
    now,
    speed,
    environment: "production",
    application: "http://web-app-albb.localhost:8080",
    group: {
      name: "web-app_asg",
      minSize: 1,
      maxSize: 4,
      desired: sample.desired,
      inService: sample.inService,
      cooldownSecondsLeft: Math.max(0, 1260 + 300 - now) * Number(now >= 1260),
    },
    zones: ["a", "b"].map((letter, index) => ({
      name: `ap-south-1${letter}`,
      lost: lostZones.includes(`ap-south-1${letter}`),
      nat: index > 0 ? "none" : natLost ? "lost" : "available",
      subnets: [
        { id: `subnet-0pub${letter}`, cidr: `192.168.1.${String(index * 32)}/27`, isPublic: true },
        { id: `subnet-0pri${letter}`, cidr: `192.168.1.${String(64 + index * 32)}/27`, isPublic: false },
      ],
    })),
    servers,
    balancer: {
      name: "web-app-albb",
      listeners: ["HTTP:80 → http://127.0.0.1:8080"],
      requestsPerSecond: perSecond,
      errorsPerSecond: errors,
      p50Ms: 4 + (sample.cpu ?? 0) / 3,
      p99Ms: 11 + (sample.cpu ?? 0) * 2.2,
    },
    alarms: (["cpu-high", "cpu-low"] as const).map((name) => alarmAt(name, now)),
    trafficPerSecond: perSecond,
    answers: { total: Math.round(now * perSecond), failed: 0 },
    history: Array.from({ length: Math.floor(now / 10) + 1 }, (_, index) => sampleAt(index * 10, perSecond)).filter(
      ({ at }) => at >= now - 3600,
    ),
    events: EVENTS.filter(({ at }) => at <= now),
    notes: [],
  };
}

/** Nothing is deployed. */
export function nothingAt(now: number): Snapshot {
  return {
    ...storyAt(now, { perSecond: 0 }),
    application: "",
    ...{ group: undefined, balancer: undefined, zones: [], servers: [], alarms: [], history: [] },
    notes: ["The listener action “authenticate-oidc” is not understood: its rule is left out."],
  };
}

/** More of everything than the story has: zones, servers, alarms with long names, events, and none of it fits easily. */
export function crowdAt(now: number): Snapshot {
  const quiet = storyAt(now, { perSecond: 950 });
  const [server, zone, alarm] = [quiet.servers[0], quiet.zones[0], quiet.alarms[0]];
  if (!server || !zone || !alarm) throw new Error("the story has a server, a zone and an alarm");
  const zones = ["a", "b", "c"].map((letter) => `ap-south-1${letter}`);
  const names = ["cpu-high", "TargetTracking-web-app_asg-AlarmHigh-0f1c2d3e-4a5b-6c7d-8e9f-0a1b2c3d4e5f", "errors"];
  const failing = { state: "unhealthy", description: "Health checks failed with these codes: [502]" };
  return {
    ...quiet,
    ...(quiet.group
      ? { group: { ...quiet.group, maxSize: 12, desired: 9, inService: 8, cooldownSecondsLeft: 250 } }
      : {}),
    zones: zones.map((name) => ({ ...zone, name })),
    servers: Array.from({ length: 9 }, (_, index) => ({
      ...server,
      id: `i-${String(index).repeat(17)}`,
      number: index + 97,
      zone: zones[index % 7 === 0 ? 2 : 0] ?? "",
      cpuPercent: index * 12.5,
      ageSeconds: 10 ** index,
      requestsPerSecond: 105.6,
      target: index === 3 ? failing : server.target,
    })),
    alarms: ["", "-slow", "-of-the-second-target-group"].flatMap((end) =>
      names.map((name) => ({
        ...alarm,
        name: name + end,
        metric: "TargetResponseTime p99",
        unit: "s",
        threshold: 0.5,
      })),
    ),
    events: Array.from({ length: 200 }, (_, index) => ({
      at: index,
      kind: ["alarm", "scale", "instance", "health", "load", "zone"][index % 6] ?? "",
      text: `i-${String(index % 10).repeat(17)} is what this event is about, and that takes a line or two`,
    })),
    notes: ["The action authenticate-oidc of the listener HTTPS:443 is not understood: its rule is left out."],
  };
}

/** @returns what the buttons have changed, and in words what happened */
export function wish(wishes: Wishes, action: Action): [Wishes, string] {
  const toggled = (all: readonly string[] = [], item: string, on: boolean) =>
    on ? [...all, item] : all.filter((other) => other !== item);
  switch (action.action) {
    case "stress": {
      const stressed = toggled(wishes.stressed, action.server, action.on);
      return [{ ...wishes, stressed }, `Load ${action.on ? "begins" : "ends"} on ${action.server}.`];
    }
    case "freeze":
    case "kill": {
      const killed = [...(wishes.killed ?? []), action.server];
      return [{ ...wishes, killed }, `The processes of ${action.server} are killed; the health check has to find it.`];
    }
    case "loseZone": {
      const lostZones = toggled(wishes.lostZones, action.zone, action.lost);
      return [{ ...wishes, lostZones }, `Zone ${action.zone} is ${action.lost ? "lost" : "back"}.`];
    }
    case "loseNat":
      return [{ ...wishes, natLost: action.lost }, `The NAT gateway is ${action.lost ? "lost" : "back"}.`];
    case "traffic":
      return [{ ...wishes, perSecond: action.perSecond }, `${String(action.perSecond)} requests per second are sent.`];
    case "speed":
      return [{ ...wishes, speed: action.speed }, `The clock runs ${String(action.speed)} times as fast as real time.`];
  }
}

function sampleAt(at: number, perSecond: number): Sample {
  const loaded = at >= 600 && at < 1500;
  const inService = at >= 1400 && at < 2160 ? 2 : 1;
  const noise = Math.sin(at / 37) * 1.5;
  const alarms = EVENTS.filter((event) => event.kind === "alarm" && event.at <= at).map(({ text }) => text.split(" "));
  const last = (name: string) => alarms.findLast(([of]) => of === name)?.[1];
  return {
    at,
    load: Math.max(0, perSecond + noise * Math.sqrt(perSecond) * 0.3),
    cpu: at < 60 ? null : loaded ? 97 / inService + noise : 4 + noise,
    inService,
    desired: at >= 1260 && at < 2160 ? 2 : 1,
    alarms: ["cpu-high", "cpu-low"].filter((name) => last(name) === "ALARM"),
  };
}

function serversAt(now: number, perSecond: number): Server[] {
  const common = { imageId: "ami-02f2230845208fdc0", address: "http://127.0.0.1:41001" };
  const loaded = now >= 600 && now < 1500;
  const each = perSecond / (now >= 1400 && now < 2160 ? 2 : 1);
  const servers: Server[] = [];
  if (now < 2230)
    servers.push({
      ...common,
      id: "i-0c1d5c3f9b7a2e846",
      number: 1,
      zone: "ap-south-1a",
      subnetId: "subnet-0pria",
      lifecycle: now < 2160 ? "InService" : "Terminating",
      target: now < 2160 ? { state: "healthy" } : DRAINING,
      ageSeconds: now + 200,
      cpuPercent: loaded ? 98.6 : 4.1,
      requestsPerSecond: now < 2160 ? each : 0,
      stressed: loaded,
    });
  if (now >= 1260)
    servers.push({
      ...common,
      id: "i-0a94de72b1f06c355",
      number: 2,
      zone: "ap-south-1b",
      subnetId: "subnet-0prib",
      lifecycle: now < 1330 ? "Pending" : "InService",
      target: now < 1400 ? INITIAL : { state: "healthy" },
      ageSeconds: now - 1260,
      cpuPercent: now < 1330 ? undefined : 4.4,
      requestsPerSecond: now < 1400 ? 0 : each,
      stressed: false,
    });
  return servers;
}

const INITIAL = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
};
const DRAINING = {
  state: "draining",
  reason: "Target.DeregistrationInProgress",
  description: "Target deregistration is in progress",
};

function dead(server: Server): Server {
  const target = { state: "unhealthy", reason: "Target.Timeout", description: "Request timed out" };
  return { ...server, target, cpuPercent: 0, requestsPerSecond: 0, stressed: false };
}

function alarmAt(name: "cpu-high" | "cpu-low", now: number): Snapshot["alarms"][number] {
  const last = EVENTS.findLast(({ at, text }) => at <= now && text.startsWith(name));
  const periods = Array.from({ length: 10 }, (_, index) => Math.floor(now / 300) - 10 + index);
  return {
    name,
    state: (last?.text.split(" ")[1] ?? "INSUFFICIENT_DATA") as "OK",
    since: last?.at ?? 0,
    metric: "CPUUtilization",
    ...(name === "cpu-high" ? { comparison: ">", threshold: 80 } : { comparison: "<", threshold: 30 }),
    unit: "%",
    periodSeconds: 300,
    evaluationPeriods: 1,
    points: periods.map((period) => (period < 0 ? null : sampleAt(period * 300 + 150, 0).cpu)),
  };
}
