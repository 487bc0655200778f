/** What `cost` and `review` share: the bill of a stack, and what a plan changes of it. */
import { environments } from "../config/environments";
import { settingsNamed } from "../config/find-environment";
import { billOf } from "../cost/bill";
import { sideBySide } from "../cost/compare";
import type { Bill, Usage } from "../cost/model";
import { bookOf } from "../cost/prices/price-book";
import { Problem } from "../machine/problem";
import type { CostDifference } from "../plan-review/cost-difference";
import { resourceTypes } from "../resources/tables";
import type { Plan } from "../terraform/plan";
import type { Stack } from "../terraform/stack";

/** @param name of what is billed, for the message @throws Problem where its region's prices are not known */
export function priced(name: string, stack: Stack, usage: Usage): Bill {
  const elsewhere = elsewhereProblem(stack);
  if (elsewhere !== undefined) throw new Problem(`${name}: ${elsewhere}`);
  return billOf(stack, usage, bookOf, resourceTypes);
}

/** What a plan does to the bill, in USD a month, with as many servers as its environment's settings expect. */
export function costDifference({ before: now, after: then }: Plan): CostDifference {
  const elsewhere = elsewhereProblem(then);
  if (elsewhere !== undefined) return { unknown: elsewhere };
  const [before, after] = [now, then].map((stack) => billOf(stack, usageIn(then), bookOf, resourceTypes)) as [
    Bill,
    Bill,
  ];
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
export const usageIn = ({ environment }: Stack): Usage => (settingsNamed(environment) ?? environments.production).usage;

/** A bill of nothing but what is not priced would help nobody. */
function elsewhereProblem({ region }: Stack): string | undefined {
  return bookOf(region) === undefined
    ? `there is no price book of ${region ?? "its region, which is not known"}`
    : undefined;
}
