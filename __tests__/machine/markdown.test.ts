import fc from "fast-check";
import { cell, code, safe } from "../../src/machine/markdown";
import { RUNS } from "../any-settings";
import { hostile, markup } from "../markdown-text";

test.each([
  ["a`b", "``a`b``"],
  ["``", "``` `` ```"],
  ["`a", "`` `a ``"],
  ["", "`  `"],
  ["a\nb\u202ec", "`a b c`"],
])("code of %j is %s", (text, expected) => expect(code(text)).toBe(expected));

test.each([
  "launch template v2: rolling replacement of up to 4 instances, 4 at a time, about 6 minutes",
  "port: 5000 → 8080",
  "cost: 103.93 → 103.93 + 2 not priced USD a month (+0.00)",
  "40.88",
  "-0.54",
  "~5",
])("%s stays as it is", (text) => expect(safe(text)).toBe(text));

test.each([
  "@octocat",
  "www.evil.example",
  "see GH-1",
  "a1b2c3d",
  "https://x",
  "- x",
  "1. x",
  "--- x",
  "a_b",
  "&lt;",
  "==",
])("%s is code", (text) => expect(safe(text)).toBe(`\`${text}\``));

test("no text is anything but text, in a list, in code or in a table", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(markup(`- ${safe(text)}\n- **x** ${code(text)}\n| ${cell(text)} | ${cell("a")} |`)).toEqual([]);
      expect(cell(text)).not.toContain("|");
    }),
    { numRuns: RUNS * 20 },
  );
});
