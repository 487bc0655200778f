/** Current prices, from the AWS Price List: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html */
import { GetProductsCommand, type PricingClient } from "@aws-sdk/client-pricing";
import { z } from "zod";
import type { Price, PriceBookFile } from "./price-book";

type Query = Price["query"];

/** The products that match a query, each as the Price List's JSON. */
export type Ask = (query: Query) => Promise<readonly string[]>;

export interface Refreshed {
  /** Prices that AWS returned, by id; `before` is missing where the book has no such price yet. */
  readonly found: readonly { readonly id: string; readonly before?: Price; readonly after: Price }[];
  /** Prices that are unchanged, and why. */
  readonly failed: readonly { readonly id: string; readonly why: string }[];
  /** The book with the prices that were found. */
  readonly book: PriceBookFile;
}

/** @param missing ids to add to the book, such as `ec2.m7i.large` */
export async function refresh(book: PriceBookFile, missing: readonly string[], ask: Ask): Promise<Refreshed> {
  const found: { id: string; before?: Price; after: Price }[] = [];
  const failed: { id: string; why: string }[] = [];
  for (const id of [...Object.keys(book.prices), ...missing]) {
    const before = book.prices[id];
    const asked = before ?? newPrice(id);
    if (asked === undefined) {
      failed.push({ id, why: "the Price List query for it is not known" });
      continue;
    }
    const answer = priceIn(await ask(asked.query));
    if (typeof answer === "string") failed.push({ id, why: answer });
    else if (answer.unit !== asked.unit) failed.push({ id, why: `AWS sells it by the ${answer.unit}` });
    else {
      // AWS lists all tiers: those of the book, and its mark of where it knows no more, are replaced.
      found.push({ id, ...(before && { before }), after: { ...firstTier(asked), ...answer, confidence: "verified" } });
    }
  }
  const prices = { ...book.prices, ...Object.fromEntries(found.map(({ id, after }) => [id, after])) };
  return { found, failed, book: { ...book, prices } };
}

/** A price without its tiers, and without the mark of where the book knows no more. */
const firstTier = (price: Price): Price =>
  Object.fromEntries(Object.entries(price).filter(([key]) => key !== "beyond" && key !== "upTo")) as Price;

export function priceList(client: PricingClient): Ask {
  return async ({ service, ...attributes }) => {
    const { PriceList = [] } = await client.send(
      new GetProductsCommand({
        ServiceCode: service,
        Filters: Object.entries(attributes).map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value })),
        FormatVersion: "aws_v1",
      }),
    );
    return PriceList.map(String);
  };
}

const product = z.object({
  product: z.object({ sku: z.string() }),
  publicationDate: z.string(),
  terms: z.object({
    OnDemand: z.record(
      z.string(),
      z.object({
        priceDimensions: z.record(
          z.string(),
          z.object({
            unit: z.string(),
            beginRange: z.string().default("0"),
            pricePerUnit: z.object({ USD: z.coerce.number() }),
          }),
        ),
      }),
    ),
  }),
});

/** The Price List's names of units, and how many of them are one unit of the book. */
const UNITS: Readonly<Record<string, readonly [unit: Price["unit"], times: number]>> = {
  Hrs: ["hour", 1],
  "GB-Mo": ["GB-month", 1],
  GB: ["GB", 1],
  "LCU-Hrs": ["LCU-hour", 1],
  "vCPU-Hours": ["vCPU-hour", 1],
  Requests: ["1,000 requests", 1000],
  Alarms: ["month", 1],
  Metrics: ["month", 1],
};

/** The price of the first tier that costs anything, and those of later ones; a sentence where there is none, or more than one. */
function priceIn(answers: readonly string[]): Pick<Price, "usd" | "unit" | "beyond" | "source" | "date"> | string {
  const parsed = answers.map((answer) => product.safeParse(JSON.parse(answer)));
  if (parsed.some(({ success }) => !success)) return "AWS's answer has an unknown format";
  const prices = parsed.flatMap(({ data }) => {
    const tiers = Object.values(data?.terms.OnDemand ?? {})
      .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
      .filter(({ pricePerUnit }) => pricePerUnit.USD > 0)
      .sort((one, other) => Number(one.beginRange) - Number(other.beginRange));
    const [first, ...later] = tiers;
    return data === undefined || first === undefined ? [] : [{ ...first, later, ...data }];
  });
  const [first] = prices;
  if (first === undefined) return "AWS has no price for it";
  if (prices.some(({ pricePerUnit }) => pricePerUnit.USD !== first.pricePerUnit.USD))
    return `AWS has ${String(prices.length)} prices for it: ${prices.map(({ product: { sku } }) => sku).join(", ")}`;
  const [unit, times] = UNITS[first.unit] ?? [];
  if (unit === undefined || times === undefined) return `AWS sells it by the ${first.unit}`;
  const usd = (price: typeof first.pricePerUnit) => Number((price.USD * times).toPrecision(10));
  const beyond = first.later.map(({ beginRange, pricePerUnit }) => ({
    units: Number(beginRange) / times,
    usd: usd(pricePerUnit),
  }));
  return {
    usd: usd(first.pricePerUnit),
    unit,
    ...(beyond.length > 0 && { beyond }),
    source: `AWS Price List, SKU ${first.product.sku}`,
    date: first.publicationDate.slice(0, 10),
  };
}

/** Mumbai, in usage types. */
const PREFIX = "APS3";

/** The entry of a price that the book does not have: its query and unit, without the price itself. */
function newPrice(id: string): Price | undefined {
  const [, kind, type = ""] = /^(ec2|ebs)\.(.+)$/.exec(id) ?? [];
  const unknown = { usd: 0, source: "AWS Price List", date: "1970-01-01", confidence: "likely" } as const;
  if (kind === "ec2") {
    const query = { service: "AmazonEC2", usagetype: `${PREFIX}-BoxUsage:${type}`, operation: "RunInstances" };
    return { item: `${type}, Linux, on demand`, unit: "hour", ...unknown, query };
  }
  if (kind === "ebs")
    return {
      item: `${type} disk`,
      unit: "GB-month",
      ...unknown,
      query: { service: "AmazonEC2", usagetype: `${PREFIX}-EBS:VolumeUsage.${type}` },
    };
  const [, family] = /^(\w+)\.surplus$/.exec(id) ?? [];
  if (family === undefined) return undefined;
  const query = { service: "AmazonEC2", usagetype: `${PREFIX}-CPUCredits:${family}` };
  return { item: `CPU beyond the credits, ${family} unlimited`, unit: "vCPU-hour", ...unknown, query };
}
