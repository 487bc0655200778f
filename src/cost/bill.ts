/** What a month of a stack costs, as it is synthesized or planned. */
import type { Price, PriceBook } from "../prices/price-book";
import type { SynthesizedStack } from "../terraform/synthesized";
import { FREE, items } from "./items";
import { each, sum, type Bill, type Charge, type Line, type Unpriced, type Usage } from "./model";
import { resourcesOf } from "./resources";

/** Every resource is charged for, free, or named as not priced. */
export function billOf(stack: SynthesizedStack, usage: Usage, book: PriceBook): Bill {
  const resources = resourcesOf(stack);
  const charges: Charge[] = [];
  const unpriced: Unpriced[] = [];
  for (const { type, address, values } of resources) {
    if (FREE.has(type)) continue;
    const item = items[type];
    const found =
      item === undefined ? [{ unpriced: `${type} is not in the price book` }] : item(values, { resources, usage });
    for (const one of found) {
      if ("unpriced" in one) unpriced.push({ address, why: one.unpriced });
      else if (book.prices[one.price] === undefined)
        unpriced.push({ address, why: `the price book has no ${one.price}` });
      else charges.push(one);
    }
  }
  const lines = merged(charges).flatMap((charge) => {
    const price = book.prices[charge.price];
    return price === undefined ? [] : [lineOf(charge, price)];
  });
  return { lines, total: sum(lines.map(({ usd }) => usd)), unpriced };
}

/** One charge for each item, the dearest first, what is paid for standing there before what is used. */
function merged(charges: readonly Charge[]): Charge[] {
  const key = ({ item, price }: Charge) => `${item} ${price}`;
  const keys = [...new Set(charges.map(key))];
  return keys.flatMap((one) => {
    const same = charges.filter((charge) => key(charge) === one);
    return same[0] === undefined ? [] : { ...same[0], units: sum(same.map(({ units }) => units)) };
  });
}

function lineOf({ price: id, ...charge }: Charge, { usd, unit, freePerMonth, confidence }: Price): Line {
  return {
    ...charge,
    price: { id, usd, unit, ...(freePerMonth !== undefined && { freePerMonth }), confidence },
    usd: each((key) => usd * Math.max(0, charge.units[key] - (freePerMonth ?? 0))),
  };
}
