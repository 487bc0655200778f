import type { CostDifference } from "../../src/plan-review/cost-difference";
import { markdown, MOST_BYTES } from "../../src/plan-review/markdown";
import { terminal } from "../../src/plan-review/terminal";
import { fixtureNames } from "../fixtures/plans";
import { reviewOf } from "./corpus";

test("a comment begins with what is deleted or replaced, in red", () => {
  expect(markdown(reviewOf("destroy")).split("\n")[0]).toMatch(/^\*\*🔴 .*load-balancer/);
});

test("however long the plan, a comment stays under GitHub's limit, and its first lines stay", () => {
  const review = reviewOf("destroy");
  const many = { ...review, changes: Array.from({ length: 200 }, () => review.changes).flat() };
  const text = markdown(many);
  expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES);
  expect(text).toContain("more: see the plan itself");
  expect(text.split("\n")[0]).toBe(markdown(review).split("\n")[0]);
});

const priced = { lines: [], unpriced: [], unpricedResources: { before: 0, after: 0, change: false } };

test.each<[string, CostDifference, string]>([
  ["another", { ...priced, before: 90.94, after: 131.82 }, "cost: 90.94 → 131.82 USD a month (+40.88)"],
  ["the same", { ...priced, before: 90.94, after: 90.941 }, "cost: 90.94 USD a month, as before"],
  ["unknown", { unknown: "another region" }, "cost: not known: another region"],
  [
    "more that is not priced",
    { ...priced, before: 103.93, after: 103.93, unpricedResources: { before: 0, after: 2, change: true } },
    "cost: 103.93 → 103.93 + 2 not priced USD a month",
  ],
  [
    "more of both",
    { ...priced, before: 100, after: 90, unpricedResources: { before: 1, after: 2, change: true } },
    "cost: 100.00 + 1 not priced → 90.00 + 2 not priced USD a month (-10.00)",
  ],
  [
    "what is not priced, unchanged",
    { ...priced, before: 103.93, after: 103.93, unpricedResources: { before: 2, after: 2, change: false } },
    "cost: 103.93 + 2 not priced USD a month, as before",
  ],
  [
    "what is not priced, changed",
    { ...priced, before: 103.93, after: 103.93, unpricedResources: { before: 2, after: 2, change: true } },
    "cost: 103.93 + 2 not priced USD a month",
  ],
])("a cost that is %s is said so in the headline", (_, cost, line) => {
  expect(markdown(reviewOf("ami-change"), cost)).toContain(`**${line}**`);
  expect(terminal(reviewOf("ami-change"), { colour: false, width: 200 }, cost).split("\n")).toContain(line);
});

test("a policy that fails is marked", () => {
  expect(markdown(reviewOf("safety-overridden"))).toMatch(/^- ❌ `numbered-template-version \(error\) at /m);
});

test("what is not priced is listed, as code", () => {
  const cost = { ...priced, before: 1, after: 1, unpriced: ["aws_x.y: not in the price book"] };
  expect(markdown(reviewOf("ami-change"), cost)).toContain("- `not priced: aws_x.y: not in the price book`");
});

test("a terminal without colours gets none", () => {
  expect(terminal(reviewOf("destroy"), { colour: false, width: 80 })).not.toContain("\x1b");
  expect(terminal(reviewOf("destroy"), { colour: true, width: 80 })).toContain("\x1b[31m! ");
});

test.each(fixtureNames())("%s fits a narrow terminal, but for words that are longer", (name) => {
  for (const width of [40, 80]) {
    const lines = terminal(reviewOf(name), { colour: false, width }).split("\n");
    expect(lines.filter((line) => line.length > width && line.trim().includes(" "))).toEqual([]);
    // Nothing is lost on the way.
    const wide = terminal(reviewOf(name), { colour: false, width: Infinity });
    expect(lines.join(" ").split(/\s+/)).toEqual(wide.split(/\s+/));
  }
});

test("colours take no room", () => {
  const shown = (colour: boolean) => terminal(reviewOf("safety-overridden"), { colour, width: 60 });
  // eslint-disable-next-line no-control-regex -- a colour
  expect(shown(true).replace(/\x1b\[\d+m/g, "")).toBe(shown(false));
});
