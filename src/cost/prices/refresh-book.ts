/** Updates the price book's file with AWS's current prices. */
import { readFileSync, writeFileSync } from "node:fs";
import { PricingClient, type PricingClientConfig } from "@aws-sdk/client-pricing";
import { Problem } from "../../machine/problem";
import { columns } from "../../machine/table";
import { parseBook, type PriceBookFile } from "./price-book";
import { priceList, refresh, type Refreshed } from "./refresh";

/**
 * Asks AWS for every price of the book; nothing is written.
 *
 * @param missing ids of prices to add to the book
 * @throws Problem if AWS cannot be asked
 */
export async function refreshBook(
  file: string,
  missing: readonly string[],
  config: PricingClientConfig,
): Promise<Refreshed> {
  const client = new PricingClient(config);
  return refresh(parseBook(readFileSync(file, "utf8")), missing, priceList(client)).catch((error: unknown) => {
    throw new Problem(
      `AWS cannot be asked for its prices (${error instanceof Error ? error.message : String(error)}); sign in, for instance with: aws configure sso`,
    );
  });
}

export const saveBook = (file: string, book: PriceBookFile): void =>
  writeFileSync(file, `${JSON.stringify(book, null, 2)}\n`);

/** A line for each price: its old and new value, or why it is unchanged. */
export function refreshReport({ found, failed }: Refreshed): string {
  const answered = found.map(({ id, before, after }) => {
    const tiers = (price: typeof after) => JSON.stringify(price.beyond);
    const isSame = before?.usd === after.usd && tiers(before) === tiers(after);
    const was = before === undefined ? "new" : isSame ? "still" : `${String(before.usd)} →`;
    return [id, `${was} ${String(after.usd)} per ${after.unit} (${after.source})`];
  });
  return columns([...answered, ...failed.map(({ id, why }) => [id, `unchanged: ${why}`])]);
}
