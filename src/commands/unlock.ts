/** `npm run unlock`: releases the lock of a state. */
import { terraform } from "../deploy/cdktf";
import { prepare } from "../deploy/deploy";
import { Problem } from "../machine/problem";
import { defineCommand } from "./command";
import { workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "ENV ID",
  about: `Releases the lock that a killed deploy has left on the state of an environment.
The deploy that the lock stops prints its ID. Make sure that nobody deploys.`,
  options: WORKSPACE_OPTIONS,
  async run(call) {
    const workspace = await workspaceFor(call);
    const { environment } = workspace;
    const id = call.args[1];
    if (id === undefined)
      throw new Problem(`Which lock? npm run unlock -- ${environment} ID (the deploy that it stops prints the ID)`);
    await prepare(workspace);
    await terraform(workspace, environment, ["force-unlock", "-force", id]);
    call.progress.done(`The state of ${environment} is unlocked`);
    return { text: "", code: 0 };
  },
});
