/** What the simulation needs of the bill: the price of an hour of the group's servers and alarms, from the same items. */
import { HOURS, type Charged, type Context } from "../cost/model";
import type { PriceBook } from "../cost/prices/price-book";
import type { Prices } from "../simulation/model";
import type { Stack } from "../terraform/stack";
import type { Values } from "../terraform/values";
import { runningServer, stoppedServer } from "./fleet";
import { scaling } from "./scaling";

/** @returns prices, and a sentence for each item that they lack */
export function pricesOf(
  stack: Stack,
  group: Values,
  template: Values,
  book: PriceBook | undefined,
): { readonly prices: Prices; readonly unpriced: readonly string[] } {
  const book_ = book?.prices ?? {};
  const unpriced: string[] = [];
  const hourly = (charges: readonly Charged[]): number | undefined => {
    const usd = charges.map((charge) => {
      if ("unpriced" in charge) {
        unpriced.push(`the cost lacks a part: ${charge.unpriced}`);
        return 0;
      }
      const price = book_[charge.price]?.usd;
      return price === undefined ? NaN : (price * charge.units.expected) / HOURS;
    });
    const total = usd.reduce((sum, one) => sum + one, 0);
    return Number.isNaN(total) ? undefined : total;
  };
  const context = { stack } as Context;
  const alarms = Object.entries(scaling).flatMap(([type, { cost }]) =>
    typeof cost === "function" ? stack.of(type).flatMap(({ values, address }) => cost(values, context, address)) : [],
  );
  const family = String(template["instance_type"]).split(".")[0] ?? "";
  return {
    prices: {
      server: hourly(runningServer(group, template, context)),
      stopped: hourly(stoppedServer(template)),
      alarms: hourly(alarms),
      surplus: book_[`${family}.surplus`]?.usd,
    },
    unpriced: [...new Set(unpriced)],
  };
}
