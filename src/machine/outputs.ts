/** What this process prints. */

/** A terminal that is closed takes the outputs along: whatever is under way still ends in order, unseen. */
export function surviveTheirEnd(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}
