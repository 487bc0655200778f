/** The contents of an environment's state. */
import { terraformJson } from "./cdktf";
import type { Workspace } from "./workspace";

interface State {
  readonly values?: {
    readonly root_module?: {
      readonly resources?: readonly { readonly address: string; readonly values: { readonly id?: string } }[];
    };
  };
}

/** Ids of all resources in the state, by address; none where there is no state yet. */
export async function idsInState(workspace: Workspace, stack: string): Promise<Map<string, string>> {
  const { values } = await terraformJson<State>(workspace, stack, ["show", "-json"]);
  return new Map((values?.root_module?.resources ?? []).map(({ address, values: { id } }) => [address, id ?? ""]));
}
