/** How a plan changes the bill, in USD a month; computed by the caller of the renderers. */
export type CostDifference = KnownDifference | { /** Why it is not known. */ readonly unknown: string };

interface KnownDifference {
  readonly before: number;
  readonly after: number;
  /** The lines of the bill that change. */
  readonly lines: readonly { readonly item: string; readonly before: number; readonly after: number }[];
  /** What is not in the amounts: the address and the reason. */
  readonly unpriced: readonly string[];
  /** How many resources that is, and whether the plan changes any of them. */
  readonly unpricedResources: { readonly before: number; readonly after: number; readonly change: boolean };
}

/** `cost: 90.94 → 131.82 + 2 not priced USD a month (+40.88)` */
export function costLine(cost: CostDifference): string {
  if ("unknown" in cost) return `cost: not known: ${cost.unknown}`;
  const { unpricedResources: unpriced } = cost;
  const [was, is] = [cost.before.toFixed(2), cost.after.toFixed(2)];
  const [before, after] = [withUnpriced(was, unpriced.before), withUnpriced(is, unpriced.after)];
  if (before === after) return `cost: ${after} USD a month${unpriced.change ? "" : ", as before"}`;
  const difference = cost.after - cost.before;
  const signed = was === is ? "" : ` (${difference > 0 ? "+" : ""}${difference.toFixed(2)})`;
  return `cost: ${before} → ${after} USD a month${signed}`;
}

const withUnpriced = (usd: string, unpriced: number) =>
  unpriced === 0 ? usd : `${usd} + ${String(unpriced)} not priced`;

/** `NAT gateways: 40.88 → 81.76`, and a line for each resource without a price. */
export function costDetails(cost: CostDifference): string[] {
  if ("unknown" in cost) return [];
  return [
    ...cost.lines.map(({ item, before, after }) => `${item}: ${before.toFixed(2)} → ${after.toFixed(2)}`),
    ...cost.unpriced.map((each) => `not priced: ${each}`),
  ];
}
