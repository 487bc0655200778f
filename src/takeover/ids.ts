/** The file of `--ids`: lines of an address and an id, as the command itself prints them for candidates. */
import { Problem } from "../machine/problem";
import type { Findings } from "./find";

/**
 * @param addresses of the stack's resources
 * @returns ids by address
 * @throws Problem with a line for each line of the file that is wrong
 */
export function idsIn(text: string, addresses: readonly string[], file: string): Map<string, string> {
  const ids = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = line
      .replace(/(^|\s)#.*/, "")
      .split(/\s+/)
      .filter(Boolean);
    const [address, id, ...more] = words;
    if (address === undefined) continue;
    const wrong = (what: string) => problems.push(`${file}:${String(index + 1)}: ${what}`);
    if (id === undefined || more.length > 0) wrong(`"${line.trim()}" is not ADDRESS ID`);
    else if (!addresses.includes(address)) wrong(`${address} is no resource of this environment`);
    else if (ids.has(address)) wrong(`${address} is given twice`);
    else ids.set(address, id);
  }
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  return ids;
}

/** A line for each candidate, which can be pasted into that file as it is. */
export const candidateLines = ({ ambiguous }: Pick<Findings, "ambiguous">): string[] =>
  ambiguous.flatMap(({ address, candidates }) =>
    candidates.map(({ id, called }) => `${address} ${id}${called === undefined ? "" : `   # ${called.trim()}`}`),
  );
