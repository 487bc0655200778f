/** Hostile text, and what GitHub would make of Markdown that holds it. */
import fc from "fast-check";

const FRAGMENTS = [
  ...[
    "`",
    "``",
    "```",
    "@octocat",
    "@org/team",
    "<img src=x onerror=alert(1)>",
    "</details>",
    "<!--",
    "https://evil.example",
  ],
  ...[
    "www.evil.example",
    "[x](http://evil.example)",
    "![](x)",
    "#1",
    "org/repo#1",
    "GH-1",
    "deadbeefcafe",
    "a@evil.example",
  ],
  ...[
    "&lt;",
    "\\",
    "\\`",
    "*",
    "_",
    "~~",
    "$x$",
    ":",
    "|",
    "\n",
    "\r\n",
    "\u2028",
    "\n\n# Title\n",
    "- ",
    "1. ",
    "> ",
    "---",
  ],
  ...["\u202e", "\u001b[31m", "plain words", " "],
];

/** Text that tries to get out of wherever it is put. */
export const hostile = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...FRAGMENTS) }, fc.string({ maxLength: 4 })), {
    maxLength: 8,
  })
  .map((parts) => parts.join(""));

const OWN = new Set(["<details><summary>Changes</summary>", "</details>"]);

/** What is outside of code in Markdown and may be a mention, a link, HTML or other markup; a line each. */
export function markup(markdown: string): string[] {
  const found = markdown.split("\n").flatMap((line) => {
    if (OWN.has(line)) return [];
    const prose = outsideCode(line);
    const own = prose.replaceAll("**", "").replace(/^(\|.*\||[-:| ]*)$/, (row) => row.replaceAll("|", " "));
    return /[@#<>[\]&\\_~$|`*]|:\/\/|\bwww\b|\b[0-9a-f]{7,40}\b|(?<![-\w])[a-z]\w*-\d|[\p{Cc}\u202a-\u202e]/iu.test(own)
      ? [line]
      : [];
  });
  const folds = markdown.split("\n").filter((line) => OWN.has(line));
  return folds.length === 0 || folds.length === 2 ? found : [...found, ...folds];
}

/** https://github.github.com/gfm/#code-spans: as many backticks end a span as began it; an unpaired run stays. */
function outsideCode(line: string): string {
  const [, before = "", fence = "", rest = ""] = /^([^`]*)(`+)(.*)$/s.exec(line) ?? [];
  if (fence === "") return line;
  const end = [...rest.matchAll(/`+/g)].find(([run]) => run.length === fence.length);
  if (end === undefined) return `${before}${fence}${outsideCode(rest)}`;
  return `${before} ${outsideCode(rest.slice(end.index + fence.length))}`;
}
