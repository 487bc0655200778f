/** What a month of a stack costs, as it is synthesized or planned. */
import type { Price, PriceBook } from "./prices/price-book";
import type { SynthesizedStack } from "../terraform/synthesized";
import { serversIn } from "./group";
import { FREE, items } from "./items";
import { each, sum, type Bill, type Charge, type Line, type Unpriced, type Usage } from "./model";
import { resourcesOf } from "./resources";

/** Every resource is charged for, free, or named as not priced. */
export function billOf(stack: SynthesizedStack, usage: Usage, book: PriceBook): Bill {
  const context = { resources: resourcesOf(stack), usage };
  const charged: (Charge & { readonly of: Price })[] = [];
  const unpriced: Unpriced[] = [];
  for (const { type, address, values } of context.resources) {
    if (FREE.has(type)) continue;
    const found = items[type]?.(values, context, address) ?? [{ unpriced: `${type} is not in the price book` }];
    for (const one of found) {
      if ("unpriced" in one) unpriced.push({ address, why: one.unpriced });
      else {
        const of = book.prices[one.price];
        if (of === undefined) unpriced.push({ address, why: `the price book has no ${one.price}`, price: one.price });
        else {
          charged.push({ ...one, of });
          if (of.upTo !== undefined && one.units.most > of.upTo)
            unpriced.push({
              address,
              why: `beyond ${String(of.upTo)} ${of.unit} ${one.item} is cheaper than it is billed here`,
            });
        }
      }
    }
  }
  const lines = merged(charged).map(lineOf).sort(byImportance);
  return { servers: serversIn(context), lines, total: sum(lines.map(({ usd }) => usd)), unpriced };
}

/** One charge for each item: two addresses make one line. */
function merged<Of extends Charge>(charges: readonly Of[]): Of[] {
  const key = ({ item, price }: Charge) => `${item} ${price}`;
  const first = charges.filter((charge, index) => charges.findIndex((other) => key(other) === key(charge)) === index);
  return first.map((charge) => ({
    ...charge,
    units: sum(charges.filter((other) => key(other) === key(charge)).map(({ units }) => units)),
  }));
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
