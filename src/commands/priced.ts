/** What `cost` and `review` share: the bill of a stack, and what a plan changes of it. */
import { environments } from "../config/environments";
import { settingsNamed } from "../config/find-environment";
import { billOf } from "../cost/bill";
import { sideBySide } from "../cost/compare";
import type { Bill, Usage } from "../cost/model";
import { priceBook } from "../cost/prices/price-book";
import { Problem } from "../machine/problem";
import type { CostDifference } from "../plan-review/cost-difference";
import { stackBefore, stackOf, type Plan } from "../terraform/plan";
import { placeOf, type SynthesizedStack } from "../terraform/synthesized";

/** @param name of what is billed, for the message @throws Problem where its region's prices are not known */
export function priced(name: string, stack: SynthesizedStack, usage: Usage): Bill {
  const elsewhere = elsewhereProblem(stack);
  if (elsewhere !== undefined) throw new Problem(`${name}: ${elsewhere}`);
  return billOf(stack, usage, priceBook());
}

/** What a plan does to the bill, in USD a month, with as many servers as its environment's settings expect. */
export function costDifference(plan: Plan): CostDifference {
  const then = stackOf(plan);
  const elsewhere = elsewhereProblem(then);
  if (elsewhere !== undefined) return { unknown: elsewhere };
  const bill = (stack: SynthesizedStack) => billOf(stack, usageIn(then), priceBook());
  const [before, after] = [bill(stackBefore(plan)), bill(then)];
  return {
    before: before.total.expected,
    after: after.total.expected,
    lines: sideBySide([before, after])
      .map(({ item, usd }) => ({ item, before: usd[0]?.expected ?? 0, after: usd[1]?.expected ?? 0 }))
      .filter((line) => Math.abs(line.after - line.before) >= 0.005),
    unpriced: after.unpriced.map(({ address, why }) => `${address}: ${why}`),
  };
}

/** The usage that an environment's settings assume; for a stack of no known environment, production's. */
export const usageIn = (stack: SynthesizedStack): Usage =>
  (settingsNamed(placeOf(stack).environment) ?? environments.production).usage;

function elsewhereProblem(stack: SynthesizedStack): string | undefined {
  const { region } = placeOf(stack);
  const known = priceBook().region;
  return region === known ? undefined : `the price book knows ${known}, and not ${region ?? "where this is"}`;
}
