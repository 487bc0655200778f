/** What a drill sees of a playground, and how it acts on it: by the console's own endpoints. */
import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "../../machine/problem";
import type { Action, Snapshot } from "../snapshot";

const LOOK_MS = 200;

export interface Stage {
  readonly snapshot: () => Promise<Snapshot>;
  readonly act: (action: Action) => Promise<void>;
}

/** @param console address of the console page */
export function stageOf(console: string): Stage {
  const ask = async (path: string, request?: RequestInit): Promise<unknown> => {
    const response = await fetch(`${console}${path}`, request).catch(() => {
      throw new Problem(`The servers behind the emulated AWS do not answer at ${console}; run "npm run local" again`);
    });
    const answer = (await response.json()) as { readonly error?: string };
    if (!response.ok) throw new Problem(answer.error ?? `${console}${path} answers ${String(response.status)}`);
    return answer;
  };
  return {
    snapshot: async () => (await ask("/snapshot")) as Snapshot,
    act: async (action) => {
      const headers = { "Content-Type": "application/json" };
      await ask("/actions", { method: "POST", headers, body: JSON.stringify(action) });
    },
  };
}

/**
 * Looks until something is so.
 *
 * @param seconds of the clock, that it may take
 * @returns what it looks like then; undefined if it takes longer
 */
export async function until(
  stage: Stage,
  isSo: (snapshot: Snapshot) => boolean,
  seconds: number,
): Promise<Snapshot | undefined> {
  const { now } = await stage.snapshot();
  for (;;) {
    const snapshot = await stage.snapshot();
    if (isSo(snapshot)) return snapshot;
    if (snapshot.now > now + seconds) return undefined;
    await pause(LOOK_MS);
  }
}

/** Healthy targets that serve. */
export const healthy = ({ servers }: Snapshot) =>
  servers.filter(({ lifecycle, target }) => lifecycle === "InService" && target.state === "healthy").length;

/** As many servers as are desired, all healthy, and none that comes or goes. */
export const atRest = (snapshot: Snapshot) =>
  healthy(snapshot) === snapshot.group?.desired && snapshot.servers.length === snapshot.group.desired;

export const inAlarm =
  (name: string) =>
  ({ alarms }: Snapshot) =>
    alarms.some((alarm) => alarm.name === name && alarm.state === "ALARM");
