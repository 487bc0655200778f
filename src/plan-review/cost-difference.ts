/** What a plan does to the bill, as the shell hands it to the renderers; in USD a month. */
export interface CostDifference {
  readonly before: number;
  readonly after: number;
  /** What gets dearer or cheaper. */
  readonly lines: readonly { readonly item: string; readonly before: number; readonly after: number }[];
}

/** `cost: 90.94 → 131.82 USD a month (+40.88)` */
export function costLine({ before, after }: CostDifference): string {
  const difference = after - before;
  return `cost: ${before.toFixed(2)} → ${after.toFixed(2)} USD a month (${difference < 0 ? "" : "+"}${difference.toFixed(2)})`;
}
