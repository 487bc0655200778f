/** What a month of a stack costs, as it is synthesized or planned. */
import type { Values } from "../terraform/values";
import type { Stack } from "../terraform/stack";
import {
  always,
  each,
  sum,
  type Amount,
  type Bill,
  type Charge,
  type Charged,
  type Context,
  type Item,
  type Line,
  type Unpriced,
  type Usage,
} from "./model";
import type { Price, PriceBook } from "./prices/price-book";

/** The part of the resource tables that a bill needs: the cost of each type, and how many application servers it runs. */
export type Costs = Readonly<
  Record<
    string,
    {
      readonly cost: "free" | "unpriced" | Item;
      readonly servers?: (values: Values, context: Context) => Amount | undefined;
    }
  >
>;

/** The price book of a region; undefined where there is none. */
export type PriceBooks = (region: string | undefined) => PriceBook | undefined;

/** Every resource is priced by the price book of its own region, is free, or is listed as not priced. */
export function billOf(stack: Stack, usage: Usage, books: PriceBooks, types: Costs): Bill {
  const context = { stack, usage };
  const charged: (Charge & { readonly of: Price })[] = [];
  const unpriced: Unpriced[] = [];
  for (const { type, address, region, values } of stack.resources) {
    const cost = types[type]?.cost ?? "unpriced";
    const found: readonly Charged[] =
      cost === "free"
        ? []
        : cost === "unpriced"
          ? [{ unpriced: `${type} is not in the price book` }]
          : cost(values, context, address);
    const book = books(region);
    for (const one of found) {
      if ("unpriced" in one) unpriced.push({ address, why: one.unpriced });
      else if (book === undefined)
        unpriced.push({ address, why: `there is no price book of ${region ?? "its region, which is not known"}` });
      else {
        const of = book.prices[one.price];
        if (of === undefined) unpriced.push({ address, why: `the price book has no ${one.price}`, price: one.price });
        else charged.push({ ...one, of });
        if (of?.upTo !== undefined && one.units.most > of.upTo)
          unpriced.push({
            address,
            why: `beyond ${String(of.upTo)} ${of.unit} ${one.item} is cheaper than it is billed here`,
          });
      }
    }
  }
  const lines = merged(charged).map(lineOf).sort(byImportance);
  const servers = stack.resources.flatMap(({ type, values }) => types[type]?.servers?.(values, context) ?? []);
  return { servers: sum([always(0), ...servers]), lines, total: sum(lines.map(({ usd }) => usd)), unpriced };
}

/** Adds up the charges for the same item at the same price: two public addresses make one line. */
function merged<Of extends Charge & { readonly of: Price }>(charges: readonly Of[]): Of[] {
  const lines = new Map<string, Of>();
  for (const charge of charges) {
    const key = `${charge.item} ${charge.price} ${String(charge.of.usd)}`;
    const before = lines.get(key);
    lines.set(key, before === undefined ? charge : { ...before, units: sum([before.units, charge.units]) });
  }
  return [...lines.values()];
}

function lineOf({ of, price: id, ...charge }: Charge & { readonly of: Price }): Line {
  const { usd, unit, freePerMonth, confidence } = of;
  return {
    ...charge,
    price: { id, usd, unit, ...(freePerMonth !== undefined && { freePerMonth }), confidence },
    usd: each((key) => usd * Math.max(0, charge.units[key] - (freePerMonth ?? 0))),
  };
}

const byImportance = (one: Line, other: Line) =>
  one.kind === other.kind ? other.usd.expected - one.usd.expected : one.kind === "fixed" ? -1 : 1;
