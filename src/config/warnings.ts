/** What is deployable and documented, and still unsafe: told at each synth, with the setting that cures it. */
import { Address4 } from "ip-address";
import { subnetPrefix } from "../aws/subnets";
import { isBurstable } from "../aws/instance-types";
import type { Settings } from "./schema";

interface Warning {
  readonly applies: (settings: Settings) => boolean;
  readonly message: (settings: Settings) => string;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#availability-zones */
const LOAD_BALANCER_PREFIX = 27;

const warnings: readonly Warning[] = [
  {
    applies: ({ bastion }) => bastion?.sshSources.some((source) => new Address4(source).subnetMask === 0) ?? false,
    message: () =>
      "The bastion's SSH port is open to the whole internet. Name your own networks in bastion.sshSources, or leave it empty and use Session Manager.",
  },
  {
    applies: ({ network }) => network.nat === "single",
    message: ({ network }) =>
      `One NAT gateway serves all zones: without ${network.zones[0] ?? "its zone"} no instance reaches the internet. network.nat: "perZone" gives each zone its own.`,
  },
  {
    applies: ({ network }) => network.nat === "none",
    message: () =>
      'Without a NAT gateway the instances reach only S3: no Session Manager, no package updates. network.nat: "single" gives them a way out.',
  },
  {
    applies: ({ names }) => names.style === "fixed",
    message: () =>
      'Fixed names: a change that replaces the target group or a security group fails while it is in use. names.style: "prefix" lets the new one stand before the old one goes.',
  },
  {
    applies: ({ targetGroup }) => targetGroup.healthCheck.path === "/",
    message: () =>
      "The health check asks for the front page: whatever breaks or slows that page takes instances out. Point targetGroup.healthCheck.path at a path of its own, such as /healthz.",
  },
  {
    applies: ({ fleet, scaling }) =>
      isBurstable(fleet.instanceType) && fleet.cpuCredits === "standard" && growsAt(scaling).percent > 10,
    message: ({ fleet }) =>
      `${fleet.instanceType} without credits is held to its baseline, so a saturated group looks idle and is scaled in. fleet.cpuCredits: "unlimited" keeps the alarms true.`,
  },
  {
    applies: ({ fleet, scaling }) =>
      isBurstable(fleet.instanceType) && fleet.cpuCredits === "unlimited" && growsAt(scaling).percent > 10,
    message: ({ fleet, scaling }) =>
      `${fleet.instanceType} may stay just below ${String(growsAt(scaling).percent)} % CPU for long, far above its baseline, and AWS bills the surplus credits. A lower ${growsAt(scaling).setting}, or a fleet.instanceType that is not burstable, bounds that.`,
  },
  {
    applies: ({ scaling }) => scaling.kind === "simple" && scaling.out.cooldownSeconds >= 300,
    message: ({ scaling }) =>
      `After each added instance the group rests ${String(scaling.kind === "simple" && scaling.out.cooldownSeconds)} seconds before it adds another, whatever the load. scaling.out.cooldownSeconds: 120 follows a rush sooner.`,
  },
  {
    // https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html#as-target-tracking-considerations
    applies: ({ fleet, scaling }) => scaling.kind === "targetTracking" && !fleet.detailedMonitoring,
    message: () =>
      "Target tracking watches minutes, and basic monitoring tells it the CPU every five: it follows late. fleet.detailedMonitoring: true tells it each minute.",
  },
  {
    applies: ({ fleet }) => fleet.warmPool?.state === "Running",
    message: () =>
      'Servers that wait running are billed like those in service. fleet.warmPool.state: "Stopped" pays for their disks alone.',
  },
  {
    applies: ({ scaling }) =>
      Object.values(scaling.schedules ?? {}).some(({ minSize, maxSize }) => (minSize ?? maxSize) !== undefined),
    message: () =>
      "Schedules set the group's bounds, so no deploy changes those that stand: a new fleet.minSize or fleet.maxSize has to be in scaling.schedules, too, and comes when they act.",
  },
  {
    applies: ({ network }) => subnetPrefix(new Address4(network.cidr), 2 * network.zones.length) > LOAD_BALANCER_PREFIX,
    message: ({ network }) =>
      `Public subnets of ${network.cidr} are smaller than the /${String(LOAD_BALANCER_PREFIX)} that AWS asks for below a load balancer. Widen network.cidr.`,
  },
  {
    applies: ({ fleet }) => fleet.minSize === 0,
    message: () =>
      "Scaling may take the last server away, and without servers there is no CPU that would bring one back. fleet.minSize: 1 keeps one.",
  },
  {
    applies: ({ loadBalancer }) => loadBalancer.deletionProtection !== "on",
    message: ({ loadBalancer: { deletionProtection } }) =>
      `The load balancer may be deleted: ${deletionProtection === "on" ? "" : deletionProtection.off}. loadBalancer.deletionProtection: "on" forbids it.`,
  },
];

/** The CPU above which the group grows, and the setting that says so. */
function growsAt(scaling: Settings["scaling"]): { readonly percent: number; readonly setting: string } {
  return scaling.kind === "targetTracking"
    ? { percent: scaling.targetPercent, setting: "scaling.targetPercent" }
    : { percent: scaling.out.thresholdPercent, setting: "scaling.out.thresholdPercent" };
}

/** The sentences to print for an environment; each names the setting that cures it. */
export function warningsOf(settings: Settings): string[] {
  return warnings.filter(({ applies }) => applies(settings)).map(({ message }) => message(settings));
}
