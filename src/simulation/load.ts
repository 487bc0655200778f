/** Loads to try: requests to the group, or a CPU load on one of its instances, over time. */
import { Problem } from "../machine/problem";

export interface Load {
  readonly name: string;
  readonly seconds: number;
  /** When second 0 was, in milliseconds of the epoch, where the load has real times: schedules follow them. */
  readonly beginsAt?: number;
  /** Constant from one to the next, in order, the first at 0. */
  readonly segments: readonly Segment[];
}

export interface Segment {
  readonly from: number;
  /** CPU-seconds per second that the requests of all clients ask for. */
  readonly cpu: number;
  /** Share of the oldest instance's CPU that a local process uses, such as `stress` in a shell. */
  readonly pinned: number;
}

/** The parameters of a shape. */
export interface Scale {
  /** vCPUs of an instance: a load of 1 keeps one of them busy. */
  readonly vcpus: number;
  /** The greatest load, in full instances. */
  readonly peak: number;
  readonly seconds: number;
  /** Seconds before it begins. */
  readonly start: number;
  /** Seconds between two values of a curve. */
  readonly resolution: number;
}

/** The document's own test: `stress --cpu 8 --timeout 600s` on one server. */
export const STRESS_SECONDS = 600;

type Curve = (share: number) => number;

/** Load between 0 and 1 of the peak, by share of the time. */
const CURVES: Readonly<Record<string, Curve>> = {
  step: () => 1,
  ramp: (x) => x,
  day: (x) => 0.1 + 0.9 * Math.max(bell(x, 10.5 / 24, 0.09), 0.85 * bell(x, 20 / 24, 0.08)),
  flash: (x) => (x < 0.1 ? 0.1 : x < 0.4 ? 1 : 0.1),
  sawtooth: (x) => (x * 6) % 1,
};

export const SHAPES = ["document", ...Object.keys(CURVES)];

const bell = (x: number, middle: number, width: number) => Math.exp(-(((x - middle) / width) ** 2));

/** @throws Problem if there is no such shape */
export function shape(name: string, { vcpus, peak, seconds, start, resolution }: Scale): Load {
  const quiet = { cpu: 0, pinned: 0 };
  const before = start > 0 ? [{ from: 0, ...quiet }] : [];
  if (name === "document") {
    const segments = [...before, { from: start, cpu: 0, pinned: 1 }, { from: start + STRESS_SECONDS, ...quiet }];
    return { name, seconds: Math.max(seconds, start + STRESS_SECONDS), segments };
  }
  const curve = CURVES[name];
  if (curve === undefined) throw new Problem(`${name} is not a load; there are ${SHAPES.join(", ")}, or a CSV file`);
  const length = seconds - start;
  const segments = Array.from({ length: Math.max(1, Math.ceil(length / resolution)) }, (_, index) => ({
    from: start + index * resolution,
    cpu: curve((index * resolution) / length) * peak * vcpus,
    pinned: 0,
  }));
  return { name, seconds, segments: [...before, ...segments] };
}
