/** `npm run cost`: reads what is asked for, and puts the cost tool's parts together. */
import { environments } from "../config/environments";
import type { Settings } from "../config/schema";
import { whatIf } from "../config/what-if";
import { billOf } from "../cost/bill";
import { difference, sideBySide } from "../cost/compare";
import { besideDocument } from "../cost/document";
import type { Bill, Usage } from "../cost/model";
import { billTable, comparisonTable, documentTable, notes, styles, type Named } from "../cost/render";
import { svg } from "../cost/render-svg";
import type { CostDifference } from "../plan-review/cost-difference";
import { priceBook } from "../cost/prices/price-book";
import { Problem } from "../machine/problem";
import { stackBefore, stackOf, type Plan } from "../terraform/plan";
import { placeOf, type SynthesizedStack } from "../terraform/synthesized";
import { save } from "../machine/files";
import { settingsOf, stackIn, synthesized } from "./stack-of";

export const COST_OPTIONS = {
  compare: { type: "string" },
  "what-if": { type: "string", multiple: true, default: [] as string[] },
  svg: { type: "string" },
  json: { type: "boolean", default: false },
  refresh: { type: "boolean", default: false },
  write: { type: "boolean", default: false },
} as const;

/** As if nothing were asked for. */
export const COST_DEFAULTS: CostOptions = {
  "what-if": [],
  json: false,
  refresh: false,
  write: false,
  format: "terminal",
};

export interface CostOptions {
  readonly compare?: string | undefined;
  readonly "what-if": readonly string[];
  readonly svg?: string | undefined;
  readonly json: boolean;
  readonly refresh: boolean;
  readonly write: boolean;
  /** `terminal`, `markdown` or `json`. */
  readonly format: string;
}

/**
 * @param target an environment, or a file of JSON: a synthesized stack or a plan
 * @throws Problem with all that is wrong with the arguments
 */
export function cost(target: string, options: CostOptions): string {
  const settings = target.endsWith(".json") ? undefined : settingsOf(target);
  const stack = settings === undefined ? stackIn(target) : synthesized(target, settings);
  const usage = settings?.usage ?? usageIn(stack);
  const bills = [
    { name: target, bill: priced(target, stack, usage) },
    ...whatIfs(target, settings, options["what-if"]),
  ];
  const [first] = bills as [Named];
  if (options.compare !== undefined && options.compare !== "document")
    throw new Problem(`--compare ${options.compare}: must be document`);
  if (options.compare !== undefined && bills.length > 1) throw new Problem("--compare goes without --what-if");
  if (options.svg !== undefined) save("--svg", options.svg, svg(bills));

  if (options.json || options.format === "json")
    return JSON.stringify(
      {
        prices: { region: priceBook().region, date: priceBook().date },
        usage,
        bills: bills.map(({ name, bill }) => ({ name, ...bill, difference: difference(first.bill, bill) })),
        ...(options.compare && { document: besideDocument(first.bill) }),
      },
      null,
      2,
    );
  const style = styles[options.format];
  if (style === undefined)
    throw new Problem(`--format ${options.format}: must be one of ${[...Object.keys(styles), "json"].join(", ")}`);
  const table =
    options.compare !== undefined
      ? documentTable(first.bill)
      : bills.length > 1
        ? comparisonTable(bills)
        : billTable(first.bill);
  return [style.table(table), "", ...notes(bills, usage, priceBook().date, style)].join("\n");
}

/** What a plan does to the bill, with as many servers as its environment's settings expect. */
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

function whatIfs(environment: string, settings: Settings | undefined, texts: readonly string[]): Named[] {
  if (texts.length === 0) return [];
  if (settings === undefined) throw new Problem("--what-if needs an environment, whose settings it changes");
  const tried = texts.map((text) => ({ name: text, ...whatIf(environment, settings, text) }));
  const problems = tried.flatMap(({ name, problems }) => problems.map((problem) => `--what-if ${name}: ${problem}`));
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  return tried.map(({ name, settings: changed }) => ({
    name,
    bill: priced(environment, synthesized(environment, changed), changed.usage),
  }));
}

function priced(name: string, stack: SynthesizedStack, usage: Usage): Bill {
  const elsewhere = elsewhereProblem(stack);
  if (elsewhere !== undefined) throw new Problem(`${name}: ${elsewhere}`);
  return billOf(stack, usage, priceBook());
}

function elsewhereProblem(stack: SynthesizedStack): string | undefined {
  const { region } = placeOf(stack);
  const known = priceBook().region;
  return region === known ? undefined : `the price book knows ${known}, and not ${region ?? "where this is"}`;
}

/** What an environment is assumed to see; of one that is not known, production. */
const usageIn = (stack: SynthesizedStack): Usage =>
  ((environments as Readonly<Record<string, Settings>>)[placeOf(stack).environment ?? ""] ?? environments.production)
    .usage;
