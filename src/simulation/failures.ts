/** Servers whose application fails. */
import type { AutoScalingGroup } from "../aws/auto-scaling/group";
import type { World } from "../aws/auto-scaling/world";
import type { Instance } from "./instance";
import type { Model } from "./model";

/**
 * The application of a server fails: its requests do at once; it fails its checks until it is unhealthy.
 *
 * @param reroute to be called when the server answers with errors
 */
export function fail(world: World, group: AutoScalingGroup<Instance>, model: Model, reroute: () => void): void {
  const instance = group.members.live.find(({ healthy, broken }) => healthy && !broken);
  if (instance === undefined) return;
  world.say("health", `instance ${String(instance.number)} fails`);
  instance.broken = true;
  reroute();
  const { unhealthyThreshold, intervalSeconds } = model.healthCheck;
  world.after(unhealthyThreshold * intervalSeconds, () => group.foundUnhealthy(instance, "is unhealthy"));
}
