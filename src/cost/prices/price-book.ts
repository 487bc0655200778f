/** The price book: the price of a unit of each item in one region, with its source and date. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const priceSchema = z.strictObject({
  /** What is sold. */
  item: z.string().min(1),
  usd: z.number().min(0),
  unit: z.enum(["hour", "month", "GB", "GB-month", "LCU-hour", "vCPU-hour", "1,000 requests"]),
  /** Units that are free, for the whole account together. */
  freePerMonth: z.number().positive().optional(),
  /** Cheaper prices of the units beyond a number of them in a month, in ascending order. */
  beyond: z.array(z.strictObject({ units: z.number().positive(), usd: z.number().min(0) })).optional(),
  /** Units in a month beyond which each has another price, which the book does not know. */
  upTo: z.number().positive().optional(),
  source: z.string().min(10),
  date: z.iso.date(),
  /** `verified`: from the price list itself; `second-hand`: from bills and documents; `likely`: of another region, or unconfirmed. */
  confidence: z.enum(["verified", "second-hand", "likely"]),
  /** Finds it in the AWS Price List: service code, and attributes that select one product. */
  query: z.strictObject({ service: z.string(), usagetype: z.string(), operation: z.string().optional() }),
});

const bookSchema = z.strictObject({
  region: z.string(),
  currency: z.literal("USD"),
  prices: z.record(z.string(), priceSchema),
});

export type Price = z.infer<typeof priceSchema>;
export type PriceBookFile = z.infer<typeof bookSchema>;

export const PRICE_BOOK_FILE = join(__dirname, "ap-south-1.json");

/** USD for a month's units of an item: the free ones are the first, and each of the others costs what its tier does. */
export function usdFor({ usd, freePerMonth = 0, beyond = [] }: Price, units: number): number {
  const tiers = [{ units: freePerMonth, usd }, ...beyond];
  return tiers.reduce((total, tier, index) => {
    const end = tiers[index + 1]?.units ?? Infinity;
    return total + tier.usd * Math.max(0, Math.min(units, end) - tier.units);
  }, 0);
}

export class PriceBook {
  constructor(private readonly file: PriceBookFile) {}

  get region(): string {
    return this.file.region;
  }

  /** By id, such as `nat.hour` or `ec2.t3.micro`. */
  get prices(): Readonly<Record<string, Price>> {
    return this.file.prices;
  }

  /** USD for a unit. @throws Error if the book lacks what every bill needs */
  usd(id: string): number {
    const price = this.file.prices[id];
    if (price === undefined) throw new Error(`The price book lacks ${id}`);
    return price.usd;
  }

  /** The oldest date of its prices, such as `2026-09-16`. */
  get date(): string {
    return Object.values(this.file.prices)
      .map(({ date }) => date)
      .reduce((oldest, date) => (date < oldest ? date : oldest));
  }
}

export function parseBook(text: string): PriceBookFile {
  return bookSchema.parse(JSON.parse(text));
}

const books = new Map<string, PriceBook | undefined>();

/** The project's price book of a region, read once; undefined where there is none. */
export function bookOf(region: string | undefined): PriceBook | undefined {
  if (region === undefined || !/^[a-z0-9-]+$/.test(region)) return undefined;
  if (!books.has(region)) {
    const file = join(__dirname, `${region}.json`);
    books.set(region, existsSync(file) ? new PriceBook(parseBook(readFileSync(file, "utf8"))) : undefined);
  }
  return books.get(region);
}

/** The price book of the reference deployment's region. */
export function priceBook(): PriceBook {
  const book = bookOf("ap-south-1");
  if (book === undefined) throw new Error(`${PRICE_BOOK_FILE} is missing`);
  return book;
}
