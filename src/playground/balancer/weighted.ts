/** Shares requests between target groups as their weights say. */

interface Weighted {
  readonly arn: string;
  readonly weight: number;
}

/**
 * Evenly mixed, not in blocks: each time every group's credit grows by its weight, and the one with the most pays for all.
 *
 * @returns the ARN of the next; undefined if no group has a weight
 */
export function weighted(): (groups: readonly Weighted[]) => string | undefined {
  const credit = new Map<string, number>();
  return (groups) => {
    const able = groups.filter(({ weight }) => weight > 0);
    for (const { arn, weight } of able) credit.set(arn, (credit.get(arn) ?? 0) + weight);
    const creditOf = ({ arn }: Weighted) => credit.get(arn) ?? 0;
    const [first, ...others] = able;
    if (first === undefined) return undefined;
    const next = others.reduce((best, group) => (creditOf(group) > creditOf(best) ? group : best), first);
    const all = able.reduce((sum, { weight }) => sum + weight, 0);
    credit.set(next.arn, creditOf(next) - all);
    return next.arn;
  };
}
