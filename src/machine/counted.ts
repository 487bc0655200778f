/** Counts what work is done, from the lines that are reported: the resources of Terraform, or `12 of 50 done`. */
import { stripVTControlCharacters } from "node:util";

export interface Counted {
  /** Takes a line of Terraform, or of cdktf with a stack's name before it; or the count itself. */
  take(line: string): void;
  /** `12 of 51 done, waits for aws_lb`, of all stacks that are deployed at a time; empty before anything is begun. */
  text(): string;
}

const PLAN = /Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy/;
const BEGUN = /(\S+): (?:Creating|Modifying|Destroying)\.\.\./;
const ENDED = /(\S+): (?:Creation|Modifications|Destruction) complete/;

const COUNT = /^(\d+) of (\d+) done$/;

export function countResources(): Counted {
  let total = 0;
  let done = 0;
  /** In the order in which they were begun. */
  const begun = new Set<string>();
  return {
    take(line) {
      const text = stripVTControlCharacters(line);
      const count = COUNT.exec(text);
      if (count !== null) [done, total] = [Number(count[1]), Number(count[2])];
      // An import changes nothing by itself.
      for (const number of PLAN.exec(text)?.slice(2) ?? []) total += Number(number);
      const address = BEGUN.exec(text)?.[1] ?? "";
      if (address !== "") begun.add(address);
      const ended = ENDED.exec(text)?.[1];
      if (ended === undefined) return;
      begun.delete(ended);
      done++;
    },
    text() {
      if (done === 0 && begun.size === 0) return "";
      const [longest] = begun;
      // Its type says more than its name, which has a checksum.
      const waits = longest === undefined ? "" : `, waits for ${longest.split(".").find(isType) ?? longest}`;
      return `${String(done)}${total >= done && total > 0 ? ` of ${String(total)}` : ""} done${waits}`;
    },
  };
}

const isType = (part: string) => part.startsWith("aws_");
