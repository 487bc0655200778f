/** A bill, and the data that it is computed from. */
import type { Stack } from "../terraform/stack";
import type { Values } from "../terraform/values";
import type { Price } from "./prices/price-book";

/** A quantity with the least, the expected and the greatest number of servers, for the whole month. */
export interface Amount {
  readonly least: number;
  readonly expected: number;
  readonly most: number;
}

/** What is assumed of a month; from the settings' section `usage`. */
export interface Usage {
  readonly servers: number;
  readonly cpuPercent: number;
  readonly gbOut: number;
  readonly gbThroughNat: number;
  readonly loadBalancerCapacityUnits: number;
  readonly millionRequests: number;
}

/** Units of an item of the price book, in a month. */
export interface Charge {
  readonly item: string;
  /** A fixed cost is due for as long as the resource exists, a usage cost depends on what it does. */
  readonly kind: "fixed" | "usage";
  /** Id in the price book. */
  readonly price: string;
  readonly units: Amount;
  /** How the units are computed. */
  readonly note?: string;
}

/** A charge, or why there is none. */
export type Charged = Charge | { readonly unpriced: string };

/** What the cost of a resource may depend on, beside its own attributes. */
export interface Context {
  readonly stack: Stack;
  readonly usage: Usage;
}

/** What a resource costs. */
export type Item = (values: Values, context: Context, address: string) => readonly Charged[];

export interface Line extends Omit<Charge, "price"> {
  readonly price: Pick<Price, "usd" | "unit" | "freePerMonth" | "beyond" | "confidence"> & { readonly id: string };
  readonly usd: Amount;
}

export interface Unpriced {
  /** Such as `aws_lb.x`. */
  readonly address: string;
  readonly why: string;
  /** Id that the price book lacks. */
  readonly price?: string;
}

/** USD a month of 730 hours. */
export interface Bill {
  /** Application servers, on which the three amounts depend. */
  readonly servers: Amount;
  /** Fixed costs first, then usage costs; within each, the most expensive first. */
  readonly lines: readonly Line[];
  readonly total: Amount;
  readonly unpriced: readonly Unpriced[];
}

export const HOURS = 730;

export const amounts = ["least", "expected", "most"] as const satisfies readonly (keyof Amount)[];

/** The same in every case. */
export const always = (units: number): Amount => ({ least: units, expected: units, most: units });

export const each = (of: (key: keyof Amount) => number): Amount => ({
  least: of("least"),
  expected: of("expected"),
  most: of("most"),
});

export const sum = (all: readonly Amount[]): Amount =>
  each((key) => all.reduce((total, amount) => total + amount[key], 0));
