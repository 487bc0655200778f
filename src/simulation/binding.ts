/** What keeps a group from having more capacity at a moment. */
import type { Alarm } from "../aws/alarm";
import type { Alarms } from "../aws/auto-scaling/alarms";
import type { Scaler } from "../aws/auto-scaling/scaler";
import type { Group } from "./group";
import type { Instance } from "./instance";

/**
 * `start`: servers are starting; `maximum`: the greatest size; `credits`: servers are throttled that could carry the load;
 * `cooldown`: an alarm is raised, and its policy waits; `alarm`: the CPU is past the threshold, and the alarm waits for its
 * periods; `metric`: the average of the group's CPU is not past it.
 */
export type Binding = "start" | "maximum" | "credits" | "cooldown" | "alarm" | "metric";

/** @param growing the alarms that make the group larger @param cpu of the group in the last minute, in percent */
export function bindingOf(
  { serving: { full, throttled, vcpus }, load }: Pick<Group, "serving" | "load">,
  { desired, bounds }: Pick<Scaler<Instance>, "desired" | "bounds">,
  growing: readonly Alarm[],
  alarms: Pick<Alarms, "stateOf">,
  cpu: number | undefined,
): Binding {
  if (throttled > 0 && load.cpu <= vcpus * (full + throttled)) return "credits";
  if (full + throttled < desired) return "start";
  if (desired >= bounds.maxSize) return "maximum";
  if (growing.some(({ name }) => alarms.stateOf(name) === "ALARM")) return "cooldown";
  return cpu !== undefined && growing.some(({ threshold }) => cpu > threshold) ? "alarm" : "metric";
}
