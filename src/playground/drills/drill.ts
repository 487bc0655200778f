/** A drill: something happens to the site, and each thing that is promised is waited for. */
import type { Snapshot } from "../snapshot";
import { until, type Stage } from "./stage";

/** One thing that is to happen. */
export interface Step {
  /** In the words of the reference deployment. */
  readonly promise: string;
  readonly isSo: (snapshot: Snapshot) => boolean;
  /** Of the clock, since the step before. */
  readonly withinSeconds: number;
  /** Whether it may come while another one is waited for; its time is what counts. */
  readonly anytime?: true;
  /** What the time until then is: the three that every drill tells. */
  readonly marks?: "detected" | "healed" | "capacity";
}

export interface Drill {
  readonly about: string;
  /** Requests per second that are sent meanwhile. */
  readonly requestsPerSecond: number;
  /** Brings the site to where the drill begins; @returns when what happens has happened, with what there is to wait for then */
  begin(stage: Stage, props: Props): Promise<readonly Step[]>;
  /** Takes back what is not over by itself. */
  end?(stage: Stage, props: Props): Promise<void>;
}

/** What a drill changes in the emulated account. */
export interface Props {
  readonly highAlarm: string;
  readonly lowAlarm: string;
  /** So many servers at least, or as many as the settings say: an idle site would shrink again at once. */
  readonly keep: (servers?: number) => Promise<void>;
  /** Of the target group. @returns the path before */
  readonly setHealthCheckPath: (path: string) => Promise<string>;
}

export interface Happened {
  /** Seconds of the clock since the drill began. */
  readonly at: number;
  readonly text: string;
}

export interface DrillReport {
  readonly name: string;
  readonly happened: readonly Happened[];
  /** The promise that was not kept. */
  readonly broken: string | undefined;
  readonly detected: number | undefined;
  readonly healed: number | undefined;
  readonly capacity: number | undefined;
  readonly requests: number;
  readonly failed: number;
  readonly speed: number;
}

/** @param said called with each thing as it happens */
export async function play(
  name: string,
  drill: Drill,
  stage: Stage,
  props: Props,
  said: (happened: Happened) => void,
): Promise<DrillReport> {
  await stage.act({ action: "traffic", perSecond: drill.requestsPerSecond });
  const happened: Happened[] = [];
  const marks = new Map<string, number>();
  let broken: string | undefined;
  const first = await stage.snapshot();
  let begun = first;
  try {
    const steps = await drill.begin(stage, props);
    begun = await stage.snapshot();
    const say = (one: Happened) => {
      happened.push(one);
      said(one);
    };
    const open = new Set(steps.filter(({ anytime }) => anytime));
    const kept = (step: Step, { now }: Snapshot) => {
      const at = now - begun.now;
      open.delete(step);
      if (step.marks !== undefined && !marks.has(step.marks)) marks.set(step.marks, at);
      say({ at, text: step.promise });
    };
    const look = (isSo: Step["isSo"]) => (now: Snapshot) => {
      for (const step of open) if (step.isSo(now)) kept(step, now);
      return isSo(now);
    };
    for (const step of steps) {
      if (step.anytime && !open.has(step)) continue;
      const then = await until(stage, look(step.anytime ? () => !open.has(step) : step.isSo), step.withinSeconds);
      if (then === undefined) {
        broken = step.promise;
        break;
      }
      if (!step.anytime) kept(step, then);
    }
  } finally {
    await drill.end?.(stage, props);
    await stage.act({ action: "traffic", perSecond: 0 });
  }
  const last = await stage.snapshot();
  return {
    name,
    happened,
    broken,
    detected: marks.get("detected"),
    healed: marks.get("healed"),
    capacity: marks.get("capacity"),
    requests: last.answers.total - begun.answers.total,
    failed: last.answers.failed - begun.answers.failed,
    speed: last.speed,
  };
}
