import type { Settings } from "./schema";

/** The bounds that the group may be found with: its own, and those that a schedule may have set since the last deploy. */
export function boundsOf({
  fleet,
  scaling,
}: Pick<Settings, "fleet" | "scaling">): Record<"minSizes" | "maxSizes", number[]> {
  const scheduled = Object.values(scaling.schedules ?? {});
  return {
    minSizes: [fleet.minSize, ...scheduled.flatMap(({ minSize }) => minSize ?? [])],
    maxSizes: [fleet.maxSize, ...scheduled.flatMap(({ maxSize }) => maxSize ?? [])],
  };
}
