/** Who holds the lock of a state, as Terraform reports when it cannot acquire it. */

export interface Lock {
  readonly id: string;
  readonly who: string;
  readonly created: string;
}

/** Reads Terraform's "Lock Info" out of its output (without colours, with any prefix on the lines); undefined if it has none. */
export function findLock(output: string): Lock | undefined {
  const info = output.slice(Math.max(0, output.indexOf("Lock Info:")));
  const id = /\bID:\s+([0-9a-f-]{36})/.exec(info)?.[1];
  // To the end of the line: a Windows user is `DOMAIN\Jane Doe@LAPTOP`.
  const who = /\bWho:[^\S\n]+(.*\S)/.exec(info)?.[1];
  const created = /\bCreated:\s+([\d-]+ [\d:]+)/.exec(info)?.[1];
  return id === undefined ? undefined : { id, who: who ?? "somebody", created: created ?? "an unknown time" };
}

/** What to do about it. */
export function explainLock(environment: string, { id, who, created }: Lock): string {
  return (
    `The state of ${environment} is locked by ${who} since ${created} UTC, so nothing was changed. If that deploy still runs, wait for it; ` +
    `if it was killed, release the lock: npm run unlock -- ${environment} ${id}`
  );
}
