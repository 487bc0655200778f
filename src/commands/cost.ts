/** `npm run cost`: the bill of a month. */
import { createInterface } from "node:readline/promises";
import { clientConfig } from "../account/client-config";
import { findEnvironment } from "../config/find-environment";
import type { Settings } from "../config/schema";
import { whatIf } from "../config/what-if";
import { difference } from "../cost/compare";
import { besideDocument } from "../cost/document";
import { PRICE_BOOK_FILE, priceBook } from "../cost/prices/price-book";
import { refreshBook, refreshReport, saveBook } from "../cost/prices/refresh-book";
import { billTable, comparisonTable, documentTable, notes, styles, type Named, type Style } from "../cost/render";
import { svg } from "../cost/render-svg";
import { synthesized, targetOf } from "../deploy/read-stack";
import { save } from "../machine/files";
import { Problem } from "../machine/problem";
import { wrapped } from "../machine/table";
import { choose, defineCommand, isGiven, type Options, type OptionValues } from "./command";
import { priced, usageIn } from "./priced";

const OPTIONS = {
  "what-if": { value: "SETTING=VALUE", multiple: true, help: "a second bill, with a setting changed" },
  compare: { value: "document", help: "beside what the reference document expects" },
  svg: { value: "FILE", help: "draw the bills into FILE" },
  format: { value: "FORMAT", default: "terminal", help: "terminal, markdown or json" },
  json: { help: "the same as --format json" },
  refresh: { help: "ask AWS for its prices, and show what changed" },
  write: { help: "with --refresh: write the prices without asking" },
} as const satisfies Options;

type CostOptions = Partial<OptionValues<typeof OPTIONS>>;

export const command = defineCommand({
  usage: "ENV|FILE.json",
  about: `Prints the bill of a month, from the resources that would be deployed for an
environment, or those of a cdk.tf.json or of a plan (terraform show -json).
Needs no AWS account, apart from --refresh.`,
  options: OPTIONS,
  async run({ args: [target], options, env }) {
    const bill = ["what-if", "compare", "svg", "json"] as const;
    const ignored = bill.filter((name) => isGiven(options[name]));
    if (options.refresh && ignored.length > 0)
      throw new Problem(`--refresh prints prices, and cannot be combined with --${ignored.join(", --")}`);
    if (options.write && !options.refresh) throw new Problem("--write needs --refresh");
    const text = options.refresh ? await refreshPrices(target, options.write, env) : cost(target, options);
    return { text, code: 0 };
  },
});

/**
 * @param target an environment, or a file of JSON: a synthesized stack or a plan
 * @throws Problem with all that is wrong with the arguments
 */
export function cost(target: string | undefined, options: CostOptions = {}): string {
  const { compare, "what-if": changes = [], svg: picture, format = "terminal", json = false } = options;
  const { name, stack, settings } = targetOf(target);
  const usage = settings?.usage ?? usageIn(stack);
  const first = { name, bill: priced(name, stack, usage) };
  const bills: readonly Named[] = [first, ...whatIfs(name, settings, changes)];
  if (compare !== undefined && compare !== "document") throw new Problem(`--compare ${compare}: must be document`);
  if (compare !== undefined && bills.length > 1) throw new Problem("--compare cannot be combined with --what-if");
  const style = choose<Style | undefined>("--format", json ? "json" : format, { ...styles, json: undefined });
  if (picture !== undefined) save("--svg", picture, svg(bills));

  if (style === undefined)
    return JSON.stringify(
      {
        prices: { region: priceBook().region, date: priceBook().date },
        usage,
        bills: bills.map(({ name, bill }) => ({ name, ...bill, difference: difference(first.bill, bill) })),
        ...(compare && { document: besideDocument(first.bill) }),
      },
      null,
      2,
    );
  const table =
    compare !== undefined
      ? documentTable(first.bill)
      : bills.length > 1
        ? comparisonTable(bills)
        : billTable(first.bill);
  const text = [style.table(table), "", ...notes(bills, usage, priceBook().date, style)].join("\n");
  return style === styles["terminal"]
    ? text
        .split("\n")
        .map((line) => wrapped(line, 80))
        .join("\n")
    : text;
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

/**
 * Asks AWS for every price, and writes them where that is wanted.
 *
 * @param environment whose prices are to be in the book, too
 * @param write without asking
 */
export async function refreshPrices(
  environment: string | undefined,
  write: boolean,
  env: NodeJS.ProcessEnv,
  file = PRICE_BOOK_FILE,
) {
  // A few regions serve the prices of all regions, Mumbai among them.
  const config = clientConfig({ env, emulated: false }, "ap-south-1");
  const refreshed = await refreshBook(file, environment === undefined ? [] : unpricedIn(environment), config);
  const report = refreshReport(refreshed);
  if (refreshed.found.length === 0) return report;
  if (!write && !(await agreed(file, report))) return `${report}\nNothing is written; --write does`;
  saveBook(file, refreshed.book);
  return `${report}\nWritten to ${file}; the documentation's bills follow with: npm run docs`;
}

/** Ids of the prices that an environment's bill needs and the book lacks. */
function unpricedIn(environment: string): string[] {
  const { settings } = findEnvironment(environment);
  const { unpriced } = priced(environment, synthesized(environment, settings), settings.usage);
  return [...new Set(unpriced.flatMap(({ price }) => price ?? []))];
}

/** Asks on a terminal, with the report in sight. */
async function agreed(file: string, report: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await terminal.question(`${report}\nWrite ${file}? [y/N] `));
  } finally {
    terminal.close();
  }
}
