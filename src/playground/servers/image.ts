/** What an AMI of the emulated EC2 has on its disk: the application, installed by the real install.sh. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../machine/problem";
import { PROJECT } from "../../machine/project";
import { PYTHON, requirePrograms } from "../../machine/requirements";
import { run } from "../../machine/run";

export interface Image {
  readonly id: string;
  /** Of the application: `gunicorn.conf.py` and `web_app` are in it. */
  readonly app: string;
  /** Interpreter of the virtual environment that has the application's libraries. */
  readonly python: string;
  /** Of `/etc/web_app.env`, which systemd gives to the service; a secret is among them, so they are passed on and never shown. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * The image of an AMI: the application as it is in `webapp/` now, installed below `FOLDER/images/AMI`. One that is there already, since
 * an earlier launch or a bake has put it there, is used as it is. An installation that is killed leaves nothing that is taken for one.
 *
 * @param folder of the emulated AWS
 * @throws Problem if it cannot be installed, with the last line of what install.sh said
 */
export async function installImage(id: string, folder: string, env: NodeJS.ProcessEnv): Promise<Image> {
  if (!/^[\w-]+$/.test(id)) throw new Problem(`${JSON.stringify(id)} is not the id of an AMI`);
  const root = join(folder, "images", id);
  if (!hasApplication(root)) await install(root, env);
  const app = appOf(root);
  return { id, app, python: pythonOf(app), settings: readSettings(join(root, "etc", "web_app.env")) };
}

const appOf = (root: string) => join(root, "home", "ec2-user", "web_app");
const pythonOf = (app: string) => join(app, "venv", "bin", "python");

const hasApplication = (root: string) => existsSync(join(appOf(root), "web_app")) && existsSync(pythonOf(appOf(root)));

async function install(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [python = "python3"] = await requirePrograms([PYTHON], env);
  const unfinished = `${root}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const { code, output } = await run("bash", [join(PROJECT, "webapp", "install.sh")], {
    env: { ...installers(env), INSTALL_ROOT: unfinished, PYTHON: python },
  });
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new Problem(`webapp/install.sh could not install the application: ${lastError(output)}`);
  }
  rmSync(root, { recursive: true, force: true });
  // A virtual environment finds itself by the place of its interpreter; only its scripts name the folder that it was made in.
  renameSync(unfinished, root);
}

/** Without the user's AWS account, and so that each image gets a key of its own. One retry of pip: a local index is enough. */
function installers(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = Object.entries(env).filter(([name]) => !/^(AWS|TF)_|^(SECRET_KEY|VIRTUAL_ENV|PYTHONPATH)$/.test(name));
  return { PIP_RETRIES: "1", ...Object.fromEntries(rest) };
}

function lastError(output: string): string {
  const lines = output.trim().split("\n");
  return lines.findLast((line) => line.startsWith("ERROR: ")) ?? lines.at(-1) ?? "";
}

/** Of a file for systemd's EnvironmentFile, as install.sh writes it: a name and a value in each line. */
function readSettings(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, "utf8").split("\n");
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value = ""] = /^([A-Za-z_]\w*)=(.*)$/.exec(line.trim()) ?? [];
      return name === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, "$2")]];
    }),
  );
}
