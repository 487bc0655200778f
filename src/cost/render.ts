/** Bills as tables of text or Markdown. */
import { safe } from "../machine/markdown";
import { visible } from "../machine/visible";
import { difference, sideBySide } from "./compare";
import { besideDocument, DOCUMENT_TOTAL } from "./document";
import { amounts, type Bill, type Line, type Usage } from "./model";
import { markdownTable, textTable, type Table } from "./table";

export interface Named {
  readonly name: string;
  readonly bill: Bill;
}

/** How the parts of a report are written. */
export interface Style {
  readonly table: (table: Table) => string;
  /** A line that keeps its line break before the next. */
  readonly line: (text: string) => string;
  /** Text that holds names somebody chose. */
  readonly text: (text: string) => string;
}

export const styles: Readonly<Record<string, Style>> = {
  terminal: { table: textTable, line: (text) => text, text: visible },
  markdown: { table: markdownTable, line: (text) => `${text}  `, text: safe },
};

/** One bill, with the units and prices that it is computed from. */
export function billTable({ lines, servers, total }: Bill): Table {
  return {
    header: ["USD a month of 730 hours", ...amounts.map((key) => plural(servers[key])), "of which", "price"],
    words: [0, 4, 5],
    rows: [
      ...lines.map((line) => [
        line.item,
        ...amounts.map((key) => money(line.usd[key])),
        units(line),
        `${String(line.price.usd)} per ${line.price.unit}${line.price.beyond === undefined ? "" : " at first"}, ${line.price.confidence}`,
      ]),
      ...(["fixed", "usage"] as const).map((kind) => [
        kind === "fixed" ? "fixed cost" : "usage cost",
        ...amounts.map((key) => money(sumOf(lines, kind, key))),
        "",
        "",
      ]),
      ["total", ...amounts.map((key) => money(total[key])), "", ""],
    ],
  };
}

/** The expected amounts of several bills, and how much each differs from the first. */
export function comparisonTable(bills: readonly Named[]): Table {
  const [first] = bills;
  return {
    header: ["USD a month, expected", ...bills.map(({ name }) => name)],
    words: [0],
    rows: [
      ...sideBySide(bills.map(({ bill }) => bill)).map(({ item, usd }) => [
        item,
        ...usd.map(({ expected }) => money(expected)),
      ]),
      ["total", ...bills.map(({ bill }) => money(bill.total.expected))],
      [
        "difference",
        ...bills.map(({ bill }) => (first === undefined ? "" : signed(difference(first.bill, bill).expected))),
      ],
      ["at least", ...bills.map(({ bill }) => money(bill.total.least))],
      ["at most", ...bills.map(({ bill }) => money(bill.total.most))],
    ],
  };
}

export function documentTable(bill: Bill): Table {
  return {
    header: ["USD a month, expected", "document", "this bill", "document's price", "price", "why they differ"],
    words: [0, 5],
    rows: [
      ...besideDocument(bill).map(({ item, document, ours, why }) => [
        item,
        document === undefined ? "" : range(document.month),
        money(ours.month),
        document?.price === undefined ? "" : String(document.price),
        ours.price === undefined ? "" : String(ours.price),
        why,
      ]),
      ["total", range(DOCUMENT_TOTAL), money(bill.total.expected), "", "", ""],
    ],
  };
}

/** What the bill assumes, and what is missing from it. */
export function notes(bills: readonly Named[], usage: Usage, date: string, { line, text }: Style): string[] {
  const { servers, cpuPercent, gbOut, gbThroughNat, loadBalancerCapacityUnits, millionRequests } = usage;
  const all = bills.flatMap(({ name, bill }) =>
    bill.unpriced.map(({ address, why }) => `${bills.length > 1 ? `${name}: ` : ""}${address}: ${why}`),
  );
  const unpriced = [...new Set(all)];
  return [
    line(
      `Assumed (settings, usage): ${String(servers)} servers at ${String(cpuPercent)} % CPU, ${String(gbOut)} GB out, ${String(gbThroughNat)} GB through NAT, ${String(loadBalancerCapacityUnits)} capacity units, ${String(millionRequests)} million requests.`,
    ),
    line(
      `On-demand prices for Linux without tax, checked on ${date} or later; \`npm run cost -- --refresh\` asks AWS again.`,
    ),
    ...(unpriced.length === 0
      ? ["Nothing is left out: every resource is priced or free."]
      : [line("Not priced, so not in the bill:"), ...unpriced.map((each) => `- ${text(each)}`)]),
  ];
}

function units({ units: { expected }, price: { unit }, kind, note }: Line): string {
  if (kind === "usage" && note !== undefined) return note;
  return `${expected.toLocaleString("en", { maximumFractionDigits: 1 })} ${unit}${expected === 1 ? "" : "s"}`;
}

const sumOf = (lines: readonly Line[], kind: Line["kind"], key: (typeof amounts)[number]) =>
  lines.filter((line) => line.kind === kind).reduce((sum, { usd }) => sum + usd[key], 0);
const plural = (servers: number) => `${String(Math.round(10 * servers) / 10)} server${servers === 1 ? "" : "s"}`;
const range = ([from, to]: readonly [number, number]) =>
  from === to ? (Number.isInteger(from) ? `~${String(from)}` : money(from)) : `${String(from)}–${String(to)}`;
export const money = (usd: number) => usd.toFixed(2).replace(/^-(0\.00)$/, "$1");
const signed = (usd: number) => (money(usd) === "0.00" || usd < 0 ? money(usd) : `+${money(usd)}`);
