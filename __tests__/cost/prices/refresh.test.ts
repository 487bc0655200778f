/** Asking for prices, against a server on loopback that answers in the documented form of the Price List; never seen with AWS itself. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refreshPrices } from "../../../src/commands/cost";
import { parseBook, PRICE_BOOK_FILE, type PriceBookFile } from "../../../src/cost/prices/price-book";
import { refresh, type Ask } from "../../../src/cost/prices/refresh";

interface Asked {
  readonly ServiceCode: string;
  readonly Filters: readonly { readonly Field: string; readonly Value: string }[];
}

/** What the Price List has of a product: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html */
const product = (sku: string, unit: string, ...tiers: readonly (readonly [begin: string, usd: string])[]) =>
  JSON.stringify({
    product: { sku, productFamily: "x", attributes: {} },
    serviceCode: "x",
    publicationDate: "2026-11-20T17:14:09Z",
    terms: {
      OnDemand: {
        [`${sku}.JRTCKXETXF`]: {
          priceDimensions: Object.fromEntries(
            tiers.map(([beginRange, USD], index) => [
              `${sku}.JRTCKXETXF.${String(index)}`,
              { unit, beginRange, endRange: "Inf", pricePerUnit: { USD }, description: "" },
            ]),
          ),
        },
      },
    },
  });

const book = parseBook(readFileSync(PRICE_BOOK_FILE, "utf8"));
const only = (...ids: readonly string[]): PriceBookFile => ({
  ...book,
  prices: Object.fromEntries(Object.entries(book.prices).filter(([id]) => ids.includes(id))),
});
const always =
  (...answers: readonly string[]): Ask =>
  () =>
    Promise.resolve(answers);

describe("what is answered", () => {
  test("becomes a verified price, with where and when", async () => {
    const { found } = await refresh(only("nat.gb"), [], always(product("NATSKU", "GB", ["0", "0.0570000000"])));
    expect(found).toMatchObject([
      {
        id: "nat.gb",
        before: { usd: 0.056 },
        after: { usd: 0.057, source: "AWS Price List, SKU NATSKU", date: "2026-11-20", confidence: "verified" },
      },
    ]);
  });

  test("is the first tier that costs anything, however they are ordered", async () => {
    const tiers = [
      ["10240", "0.085"],
      ["1", "0.1093"],
      ["0", "0.0"],
    ] as const;
    const { found } = await refresh(only("transfer.out"), [], always(product("OUT", "GB", ...tiers)));
    // What is free of it stays a part of the book; the later tiers are those of AWS.
    expect(found[0]?.after).toMatchObject({ usd: 0.1093, freePerMonth: 100, beyond: [{ units: 10240, usd: 0.085 }] });
  });

  test("has all tiers where the book knew only the first, and none where AWS has none", async () => {
    const tiered = product("S3", "GB-Mo", ["0", "0.025"], ["51200", "0.024"]);
    const { found } = await refresh(only("s3.storage"), [], always(tiered));
    expect(found[0]?.after).toMatchObject({ usd: 0.025, beyond: [{ units: 51200, usd: 0.024 }] });
    expect(found[0]?.after).not.toHaveProperty("upTo");
    const flat = await refresh(only("transfer.out"), [], always(product("OUT", "GB", ["0", "0.1093"])));
    expect(flat.found[0]?.after).not.toHaveProperty("beyond");
  });

  test("is converted to the book's unit", async () => {
    const { found } = await refresh(only("s3.put"), [], always(product("PUT", "Requests", ["0", "0.0000050000"])));
    expect(found[0]?.after.usd).toBe(0.005);
  });

  test("adds what the book lacks, as far as it can be asked for", async () => {
    const asked: object[] = [];
    const ask: Ask = (query) => {
      asked.push(query);
      return Promise.resolve([product("NEW", "Hrs", ["0", "0.0255"])]);
    };
    const { book: written, failed } = await refresh(only(), ["ec2.m7i.large", "db.t4g.micro"], ask);
    expect(asked).toEqual([{ service: "AmazonEC2", usagetype: "APS3-BoxUsage:m7i.large", operation: "RunInstances" }]);
    expect(parseBook(JSON.stringify(written)).prices["ec2.m7i.large"]?.usd).toBe(0.0255);
    expect(failed).toEqual([{ id: "db.t4g.micro", why: "the Price List query for it is not known" }]);
  });

  test.each([
    ["nothing", [], "AWS has no price for it"],
    [
      "two prices",
      [product("ONE", "GB", ["0", "0.05"]), product("TWO", "GB", ["0", "0.06"])],
      "AWS has 2 prices for it: ONE, TWO",
    ],
    ["another unit", [product("ONE", "Hrs", ["0", "0.05"])], "AWS sells it by the hour"],
    ["an unknown unit", [product("ONE", "Quantity", ["0", "0.05"])], "AWS sells it by the Quantity"],
    ["another form", ["{}"], "AWS's answer has an unknown format"],
  ])("%s changes nothing, and is reported", async (_, answers, why) => {
    const { failed, book: written } = await refresh(only("nat.gb"), [], always(...answers));
    expect(failed).toEqual([{ id: "nat.gb", why }]);
    expect(written).toEqual(only("nat.gb"));
  });
});

describe("the command", () => {
  let server: Server;
  let folder: string;
  let file: string;
  const asked: Asked[] = [];
  const environment = { ...process.env };
  const run = (write: boolean) => refreshPrices(undefined, write, process.env, file);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "prices-"));
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        const query = JSON.parse(body) as Asked;
        asked.push(query);
        const isNat = query.Filters.some(({ Value }) => Value === "APS3-NatGateway-Hours");
        const PriceList = isNat ? [product("NAT", "Hrs", ["0", "0.0600000000"])] : [];
        response.setHeader("content-type", "application/x-amz-json-1.1");
        response.end(JSON.stringify({ FormatVersion: "aws_v1", PriceList }));
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    process.env["AWS_ACCESS_KEY_ID"] = process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  });
  beforeEach(() => {
    file = join(folder, "book.json");
    writeFileSync(file, readFileSync(PRICE_BOOK_FILE));
    asked.length = 0;
  });
  afterAll(() => {
    process.env = environment;
    server.close();
    rmSync(folder, { recursive: true });
  });

  test("asks for every price, shows what changed, and writes nothing unasked", async () => {
    const printed = await run(false);
    expect(asked).toHaveLength(Object.keys(book.prices).length);
    expect(asked[0]).toMatchObject({
      ServiceCode: "AmazonEC2",
      Filters: [
        { Type: "TERM_MATCH", Field: "usagetype", Value: "APS3-BoxUsage:t3.micro" },
        { Type: "TERM_MATCH", Field: "operation", Value: "RunInstances" },
      ],
    });
    expect(printed).toMatch(/^nat\.hour +0\.056 → 0\.06 per hour \(AWS Price List, SKU NAT\)$/m);
    expect(printed).toMatch(/^alb\.lcu +unchanged: AWS has no price for it$/m);
    expect(printed).toMatch(/\nNothing is written; --write does$/);
    expect(readFileSync(file, "utf8")).toBe(readFileSync(PRICE_BOOK_FILE, "utf8"));
  });

  test("writes a book that differs in what AWS answered alone", async () => {
    await run(true);
    const written = parseBook(readFileSync(file, "utf8"));
    const changed = Object.keys(book.prices).filter(
      (id) => JSON.stringify(written.prices[id]) !== JSON.stringify(book.prices[id]),
    );
    expect(changed).toEqual(["nat.hour"]);
  });

  test("without an answer it is one line", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    await expect(run(true)).rejects.toThrow(/^AWS cannot be asked for its prices \(.*\); sign in/);
  });
});

test("every price says what it is, where and when it was found, and how to ask for it again", () => {
  const queries = Object.values(book.prices).map(({ query }) => JSON.stringify(query));
  expect(new Set(queries).size).toBe(queries.length);
  expect(Object.values(book.prices).filter(({ query }) => !query.usagetype.startsWith("APS3-"))).toEqual([]);
});
