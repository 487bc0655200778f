/** `npm run local`: the whole deployment on an emulated AWS on this machine. */
import { resolve } from "node:path";
import { EMULATED } from "../config/emulated";
import { down, up } from "../deploy/local";
import { PROJECT } from "../machine/project";
import { DEFAULT_SPEED, FASTEST } from "../playground/running";
import { Problem } from "../machine/problem";
import { defineCommand } from "./command";
import { drilled, drillNamed } from "./local-drill";
import { askTheEmulator, outputsOf, outputsText } from "./outputs";
import { WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "[drill NAME] [destroy]",
  about: `Deploys everything to an emulated AWS on this machine, with a real server for
each instance, checks it, and plans again to show that nothing is left to
change. It needs no AWS account. A second time it changes nothing.
"drill NAME" lets something happen to the site and waits for what is promised
(exit code 3 if it does not come); "destroy" deletes everything, the emulated
AWS last.`,
  options: {
    environment: { value: "NAME", default: EMULATED, help: "environment to try" },
    speed: { value: "FACTOR", default: String(DEFAULT_SPEED), help: "of the emulated AWS's clock; 1 is AWS's own" },
    ...WORKSPACE_OPTIONS,
    folder: { value: "FOLDER", help: "folder of the emulated AWS (.local, .local-NAME)" },
  },
  async run({ args, options, env, progress }) {
    const [action, name] = args;
    if (action !== undefined && action !== "destroy" && action !== "drill")
      throw new Problem(`local takes nothing, "drill NAME" or "destroy", not ${action}`);
    const drill = action === "drill" ? drillNamed(name) : undefined;
    const { environment } = options;
    const { folder = environment === EMULATED ? ".local" : `.local-${environment}` } = options;
    const speed = speedFrom(options.speed);
    const trial = { environment, folder: resolve(PROJECT, folder), env, speed };
    if (action === "destroy") {
      await down(trial, progress);
      return { text: "", code: 0 };
    }
    const { workspace, console } = await up(trial, progress);
    if (drill !== undefined) return drilled(drill, workspace, console, progress);
    const hint = askTheEmulator(workspace.env["AWS_ENDPOINT_URL"] ?? "", workspace.settings.region);
    const text = [outputsText(await outputsOf(workspace)), `The console page: ${console}`, hint].join("\n\n");
    return { text, code: 0 };
  },
});

function speedFrom(text: string): number {
  const speed = Number(text);
  if (text.trim() !== "" && speed > 0 && speed <= FASTEST) return speed;
  throw new Problem(`--speed ${text}: must be a number above 0, at most ${String(FASTEST)}`);
}
