import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withReviews } from "../../scripts/plan-readme";

test("the README shows the reviews of the corpus as they are", () => {
  const root = join(__dirname, "..", "..");
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(withReviews(readme, join(root, "__tests__", "fixtures", "plans"))).toBe(readme);
  expect(readme).toContain("**Another port**");
});
