/** The name of a scheduled action in AWS. */
import { createHash } from "node:crypto";
import type { Recurrence } from "./cron-overlap";

/**
 * `night-5b3e0c21`: the schedule's name, and a hash of when it recurs. Another recurrence is another action: changed in place, the
 * provider would send the old start time along, and the action would run once more at the old time.
 */
export function scheduledActionName(name: string, { recurrence, timeZone }: Recurrence): string {
  const when = createHash("sha256").update(`${recurrence} ${timeZone}`).digest("hex").slice(0, 8);
  return `${name}-${when}`;
}
