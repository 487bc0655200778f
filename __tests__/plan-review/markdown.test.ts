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

test("the cost that is passed in is shown", () => {
  const cost = { before: 90.94, after: 131.82, lines: [], unpriced: [] };
  expect(markdown(reviewOf("ami-change"), cost)).toContain("90.94 → 131.82 USD a month (+40.88)");
});

test("a cost that does not change is one figure, and one that is not known says why", () => {
  const cost = { before: 90.94, after: 90.941, lines: [], unpriced: ["aws_x.y: not in the price book"] };
  expect(markdown(reviewOf("ami-change"), cost)).toContain("**cost: 90.94 USD a month, as before**");
  expect(markdown(reviewOf("ami-change"), cost)).toContain("- not priced: aws\\_x.y");
  expect(markdown(reviewOf("ami-change"), { unknown: "another region" })).toContain("cost: not known: another region");
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
