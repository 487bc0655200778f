/** `npm run cost -- --refresh`: asks AWS for its prices, shows what changed, and writes them where that is wanted. */
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { PricingClient } from "@aws-sdk/client-pricing";
import { billOf } from "../cost/bill";
import { parseBook, PRICE_BOOK_FILE, priceBook } from "../cost/prices/price-book";
import { priceList, refresh, type Refreshed } from "../cost/prices/refresh";
import { Problem } from "../machine/problem";
import { settingsOf, synthesized } from "./stack-of";

/**
 * @param environment whose prices are to be in the book, too
 * @param write without asking
 * @throws Problem where AWS cannot be asked
 */
export async function refreshPrices(
  environment: string | undefined,
  write: boolean,
  print: (text: string) => void,
  file = PRICE_BOOK_FILE,
): Promise<void> {
  const missing = environment === undefined ? [] : missingIn(environment);
  const book = parseBook(readFileSync(file, "utf8"));
  // The Price List answers for all regions in a few of them, Mumbai among them.
  const client = new PricingClient({ region: "ap-south-1" });
  const refreshed = await refresh(book, missing, priceList(client)).catch((error: unknown) => {
    throw new Problem(
      `AWS cannot be asked for its prices (${error instanceof Error ? error.message : String(error)}); sign in, for instance with: aws configure sso`,
    );
  });
  print(report(refreshed));
  if (refreshed.found.length === 0) return;
  if (!write && !(await agreed(file))) {
    print("Nothing is written; --write does");
    return;
  }
  writeFileSync(file, `${JSON.stringify(refreshed.book, null, 2)}\n`);
  print(`Written to ${file}; the bills of docs/costs.md follow with: npm run docs`);
}

/** Ids that an environment's bill needs and the book lacks. */
function missingIn(environment: string): string[] {
  const settings = settingsOf(environment);
  const { unpriced } = billOf(synthesized(environment, settings), settings.usage, priceBook());
  return [...new Set(unpriced.flatMap(({ price }) => price ?? []))];
}

function report({ found, failed }: Refreshed): string {
  const width = Math.max(...[...found, ...failed].map(({ id }) => id.length));
  const lines = found.map(({ id, before, after }) => {
    const was = before === undefined ? "new" : before.usd === after.usd ? "still" : `${String(before.usd)} →`;
    return `${id.padEnd(width)}  ${was} ${String(after.usd)} per ${after.unit} (${after.source})`;
  });
  return [...lines, ...failed.map(({ id, why }) => `${id.padEnd(width)}  stays as it is: ${why}`)].join("\n");
}

async function agreed(file: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await terminal.question(`Write ${file}? [y/N] `));
  } finally {
    terminal.close();
  }
}
