/**
 * Text of others in Markdown: in a name that somebody chose, GitHub must find no mention, no link, no HTML and no other markup. It
 * finds none in a code span: https://github.github.com/gfm/#code-spans
 */
import { visible } from "./visible";

/** Words and numbers that GitHub leaves as they are. */
const PLAIN = /^(?:~\d+|(?:[a-z0-9 ,.;()'"%+–…→×=-]|: )*)$/i;
/** The beginning of a list, a quotation or a line under a heading. */
const BEGINNING = /^(?:[-+=.]|\d+[.)])(?![\d.])/;
/** What GitHub links in plain words: addresses without a scheme, issues of it and of others (`GH-1`), commits. */
const LINKED = /\bwww\b|(?<![-\w])[a-z]\w*-\d|\b[0-9a-f]{7,40}\b/i;

/** Ordinary words as they are, anything else as code. */
export const safe = (text: string): string => {
  const line = oneLine(text);
  return PLAIN.test(line) && !BEGINNING.test(line) && !LINKED.test(line) ? line : code(line);
};

/** A code span between more backticks than there are together in the text. */
export function code(text: string): string {
  const line = oneLine(text);
  const fence = "`".repeat(1 + Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)));
  // One space on either side is taken off again; without it the text's own backticks would join the fence.
  const pad = /^[` ]|[` ]$/.test(line) || line === "" ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** In a table a vertical bar ends the cell, in code as well, and after two backslashes even where it is escaped. */
export const cell = (text: string): string => safe(text.replaceAll("|", "¦"));

const MOST_CHARACTERS = 600;
const oneLine = (text: string) => visible(text).trim().slice(0, MOST_CHARACTERS);
