/** `npm run local`: the whole deployment on an emulated AWS on this machine. */
import { EMULATED } from "../config/emulated";
import { environments } from "../config/environments";
import { down, up } from "../deploy/local";
import { findEmulator } from "../emulator/emulator";
import { Problem } from "../machine/problem";
import { defineCommand } from "./command";
import { askTheEmulator, outputsText } from "./outputs";
import { folderOf, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "[destroy]",
  about: `Deploys everything to an emulated AWS on this machine, checks it, and plans
again to show that nothing is left to change. It needs no AWS account. A second
time it changes nothing. With "destroy" it deletes everything, the emulated AWS
last.`,
  options: WORKSPACE_OPTIONS,
  async run(call) {
    const [action] = call.args;
    if (action !== undefined && action !== "destroy")
      throw new Problem(`local takes nothing or "destroy", not ${action}`);
    if (action === "destroy") {
      await down(folderOf(call), call.env, call.progress);
      return { text: "", code: 0 };
    }
    const outputs = outputsText(await up(folderOf(call), call.env, call.progress));
    const { address = "" } = (await findEmulator(folderOf(call))) ?? {};
    return { text: `${outputs}\n\n${askTheEmulator(address, environments[EMULATED].region)}`, code: 0 };
  },
});
