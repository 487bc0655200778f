/** A week of half hours: how many servers a load needs in each, from one or more weeks of it. */
import type { Load } from "../load";

export const SLOT_SECONDS = 1800;
export const SLOTS_A_DAY = 48;
export const DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;
export const SLOTS = DAYS.length * SLOTS_A_DAY;
/** 1970 began on a Thursday, four days before a Monday. */
const FIRST_MONDAY = 4 * SLOTS_A_DAY;

export interface Capacity {
  /** CPU-seconds per second that a server can take before the group grows. */
  readonly ofServer: number;
  readonly minSize: number;
  readonly maxSize: number;
}

/**
 * Servers by half hour from Monday, 00:00 UTC, within the group's sizes: as many as its highest load needs, in half of the weeks or
 * more, so that one unusual day makes no rule.
 *
 * @param begins when the load does, in seconds since 1970
 */
export function neededIn(load: Load, begins: number, capacity: Capacity): number[] {
  const clamp = (size: number) => Math.min(capacity.maxSize, Math.max(capacity.minSize, size));
  return peaksIn(load, begins).map((peaks) => {
    const sorted = [...peaks].sort((one, other) => one - other);
    return clamp(serversFor(sorted[Math.floor(sorted.length / 2)] ?? 0, capacity));
  });
}

/** Without rounding errors making one more of a load that is just carried. */
export const serversFor = (cpu: number, { ofServer }: Capacity): number =>
  Math.max(0, Math.ceil(cpu / ofServer - 1e-9));

/** By half hour of the week, the highest load of each week. */
function peaksIn({ segments, seconds }: Load, begins: number): number[][] {
  const peaks = new Map<number, number>();
  segments.forEach(({ from, cpu }, index) => {
    const to = segments[index + 1]?.from ?? seconds;
    for (let slot = Math.floor((begins + from) / SLOT_SECONDS); slot * SLOT_SECONDS < begins + to; slot++)
      peaks.set(slot, Math.max(peaks.get(slot) ?? 0, cpu));
  });
  const week = Array.from({ length: SLOTS }, (): number[] => []);
  for (const [slot, cpu] of peaks) week[modulo(slot - FIRST_MONDAY)]?.push(cpu);
  return week;
}

export const modulo = (slot: number): number => ((slot % SLOTS) + SLOTS) % SLOTS;
