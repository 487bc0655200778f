/** A target of a target group, and which one of several is the next. */
import type { Attributes } from "../cloud-state";
import type { CheckedTarget } from "./health";

/** A request that a target is working on. */
export interface InFlight {
  /** Ends it: the target has had its time. */
  cut(): void;
}

export interface Target {
  readonly id: string;
  readonly inFlight: Set<InFlight>;
  /** What the group knows of it. */
  checked: CheckedTarget;
  /** `gone` once its deregistration delay is over, as long as the emulated AWS still lists it. */
  phase: "serving" | "draining" | "gone";
  /** Whether the emulated AWS lists it as registered. */
  listed: boolean;
  /** Resolves when it has nothing more to finish; there when it drains. */
  drained: Promise<void>;
  /** To be called when a request of it has ended. */
  ended: () => void;
  /** Of its checks: the answer of a check of an earlier one is of no interest any more. */
  round: number;
  /** Takes back what the clock has for it. */
  cancel: () => void;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#modify-routing-algorithm */
export function pick(inTurn: readonly Target[], attributes: Attributes, random: () => number): Target | undefined {
  switch (attributes["load_balancing.algorithm.type"]) {
    case "least_outstanding_requests":
      return inTurn.reduce((least, target) => (target.inFlight.size < least.inFlight.size ? target : least));
    case "weighted_random":
      return inTurn[Math.floor(random() * inTurn.length)];
    default:
      return inTurn[0];
  }
}
