/** The bill beside the estimate of the reference deployment. */
import type { Bill, Line } from "./model";

interface Estimate {
  readonly item: string;
  /** USD a unit. */
  readonly price?: number;
  /** USD a month, from and to. */
  readonly month: readonly [from: number, to: number];
  /** Id in the price book of what the price is for. */
  readonly of?: string;
  /** Which lines of the bill are for the same item. */
  readonly covers: (line: Line) => boolean;
  /** What else explains the difference. */
  readonly note?: string;
}

const priced =
  (...ids: readonly string[]) =>
  ({ price }: Line) =>
    ids.includes(price.id);

/** The estimate's table: ap-south-1, 730 hours. */
export const ESTIMATES: readonly Estimate[] = [
  {
    item: "application servers",
    price: 0.0146,
    of: "ec2.t3.micro",
    month: [15, 20],
    covers: ({ item, price }) => price.id.startsWith("ec2.") && item.startsWith("application servers"),
  },
  { item: "load balancer", price: 0.0306, month: [22.34, 22.34], covers: priced("alb.hour") },
  {
    item: "load balancer capacity units",
    month: [3, 5],
    covers: priced("alb.lcu"),
    note: "the document names no price",
  },
  { item: "NAT gateway", price: 0.065, month: [47.45, 47.45], covers: priced("nat.hour") },
  { item: "data through NAT", price: 0.065, month: [2, 5], covers: priced("nat.gb") },
  {
    item: "data out to the internet",
    price: 0.09,
    month: [5, 5],
    covers: priced("transfer.out"),
    note: "0.09 is the price of us-east-1",
  },
  {
    item: "CloudWatch",
    month: [2, 2],
    covers: priced("alarm", "metric"),
    note: "the document names no price; only alarms are billed, and AWS's own metrics are free",
  },
];
export const DOCUMENT_TOTAL: readonly [from: number, to: number] = [92, 150];

export interface Beside {
  readonly item: string;
  readonly document?: { readonly price?: number; readonly month: readonly [from: number, to: number] };
  /** USD a month, expected. */
  readonly ours: { readonly price?: number; readonly month: number };
  /** Empty where they agree. */
  readonly why: string;
}

/** Every line of the estimate and every line of the bill, each once. */
export function besideDocument({ lines }: Bill): Beside[] {
  const rest = lines.filter((line) => !ESTIMATES.some(({ covers }) => covers(line)));
  return [
    ...ESTIMATES.map(({ item, price, of, month, covers, note }) => {
      const same = lines.filter(covers);
      const [first] = same;
      const expected = same.reduce((sum, { usd }) => sum + usd.expected, 0);
      return {
        item,
        document: { ...(price !== undefined && { price }), month },
        ours: { ...(first && same.length === 1 && { price: first.price.usd }), month: expected },
        why: [
          ...(first === undefined ? ["not deployed"] : []),
          ...(first && price !== undefined
            ? [differs(price, first.price.usd, of === undefined || of === first.price.id)]
            : []),
          ...(first?.price.freePerMonth === undefined
            ? []
            : [`the first ${String(first.price.freePerMonth)} ${first.price.unit} of an account are free`]),
          ...(note === undefined ? [] : [note]),
        ]
          .filter((text) => text !== "")
          .join("; "),
      };
    }),
    ...rest.map(({ item, price, usd, note }) => ({
      item,
      ours: { price: price.usd, month: usd.expected },
      why: `not in the document${note === undefined ? "" : `: ${note}`}`,
    })),
  ];
}

function differs(document: number, ours: number, isSame: boolean): string {
  if (!isSame) return "the document has t3.micro";
  if (document === ours) return "";
  const percent = Math.round(100 * Math.abs(document / ours - 1));
  return `the document's price is ${String(percent)} % too ${document > ours ? "high" : "low"}`;
}
