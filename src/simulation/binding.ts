/** What keeps a group from having more capacity at a moment. */
import type { Group } from "./group";
import type { Scaler } from "./scaler";

/**
 * `start`: servers are starting; `maximum`: the greatest size; `credits`: servers are throttled that could carry the load;
 * `cooldown`: an alarm is raised, and its policy waits; `alarm`: the CPU is past the threshold, and the alarm waits for its
 * periods; `metric`: the average of the group's CPU is not past it.
 */
export type Binding = "start" | "maximum" | "credits" | "cooldown" | "alarm" | "metric";

/** @param cpu of the group in the last minute, in percent */
export function bindingOf(group: Group, scaler: Scaler, cpu: number | undefined): Binding {
  const { full, throttled, vcpus } = group.serving;
  if (throttled > 0 && group.load.cpu <= vcpus * (full + throttled)) return "credits";
  if (full + throttled < scaler.desired) return "start";
  if (scaler.desired >= scaler.bounds.maxSize) return "maximum";
  if (scaler.isRaised) return "cooldown";
  return cpu !== undefined && cpu > scaler.growsAbove ? "alarm" : "metric";
}
