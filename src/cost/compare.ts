/** Bills side by side. */
import { always, each, type Amount, type Bill } from "./model";

export interface Row {
  readonly item: string;
  /** USD a month in each bill; 0 where a bill does not have the item. */
  readonly usd: readonly Amount[];
}

/** One row for each item that any of the bills has, in the order of the first that has it. */
export function sideBySide(bills: readonly Bill[]): Row[] {
  const items = [...new Set(bills.flatMap(({ lines }) => lines.map(({ item }) => item)))];
  return items.map((item) => ({
    item,
    usd: bills.map(({ lines }) => lines.find((line) => line.item === item)?.usd ?? always(0)),
  }));
}

/** USD a month that another bill costs more; negative where it costs less. */
export const difference = (one: Bill, other: Bill): Amount => each((key) => other.total[key] - one.total[key]);
