/** What somebody does to a playground, by the console's buttons or by a drill. */
import type { Clock } from "./clock";
import type { Plane } from "./plane";
import type { Playground } from "./playground";
import type { Action } from "./snapshot";
import type { Traffic } from "./traffic";

/** As the application's own load ends by itself. */
const STRESS_SECONDS = 900;

interface Stage {
  readonly playground: Playground;
  readonly clock: Clock;
  readonly plane: Plane;
  readonly traffic: Traffic;
  readonly loseNat: (lost: boolean) => void;
}

/**
 * @returns what happened, in one line
 * @throws Error with one line if it cannot be done
 */
export async function act(action: Action, { playground, clock, plane, traffic, loseNat }: Stage): Promise<string> {
  switch (action.action) {
    case "stress": {
      const server = serverOf(playground, action.server);
      if (action.on) server.stress((action.seconds ?? STRESS_SECONDS) / clock.speed);
      else server.calm();
      clock.say("load", `load ${action.on ? "begins" : "ends"} on ${action.server}`);
      return `The load ${action.on ? "begins" : "ends"} on ${action.server}`;
    }
    case "kill":
      await serverOf(playground, action.server).kill();
      clock.say("load", `the server of ${action.server} is killed`);
      return `The server of ${action.server} is killed; its instance runs on, and the health check has to find it`;
    case "freeze":
      serverOf(playground, action.server).freeze();
      clock.say("load", `the server of ${action.server} answers nothing any more`);
      return `The server of ${action.server} accepts connections and answers nothing`;
    case "loseZone": {
      const { zone, lost } = action;
      if (!playground.cloud.subnets.some((subnet) => subnet.zone === zone)) throw new Error(`There is no zone ${zone}`);
      const killed = await playground.loseZone(zone, lost);
      clock.say("load", lost ? `zone ${zone} is lost` : `zone ${zone} is back`);
      return lost
        ? `Zone ${zone} is lost: ${String(killed)} of its servers are gone, and none can be launched there`
        : `Zone ${zone} is back`;
    }
    case "loseNat":
      loseNat(action.lost);
      clock.say("load", action.lost ? "the NAT gateways are lost" : "the NAT gateways are back");
      return action.lost
        ? "The NAT gateways are lost: servers reach nothing outside, and requests go on, since they come through the load balancer"
        : "The NAT gateways are back";
    case "traffic":
      traffic.perSecond = action.perSecond;
      clock.say("load", `${String(action.perSecond)} requests per second are sent`);
      return `${String(action.perSecond)} requests per second are sent`;
    case "speed":
      clock.speed = action.speed;
      await plane.clock(clock.date, clock.speed);
      return `The emulated AWS's clock runs ${String(action.speed)} times as fast as the real one`;
  }
}

function serverOf({ machines }: Playground, id: string) {
  const server = machines.get(id)?.server;
  if (server?.alive !== true) throw new Error(`There is no server of ${id} that runs`);
  return server;
}
