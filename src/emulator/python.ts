/** A Python with moto, in a virtual environment that makes itself. */
import { setTimeout as pause } from "node:timers/promises";
import { alone } from "../machine/alone";
import { run } from "../machine/run";
import { pipInstall, virtualEnvironment } from "../machine/virtual-environment";

const MOTO = "5.2.1";

/**
 * The environment's interpreter. An installed moto of the right version serves; only without one is the network needed.
 *
 * @param python interpreter to make it with
 * @param folder where it is, or is to be
 * @throws Problem if it cannot be made
 */
export async function pythonWithMoto(python: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  return alone(
    `${folder}.lock`,
    () => pause(200),
    async () => {
      const interpreter = await virtualEnvironment(python, folder, env, ["--system-site-packages"]);
      const check = `import importlib.metadata as m, flask, flask_cors; assert m.version("moto") == "${MOTO}"`;
      const { code } = await run(interpreter, ["-c", check], { env });
      if (code !== 0) await pipInstall(interpreter, [`moto[server]==${MOTO}`], `moto ${MOTO}, the emulated AWS,`, env);
      return interpreter;
    },
  );
}
