/** What a fleet asks of the emulated EC2 and of this machine. */
import type { Clock } from "./clock";
import type { Launched as Started, Machinery, RunningServer } from "./fleet";
import type { Launched, Plane } from "./plane";
import type { Image } from "./servers/image";
import { startServer, type Server } from "./servers/server";

export interface MachineryOptions {
  readonly group: string;
  readonly plane: Plane;
  readonly clock: Clock;
  /** Of the emulated AWS. */
  readonly folder: string;
  /** Cores of this machine that one server may use. */
  readonly share: number;
  readonly imageOf: (id: string) => Promise<Image>;
  /** Whether nothing can be launched in a subnet, since its zone is lost. */
  readonly isLost: (subnet: string) => boolean;
  readonly drained: (instance: string) => Promise<void>;
  /** Called when the targets of the group's target groups are others. */
  readonly changed: () => void;
}

/** An instance in EC2, with its server once it has booted. */
export interface Machine extends Launched {
  readonly subnet: string;
  server?: Server;
}

/** @param machines by their ids; those that are launched are added, those that are removed are deleted */
export function machineryOf(options: MachineryOptions, machines: Map<string, Machine>): Machinery {
  const { group, plane, clock, folder, share, imageOf, isLost, drained, changed } = options;
  return {
    async launch(subnet) {
      if (isLost(subnet))
        throw new Error("We currently do not have sufficient capacity in the Availability Zone you requested.");
      const launched = await plane.launch(group, subnet);
      machines.set(launched.id, { ...launched, subnet });
      return launched;
    },
    async start({ id, imageId, subnet }: Started & { readonly subnet: string }): Promise<RunningServer> {
      const machine = machines.get(id);
      if (machine === undefined) throw new Error(`${id} is not an instance of ${group}`);
      const { privateIp, zone, tags } = machine;
      const server = await startServer({
        instance: { id, imageId, privateIp, zone, subnetId: subnet, tags },
        image: await imageOf(imageId),
        folder,
        share,
        speed: clock.speed,
      });
      machine.server = server;
      return server;
    },
    async member(id, lifecycle, health) {
      await plane.member(group, id, lifecycle, health);
      changed();
    },
    drained,
    async remove(id) {
      await plane.remove(group, id);
      machines.delete(id);
    },
    activity: (activity) => plane.activity(group, activity),
  };
}
