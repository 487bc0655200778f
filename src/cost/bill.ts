/** What a month of a stack costs, as it is synthesized or planned. */
import type { Values } from "../terraform/values";
import type { Resource, Stack } from "../terraform/stack";
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
import { usdFor, type Price, type PriceBook } from "./prices/price-book";

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
  const charged: Priced[] = [];
  const unpriced: Unpriced[] = stack.modules.map((address) => ({ address, why: "only a plan lists its resources" }));
  for (const resource of stack.resources) {
    const { address, region } = resource;
    const book = books(region);
    for (const one of chargedFor(resource, context, types)) {
      if ("unpriced" in one) unpriced.push({ address, why: one.unpriced });
      else if (book === undefined)
        unpriced.push({ address, why: `there is no price book of ${region ?? "its region, which is not known"}` });
      else {
        const of = book.prices[one.price];
        if (of === undefined) unpriced.push({ address, why: `the price book has no ${one.price}`, price: one.price });
        else charged.push({ ...one, address, of });
      }
    }
  }
  const all = merged(charged);
  for (const { address, of, item, units } of all)
    if (of.upTo !== undefined && units.most > of.upTo)
      unpriced.push({ address, why: `beyond ${String(of.upTo)} ${of.unit} ${item} has another price` });
  const lines = all.map(lineOf).sort(byImportance);
  const servers = stack.resources.flatMap(({ type, values }) => types[type]?.servers?.(values, context) ?? []);
  return { servers: sum([always(0), ...servers]), lines, total: sum(lines.map(({ usd }) => usd)), unpriced };
}

type Priced = Charge & { readonly of: Price; readonly address: string };

function chargedFor({ type, address, values }: Resource, context: Context, types: Costs): readonly Charged[] {
  const cost = types[type]?.cost ?? "unpriced";
  if (cost === "free") return [];
  if (cost === "unpriced") return [{ unpriced: `${type} is not in the price book` }];
  // In the synthesized JSON, one block may be any number of resources.
  if (values["count"] !== undefined || values["for_each"] !== undefined)
    return [{ unpriced: "only a plan lists how many there are" }];
  return cost(values, context, address);
}

/** Adds up the charges for the same item at the same price: two public addresses make one line. */
function merged(charges: readonly Priced[]): Priced[] {
  const lines = new Map<string, Priced>();
  for (const charge of charges) {
    const key = `${charge.item} ${charge.price} ${String(charge.of.usd)}`;
    const before = lines.get(key);
    lines.set(key, before === undefined ? charge : { ...before, units: sum([before.units, charge.units]) });
  }
  return [...lines.values()];
}

function lineOf({ of, price: id, item, kind, units, note }: Priced): Line {
  const { usd, unit, freePerMonth, beyond, confidence } = of;
  return {
    item,
    kind,
    units,
    ...(note !== undefined && { note }),
    price: {
      id,
      usd,
      unit,
      ...(freePerMonth !== undefined && { freePerMonth }),
      ...(beyond && { beyond }),
      confidence,
    },
    usd: each((key) => usdFor(of, units[key])),
  };
}

const byImportance = (one: Line, other: Line) =>
  one.kind === other.kind ? other.usd.expected - one.usd.expected : one.kind === "fixed" ? -1 : 1;
