/** What `cost` and `review` share: the bill of a stack, and what a plan changes of it. */
import { environments } from "../config/environments";
import { settingsNamed } from "../config/find-environment";
import { billOf } from "../cost/bill";
import { sideBySide } from "../cost/compare";
import type { Bill, Usage } from "../cost/model";
import { bookOf } from "../cost/prices/price-book";
import { Problem } from "../machine/problem";
import type { CostDifference } from "../plan-review/cost-difference";
import { maskAll, secretsOf } from "../plan-review/masking";
import { resourceTypes } from "../resources/tables";
import type { Kind, Plan, PlannedChange } from "../terraform/plan";
import type { Stack } from "../terraform/stack";

/** @param name of what is billed, for the message @throws Problem where its region's prices are not known */
export function priced(name: string, stack: Stack, usage: Usage): Bill {
  const elsewhere = elsewhereProblem([stack]);
  if (elsewhere !== undefined) throw new Problem(`${name}: ${elsewhere}`);
  return billOf(stack, usage, bookOf, resourceTypes);
}

/** What a plan does to the bill, in USD a month, with as many servers as its environment's settings expect; without secrets. */
export function costDifference(plan: Plan): CostDifference {
  const { before: now, after: then, changes } = plan;
  const elsewhere = elsewhereProblem([then, now]);
  if (elsewhere !== undefined) return { unknown: elsewhere };
  const [before, after] = [now, then].map((stack) => billOf(stack, usageIn(then), bookOf, resourceTypes)) as [
    Bill,
    Bill,
  ];
  const leftovers = changes.filter(
    ({ type, deposed }) => deposed !== undefined && resourceTypes[type]?.cost !== "free",
  );
  const unpriced = {
    before: [...new Set([...before.unpriced, ...leftovers.map(leftover)].map(({ address }) => address))],
    after: [...new Set(after.unpriced.map(({ address }) => address))],
  };
  const changed = new Set(changes.flatMap(({ kind, address }) => (CHANGING.includes(kind) ? address : [])));
  const difference = {
    before: before.total.expected,
    after: after.total.expected,
    lines: sideBySide([before, after])
      .map(({ item, usd }) => ({ item, before: usd[0]?.expected ?? 0, after: usd[1]?.expected ?? 0 }))
      .filter((line) => Math.abs(line.after - line.before) >= 0.005),
    unpriced: [
      ...new Set([...after.unpriced, ...leftovers.map(leftover)].map(({ address, why }) => `${address}: ${why}`)),
    ],
    unpricedResources: {
      before: unpriced.before.length,
      after: unpriced.after.length,
      change:
        leftovers.length > 0 ||
        unpriced.before.some((address) => !unpriced.after.includes(address)) ||
        unpriced.after.some((address) => !unpriced.before.includes(address) || changed.has(address)),
    },
  };
  return maskAll(difference, secretsOf(plan));
}

const CHANGING: readonly unknown[] = ["update", "replace", "create", "delete"] satisfies Kind[];

/** The bill before the apply has the resource itself, but not what is left over of an earlier one. */
const leftover = ({ address, deposed = "" }: PlannedChange) => ({
  address: `${address} (deposed ${deposed})`,
  why: "it is left over from an earlier replacement, and paid for until it is deleted",
});

/** USD of a month, by the bill; undefined where the prices of its region are not known. */
export const monthOf = (stack: Stack, usage: Usage): number | undefined =>
  elsewhereProblem([stack]) === undefined ? billOf(stack, usage, bookOf, resourceTypes).total.expected : undefined;

/** The usage that an environment's settings assume; for a stack of no known environment, production's. */
export const usageIn = ({ environment }: Stack): Usage => (settingsNamed(environment) ?? environments.production).usage;

/** A bill of nothing but what is not priced would help nobody. */
function elsewhereProblem(stacks: readonly Stack[]): string | undefined {
  const regions = stacks.flatMap(({ region, resources }) => [region, ...resources.map((each) => each.region)]);
  if (regions.some((region) => bookOf(region) !== undefined)) return undefined;
  return `there is no price book of ${regions.find((region) => region !== undefined) ?? "its region, which is not known"}`;
}
