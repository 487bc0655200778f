/** `npm run local`: the whole deployment on an emulated AWS on this machine. */
import { resolve } from "node:path";
import { EMULATED } from "../config/emulated";
import { down, up } from "../deploy/local";
import { PROJECT } from "../machine/project";
import { DRILLS } from "../playground/drills/drills";
import { DEFAULT_SPEED, FASTEST } from "../playground/running";
import { columns } from "../machine/table";
import { Problem } from "../machine/problem";
import { defineCommand } from "./command";
import { drilled, drillNamed } from "./local-drill";
import { askTheEmulator, outputsOf, outputsText } from "./outputs";
import { WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "[ACTION] [DRILL]",
  about: `Deploys everything to an emulated AWS on this machine, with a real server for
each instance, checks it, and plans again to show that nothing is left to
change. It needs no AWS account. A second time it changes nothing.
ACTION "drill" lets something happen to the site and waits for what is promised
(exit code 3 if it does not come): ${Object.keys(DRILLS).slice(0, 3).join(", ")},
${Object.keys(DRILLS).slice(3).join(", ")}.
ACTION "destroy" deletes everything, the emulated AWS last.`,
  options: {
    environment: { value: "NAME", default: EMULATED, help: "environment to try" },
    speed: { value: "FACTOR", default: String(DEFAULT_SPEED), help: "pace of its clock; 1 is AWS's own" },
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
    const { workspace, application, console } = await up(trial, progress);
    if (drill !== undefined) return drilled(drill, workspace, console, progress);
    const hint = askTheEmulator(workspace.env["AWS_ENDPOINT_URL"] ?? "", workspace.settings.region);
    const outputs = await outputsOf(workspace);
    const addresses = [
      ["The application", application],
      ["The console page", console],
    ] as const;
    const elsewhere = outputs["url"]?.startsWith(application) === true ? [] : [ELSEWHERE];
    return { text: [outputsText(outputs), hint, columns(addresses), ...elsewhere].join("\n\n"), code: 0 };
  },
});

const ELSEWHERE = `The load balancer's own port is in use on this machine, so the url above does not
lead to the application.`;

function speedFrom(text: string): number {
  const speed = Number(text);
  if (text.trim() !== "" && speed > 0 && speed <= FASTEST) return speed;
  throw new Problem(`--speed ${text}: must be a number above 0, at most ${String(FASTEST)}`);
}
