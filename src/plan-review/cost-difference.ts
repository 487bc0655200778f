/** How a plan changes the bill, in USD a month; computed by the caller of the renderers. */
export type CostDifference = KnownDifference | { /** Why it is not known. */ readonly unknown: string };

interface KnownDifference {
  readonly before: number;
  readonly after: number;
  /** The lines of the bill that change. */
  readonly lines: readonly { readonly item: string; readonly before: number; readonly after: number }[];
  /** Resources after the apply that have no price: the address and the reason. */
  readonly unpriced: readonly string[];
}

/** `cost: 90.94 → 131.82 USD a month (+40.88)` */
export function costLine(cost: CostDifference): string {
  if ("unknown" in cost) return `cost: not known: ${cost.unknown}`;
  const [before, after] = [cost.before.toFixed(2), cost.after.toFixed(2)];
  if (before === after) return `cost: ${after} USD a month, as before`;
  const difference = cost.after - cost.before;
  return `cost: ${before} → ${after} USD a month (${difference > 0 ? "+" : ""}${difference.toFixed(2)})`;
}

/** `NAT gateways: 40.88 → 81.76`, and a line for each resource without a price. */
export function costDetails(cost: CostDifference): string[] {
  if ("unknown" in cost) return [];
  return [
    ...cost.lines.map(({ item, before, after }) => `${item}: ${before.toFixed(2)} → ${after.toFixed(2)}`),
    ...cost.unpriced.map((each) => `not priced: ${each}`),
  ];
}
