/** What the README shows is what the program says: `npm run readme` writes it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generated, README } from "../scripts/readme";

const PICTURE = join(__dirname, "..", "docs", "cost.svg");

test("the README's table of settings, bills, picture and reviews are not stale", () => {
  const [readme, picture] = [readFileSync(README, "utf8"), readFileSync(PICTURE, "utf8")];
  expect(generated(readme)).toBe(readme);
  expect(readFileSync(PICTURE, "utf8")).toBe(picture);
});

test("it has them all", () => {
  const readme = readFileSync(README, "utf8");
  for (const text of ["| `fleet.maxSize` |", "| NAT gateways | 40.88 |", "why they differ", "**Another port**"])
    expect(readme).toContain(text);
});
