/** A bill, and what goes into it. */
import type { Price } from "./prices/price-book";

/** With the least, the expected and the greatest number of servers, all month long. */
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

/** `fixed` is paid for standing there, `usage` for what goes through it. */
export type Kind = "fixed" | "usage";

/** A number of units of something in the price book, in a month. */
export interface Charge {
  readonly item: string;
  readonly kind: Kind;
  /** Id in the price book. */
  readonly price: string;
  readonly units: Amount;
  /** What the units come from. */
  readonly note?: string;
}

export interface Line extends Omit<Charge, "price"> {
  readonly price: Pick<Price, "usd" | "unit" | "freePerMonth" | "confidence"> & { readonly id: string };
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
  /** Of the application, by which the three amounts differ. */
  readonly servers: Amount;
  /** What stands there first, the dearest first. */
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
