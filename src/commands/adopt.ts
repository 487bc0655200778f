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
    const { found, foreign, unknown, inState, missing } = await call.progress.step(
      `Importing what the state of ${environment} does not have`,
      (onLine) => adopt(workspace, onLine),
    );
    const all = String(inState + found.length + missing.length);
    call.progress.done(
      [
        `${String(found.length)} resources adopted: the state of ${environment} has ${String(inState + found.length)} of ${all}`,
        missing.length === 0
          ? "a deploy creates none"
          : `a deploy creates the other ${String(missing.length)}: npm run deploy -- ${environment}`,
      ].join("; "),
    );
    const parts = [
      columns(found.map(({ address, id }) => [address, id])),
      listed("Not searched for, because this command cannot import them:", unknown),
      listed("Not imported, because they are not this environment's; a deploy may fail because of them:", foreign),
      ...(foreign.length > 0
        ? [`If they are the system itself, made by other means, take it over: npm run takeover -- ${environment}`]
        : []),
    ];
    return { text: parts.filter((part) => part !== "").join("\n"), code: foreign.length > 0 ? 1 : 0 };
  },
});

const listed = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? "" : `${title}\n  ${lines.join("\n  ")}`;
