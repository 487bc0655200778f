/** The bill beside the document's own table. */
import { synthesized } from "../../src/deploy/read-stack";
import { environments } from "../../src/config/environments";
import { billOf } from "../../src/cost/bill";
import { besideDocument, DOCUMENT_TOTAL, ESTIMATES } from "../../src/cost/document";
import { bookOf } from "../../src/cost/prices/price-book";
import { resourceTypes } from "../../src/resources/tables";

const { production } = environments;
const bill = billOf(synthesized("production", production), production.usage, bookOf, resourceTypes);
const rows = besideDocument(bill);

test("every line of the bill is in one row, so the rows add up to the bill", () => {
  for (const line of bill.lines) expect(ESTIMATES.filter(({ covers }) => covers(line)).length).toBeLessThan(2);
  expect(rows.reduce((sum, { ours }) => sum + ours.month, 0)).toBeCloseTo(bill.total.expected, 9);
});

test("the document's monthly figures follow from its prices", () => {
  const month = (item: string) => ESTIMATES.find((estimate) => estimate.item === item);
  for (const item of ["load balancer", "NAT gateway"]) {
    const { price = NaN, month: [from] = [NaN] } = month(item) ?? {};
    expect(730 * price).toBeCloseTo(from, 2);
  }
  const sum = (end: 0 | 1) => ESTIMATES.reduce((total, { month: ends }) => total + ends[end], 0);
  // Its own lines come to 97 to 107; it says 92 to 150, the most with four servers all month (42.64).
  expect([sum(0), sum(1)].map(Math.round)).toEqual([97, 107]);
  expect(DOCUMENT_TOTAL).toEqual([92, 150]);
});

test.each([
  // 0.0146 / 0.0112 = 1.304
  ["application servers", "the document's price is 30 % too high"],
  // 0.0306 / 0.0239 = 1.280
  ["load balancer", "the document's price is 28 % too high"],
  // 0.065 / 0.056 = 1.161
  ["NAT gateway", "the document's price is 16 % too high"],
  // 0.09 / 0.1093 = 0.823
  ["data out to the internet", "the document's price is 18 % too low; the first 100 GB of an account are free"],
  ["public IPv4 addresses", "not in the document"],
])("%s: %s", (item, why) => expect(rows.find((row) => row.item === item)?.why).toContain(why));

test("every row that differs says why", () => {
  const differing = rows.filter(({ document, ours }) => document?.price !== ours.price);
  expect(differing.filter(({ why }) => why === "")).toEqual([]);
});
