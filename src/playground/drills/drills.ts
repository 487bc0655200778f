/** The drills by name. */
import { Problem } from "../../machine/problem";
import type { Snapshot } from "../snapshot";
import type { Drill, Step } from "./drill";
import { atRest, healthy, inAlarm, until, type Stage } from "./stage";

const MINUTE = 60;
/** A launch, the health checks and a replacement, with room for a busy machine. */
const SOON = 30 * MINUTE;
const PERIOD = 5 * MINUTE;
/** The document's own test: `stress --cpu 8 --timeout 600s`. */
const STRESS_SECONDS = 600;
const QUIET_SECONDS = 3600;

/** Before a drill begins. @throws Problem if the site does not come to rest */
async function quiet(stage: Stage, servers: number): Promise<Snapshot> {
  const rest = await until(stage, (now) => atRest(now) && now.group?.desired === servers, QUIET_SECONDS);
  if (rest === undefined)
    throw new Problem(`The site does not come to rest with ${String(servers)} healthy servers; see the console page`);
  return rest;
}

const firstOf = (snapshot: Snapshot) => {
  const [server] = snapshot.servers.filter(({ target }) => target.state === "healthy");
  if (server === undefined) throw new Problem("No server is healthy");
  return server;
};

const isHealthy = (id: string) => (now: Snapshot) =>
  now.servers.some((server) => server.id === id && server.target.state === "healthy");
const isGone = (id: string) => (now: Snapshot) => now.servers.every((server) => server.id !== id);
const not =
  (isSo: (now: Snapshot) => boolean) =>
  (now: Snapshot): boolean =>
    !isSo(now);

/** An unhealthy server is found, and another one takes its place. */
const replaced = (id: string, servers: number): Step[] => [
  {
    promise: `${id} is unhealthy in the target group`,
    isSo: not(isHealthy(id)),
    withinSeconds: SOON,
    marks: "detected",
  },
  { promise: `the group has terminated ${id}`, isSo: isGone(id), withinSeconds: SOON },
  {
    promise: `${String(servers)} healthy again`,
    isSo: (now) => atRest(now) && healthy(now) === servers,
    withinSeconds: SOON,
    marks: "healed",
  },
];

export const DRILLS: Readonly<Record<string, Drill>> = {
  document: {
    about: "the reference deployment's own test: 600 s of load on one server, 1 → 2 → 1",
    requestsPerSecond: 5,
    async begin(stage, { highAlarm, lowAlarm }) {
      await quiet(stage, 1);
      // Until the alarms have seen an idle site for as long as they look back.
      await until(stage, inAlarm(lowAlarm), QUIET_SECONDS);
      const { servers } = await quiet(stage, 1);
      // The two periods of the alarm have to be full of load: the load begins with a period.
      await until(stage, ({ now }) => now % PERIOD < MINUTE / 2, 2 * PERIOD);
      await stage.act({ action: "stress", server: servers[0]?.id ?? "", on: true, seconds: STRESS_SECONDS });
      await until(stage, (now) => now.servers.some(({ stressed }) => stressed), MINUTE);
      return [
        {
          promise: `${highAlarm} goes to ALARM`,
          isSo: inAlarm(highAlarm),
          withinSeconds: 5 * PERIOD,
          marks: "detected",
        },
        {
          promise: "the group launches a second server, the count goes 1 → 2",
          isSo: (now) => now.group?.desired === 2 && now.servers.length === 2,
          withinSeconds: 2 * PERIOD,
        },
        {
          promise: "it turns healthy in the target group",
          isSo: (now) => healthy(now) === 2,
          withinSeconds: SOON,
          marks: "capacity",
        },
        {
          promise: "the load has ended",
          isSo: (now) => now.servers.every(({ stressed }) => !stressed),
          withinSeconds: SOON,
          anytime: true,
        },
        { promise: `${lowAlarm} goes to ALARM`, isSo: inAlarm(lowAlarm), withinSeconds: 8 * PERIOD },
        {
          promise: "the count returns to 1",
          isSo: (now) => now.group?.desired === 1 && atRest(now),
          withinSeconds: SOON,
          marks: "healed",
        },
      ];
    },
  },

  "kill-server": {
    about: "a server's processes die, its instance runs on",
    requestsPerSecond: 20,
    async begin(stage, { keep }) {
      await keep(2);
      const { id } = firstOf(await quiet(stage, 2));
      await stage.act({ action: "kill", server: id });
      return replaced(id, 2);
    },
    end: (_stage, { keep }) => keep(),
  },

  "lose-zone": {
    about: "all servers of a zone are lost, and none can be launched there; later it is back",
    requestsPerSecond: 20,
    async begin(stage, { keep }) {
      await keep(2);
      const { id, zone } = firstOf(await quiet(stage, 2));
      await stage.act({ action: "loseZone", zone, lost: true });
      return replaced(id, 2);
    },
    async end(stage, { keep }) {
      await keep();
      const { zones } = await stage.snapshot();
      for (const { name, lost } of zones) if (lost) await stage.act({ action: "loseZone", zone: name, lost: false });
    },
  },

  "slow-application": {
    about: "a server's answers come too late for the health check",
    requestsPerSecond: 20,
    async begin(stage, { keep }) {
      await keep(2);
      const { id } = firstOf(await quiet(stage, 2));
      await stage.act({ action: "freeze", server: id });
      return replaced(id, 2);
    },
    end: (_stage, { keep }) => keep(),
  },

  "bad-health-check": {
    about: "the health check's path is wrong for a while: every server is unhealthy, and all of them serve (fail-open)",
    requestsPerSecond: 20,
    async begin(stage, { setHealthCheckPath }) {
      const { id } = firstOf(await quiet(stage, 1));
      path = await setHealthCheckPath("/no-such-page");
      return [
        {
          promise: "every server is unhealthy in the target group",
          isSo: (now) => healthy(now) === 0,
          withinSeconds: SOON,
          marks: "detected",
        },
        { promise: `the group has replaced ${id} in vain`, isSo: isGone(id), withinSeconds: SOON },
      ];
    },
    async end(_stage, { setHealthCheckPath }) {
      if (path !== undefined) await setHealthCheckPath(path);
    },
  },

  "flash-crowd": {
    about: "requests come all at once, more than one server can answer",
    requestsPerSecond: 0,
    async begin(stage, { highAlarm }) {
      await quiet(stage, 1);
      await stage.act({ action: "traffic", perSecond: CROWD });
      return [
        {
          promise: `${highAlarm} goes to ALARM`,
          isSo: inAlarm(highAlarm),
          withinSeconds: 5 * PERIOD,
          marks: "detected",
        },
        {
          promise: "a second server is healthy",
          isSo: (now) => healthy(now) >= 2,
          withinSeconds: SOON,
          marks: "capacity",
        },
      ];
    },
  },
};

let path: string | undefined;
/** Requests per second. */
const CROWD = 200;
