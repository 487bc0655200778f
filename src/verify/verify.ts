/** Checks what stands in the account against the settings. */
import { Problem } from "../machine/problem";
import { clientConfig } from "./client-config";
import { factsOf } from "./facts";
import { observe } from "./observe";
import type { Workspace } from "../deploy/workspace";

/**
 * @returns how many facts were checked
 * @throws Problem with a line for each that is not as expected
 */
export async function verify(workspace: Workspace): Promise<number> {
  const { environment, settings } = workspace;
  const facts = factsOf(
    environment,
    settings,
    await observe(environment, settings, clientConfig(workspace, settings.region)),
  );
  const wrong = facts.filter(({ expected, actual }) => expected !== actual);
  if (wrong.length > 0) {
    throw new Problem(
      wrong
        .map(({ thing, expected, actual }) => `${environment}: ${thing}: should be ${expected}, is ${actual}`)
        .join("\n"),
    );
  }
  return facts.length;
}
