/** What the console's buttons ask for, as it comes over the wire. */
import { z } from "zod";
import { FASTEST } from "../running";
import type { Action } from "../snapshot";

/** More than a laptop's servers answer; a wish beyond it is a mistake. */
const MOST_REQUESTS_PER_SECOND = 1000;

const schema = z.discriminatedUnion("action", [
  z.strictObject({
    action: z.literal("stress"),
    server: z.string(),
    on: z.boolean(),
    seconds: z.number().positive().optional(),
  }),
  z.strictObject({ action: z.literal("kill"), server: z.string() }),
  z.strictObject({ action: z.literal("freeze"), server: z.string() }),
  z.strictObject({ action: z.literal("loseZone"), zone: z.string(), lost: z.boolean() }),
  z.strictObject({ action: z.literal("loseNat"), lost: z.boolean() }),
  z.strictObject({ action: z.literal("traffic"), perSecond: z.number().min(0).max(MOST_REQUESTS_PER_SECOND) }),
  z.strictObject({ action: z.literal("speed"), speed: z.number().positive().max(FASTEST) }),
]);

const NAMES = schema.options.map(({ shape }) => shape.action.value);

/** @returns the action, or what is wrong with it in one line */
export function readAction(body: string): Action | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return "The body is not JSON.";
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const name = typeof json === "object" && json !== null && "action" in json ? json.action : undefined;
  if (!NAMES.some((known) => known === name))
    return `There is no action ${JSON.stringify(name ?? null)}; there are ${NAMES.join(", ")}.`;
  const problems = read.error.issues.map(({ path, message }) => [...path, message].join(": "));
  return `The action ${String(name)} cannot be read: ${problems.join("; ")}.`;
}
