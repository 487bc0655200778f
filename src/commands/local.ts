/** `npm run local`: the whole deployment on an emulated AWS on this machine. */
import { resolve } from "node:path";
import { EMULATED } from "../config/emulated";
import { down, up } from "../deploy/local";
import { PROJECT } from "../machine/project";
import { Problem } from "../machine/problem";
import { defineCommand } from "./command";
import { askTheEmulator, outputsOf, outputsText } from "./outputs";
import { WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "[destroy]",
  about: `Deploys everything to an emulated AWS on this machine, checks it, and plans
again to show that nothing is left to change. It needs no AWS account. A second
time it changes nothing. With "destroy" it deletes everything, the emulated AWS
last.`,
  options: {
    environment: { value: "NAME", default: EMULATED, help: "environment to try" },
    ...WORKSPACE_OPTIONS,
    folder: { value: "FOLDER", help: "folder of the emulated AWS (.local, .local-NAME)" },
  },
  async run({ args, options, env, progress }) {
    const [action] = args;
    if (action !== undefined && action !== "destroy")
      throw new Problem(`local takes nothing or "destroy", not ${action}`);
    const { environment } = options;
    const { folder = environment === EMULATED ? ".local" : `.local-${environment}` } = options;
    const trial = { environment, folder: resolve(PROJECT, folder), env };
    if (action === "destroy") {
      await down(trial, progress);
      return { text: "", code: 0 };
    }
    const workspace = await up(trial, progress);
    const hint = askTheEmulator(workspace.env["AWS_ENDPOINT_URL"] ?? "", workspace.settings.region);
    return { text: `${outputsText(await outputsOf(workspace))}\n\n${hint}`, code: 0 };
  },
});
