/** The load balancers of the emulated account, and what they find of the instances behind them. */
import type { Clock } from "./clock";
import type { BalancerState, TargetGroupState } from "./cloud-state";
import type { Datapoint } from "./metrics";
import type { TargetHealth } from "./plane";
import { dimensionOf, type RequestRecord } from "./requests";

interface Callbacks {
  readonly addressOf: (instance: string) => string | undefined;
  readonly answered: (record: RequestRecord) => void;
  /** All targets of a target group, with what is known of each. */
  readonly health: (targetGroup: string, targets: Readonly<Record<string, TargetHealth>>) => void;
  readonly changed: (instance: string, healthy: boolean) => void;
}
