/** Questions to a person, where there is a terminal. */
import { createInterface } from "node:readline/promises";

/** @returns undefined where there is nobody to ask, or the answer is none of the choices */
export async function ask(question: string, choices: readonly string[]): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const list = choices.map((choice, index) => `  ${String(index + 1)}  ${choice}\n`).join("");
    const answer = (await terminal.question(`${question}\n${list}> `)).trim();
    return choices[Number(answer) - 1] ?? choices.find((choice) => choice === answer);
  } finally {
    terminal.close();
  }
}
