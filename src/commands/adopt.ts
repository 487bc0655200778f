/** `npm run adopt`: imports into the state what exists without it. */
import { adopt } from "../deploy/adopt";
import { REMOTE_STATE } from "../aws/names";
import { Problem } from "../machine/problem";
import { columns } from "../machine/table";
import { defineCommand } from "./command";
import { workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "ENV",
  about: `Imports into the state of an environment what a killed deploy has created, and
what the state therefore does not have. It searches by name and tags.
Exit code: 1 where what has such a name is not this environment's.`,
  options: WORKSPACE_OPTIONS,
  async run(call) {
    if (call.args[0] === REMOTE_STATE)
      throw new Problem(`npm run bootstrap imports what exists of the remote state; adopt is for environments`);
    const workspace = await workspaceFor(call);
    const { environment } = workspace;
    const { found, foreign, unknown } = await call.progress.step(
      `Importing what the state of ${environment} does not have`,
      (onLine) => adopt(workspace, onLine),
    );
    call.progress.done(
      found.length === 0
        ? `Nothing in ${environment} is missing from its state: nothing was changed`
        : `${String(found.length)} resources adopted. Next: npm run deploy -- ${environment}`,
    );
    const parts = [
      columns(found.map(({ address, id }) => [address, id])),
      listed("Not searched for, because this command cannot import them:", unknown),
      listed("Not imported, because they are not this environment's; a deploy may fail because of them:", foreign),
    ];
    return { text: parts.filter((part) => part !== "").join("\n"), code: foreign.length > 0 ? 1 : 0 };
  },
});

const listed = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? "" : `${title}\n  ${lines.join("\n  ")}`;
