/** Whether an alarm notices a load depends on when it begins within the five-minute period of the metric. */
import { shape, type Scale } from "./load";
import type { Model } from "./model";
import type { Parameters } from "./parameters";
import type { Service } from "./service";
import { simulate } from "./simulate";

export interface Phases {
  /** The share of the phases in which an instance is added. */
  readonly share: number;
  /** Seconds from the beginning of the load to the alarm in those phases: the least and the most. */
  readonly fastest: number | undefined;
  readonly slowest: number | undefined;
}

/** The document's own test, 600 s of full load on one instance, begun at each second of five minutes. */
export function phases(model: Model, service: Service, parameters: Partial<Parameters> = {}): Phases {
  const quiet = 3600;
  const delays: number[] = [];
  for (let phase = 0; phase < 300; phase++) {
    const scale: Scale = {
      vcpus: model.instance.vcpus,
      peak: 1,
      seconds: 3 * quiet,
      start: quiet + phase,
      resolution: 60,
    };
    const { actions } = simulate(model, shape("document", scale), service, parameters);
    const added = actions.find(({ from, to }) => to > from);
    if (added) delays.push(added.at - scale.start);
  }
  const none = delays.length === 0;
  return {
    share: delays.length / 300,
    fastest: none ? undefined : Math.min(...delays),
    slowest: none ? undefined : Math.max(...delays),
  };
}
