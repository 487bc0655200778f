import { markdown, MOST_BYTES } from "../../src/plan-review/markdown";
import { terminal } from "../../src/plan-review/terminal";
import { reviewOf } from "./corpus";

test("a comment begins with what goes, in red", () => {
  expect(markdown(reviewOf("destroy")).split("\n")[0]).toMatch(/^\*\*🔴 .*load-balancer/);
});

test("however long the plan, a comment stays under what GitHub takes, and its first lines stay", () => {
  const review = reviewOf("destroy");
  const many = { ...review, changes: Array.from({ length: 200 }, () => review.changes).flat() };
  const text = markdown(many);
  expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES);
  expect(text).toContain("more: see the plan itself");
  expect(text.split("\n")[0]).toBe(markdown(review).split("\n")[0]);
});

test("the cost that the shell hands over is told", () => {
  const cost = { before: 90.94, after: 131.82, lines: [] };
  expect(markdown(reviewOf("ami-change"), cost)).toContain("90.94 → 131.82 USD a month (+40.88)");
});

test("a terminal without colours gets none", () => {
  expect(terminal(reviewOf("destroy"), false)).not.toContain("\x1b");
  expect(terminal(reviewOf("destroy"), true)).toContain("\x1b[31m! ");
});
