/** The alarms of a group, minute by minute. */
import { evaluate, EXTRA_PERIODS, type Alarm, type AlarmState } from "../alarm";
import type { World } from "./world";

/** An alarm in the state ALARM, in one minute. */
export interface Breach {
  readonly alarm: Alarm;
  /** Of the metric, those that exist, the newest first. */
  readonly points: readonly number[];
}

/** Seconds that the alarms look back, with the periods that AWS looks at besides. */
export const lookBack = (alarms: readonly Alarm[]) =>
  Math.max(0, ...alarms.map((alarm) => (alarm.evaluationPeriods + EXTRA_PERIODS) * alarm.periodSeconds));

export class Alarms {
  private readonly states = new Map<string, AlarmState>();

  /**
   * @param window of an alarm's metric now: periods that it looks at, the newest first; undefined where there is no value
   * @param changed called when an alarm has another state
   */
  constructor(
    private readonly world: World,
    private readonly window: (alarm: Alarm, periods: number) => readonly (number | undefined)[],
    private readonly changed: (alarm: Alarm, state: AlarmState, points: readonly (number | undefined)[]) => void = () =>
      undefined,
  ) {}

  stateOf(name: string): AlarmState {
    return this.states.get(name) ?? "INSUFFICIENT_DATA";
  }

  /** Called once a minute. Other actions run once; a scaling action runs every minute for as long as the alarm lasts. */
  watch(alarms: readonly Alarm[]): Breach[] {
    return alarms.flatMap((alarm) => {
      const window = this.window(alarm, alarm.evaluationPeriods + EXTRA_PERIODS);
      const before = this.stateOf(alarm.name);
      const state = evaluate(window, alarm, before);
      this.states.set(alarm.name, state);
      if (state !== before) {
        this.world.say("alarm", `${alarm.name} ${state}`);
        this.changed(alarm, state, window);
      }
      return state === "ALARM" ? [{ alarm, points: window.filter((value) => value !== undefined) }] : [];
    });
  }
}
