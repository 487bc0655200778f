/** A local AWS: starts it, finds it again, ends it. */
import { PROJECT } from "../machine/project";
import { spawn } from "node:child_process";
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { devNull } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EMULATOR_CREDENTIALS } from "../config/emulated";
import type { Settings } from "../config/schema";
import { Problem } from "../machine/problem";
import { PYTHON, TERRAFORM, requirePrograms } from "../machine/requirements";
import { findProviderMirror } from "./provider-mirror";
import { pythonWithMoto } from "./python";

/** An emulator that runs, as it is written down in its folder. */
export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  readonly pid: number;
}

const START_SECONDS = 60;
const SERVER = join(__dirname, "server", "server.py");

const noteOf = (folder: string) => join(folder, "emulator.json");
const terraformConfigOf = (folder: string) => join(folder, "terraform.rc");

/** The emulator that runs with this folder, or nothing. */
export async function findEmulator(folder: string): Promise<Emulator | undefined> {
  if (!existsSync(noteOf(folder))) return undefined;
  const emulator = JSON.parse(readFileSync(noteOf(folder), "utf8")) as Emulator;
  return (await answers(emulator.address)) ? emulator : undefined;
}

/**
 * Starts an emulator on a free port, with the images and key pairs that the settings expect to exist. What an earlier one
 * left in the folder is deleted: an emulator forgets everything when it ends.
 *
 * @param lifetime `background` outlives this process; `process` ends with it, whatever ends it
 * @throws Problem if Python, moto or Terraform are missing, or the emulator does not answer
 */
export async function startEmulator(
  folder: string,
  settings: Settings,
  lifetime: "background" | "process",
  env: NodeJS.ProcessEnv,
): Promise<Emulator> {
  const [python = ""] = await requirePrograms([PYTHON, TERRAFORM], env);
  const interpreter = await pythonWithMoto(python, join(PROJECT, ".venv"), env);
  forget(folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(terraformConfigOf(folder), terraformConfig(findProviderMirror(env)));

  const port = await freePort();
  const log = openSync(join(folder, "emulator.log"), "a");
  const owner = lifetime === "process" ? process.pid : 0;
  const child = spawn(interpreter, [SERVER, String(port), String(owner), JSON.stringify(assumedBy(settings))], {
    stdio: ["ignore", log, log],
    detached: lifetime === "background",
    env: { ...withoutAws(env), MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
  });
  closeSync(log);
  const emulator = { address: `http://127.0.0.1:${String(port)}`, pid: child.pid ?? 0 };
  // Before it answers: a Ctrl-C now would leave a server that nobody knows of.
  writeFileSync(noteOf(folder), JSON.stringify(emulator));
  for (let tries = 0; !(await answers(emulator.address)); tries++) {
    if (child.exitCode !== null || tries > START_SECONDS * 4) {
      child.kill();
      throw new Problem(`The emulated AWS did not start; see ${join(folder, "emulator.log")}`);
    }
    await pause(250);
  }
  if (lifetime === "background") child.unref();
  return emulator;
}

/**
 * A second emulator with all that is in the account of the one that runs with `from`, and with a copy of the deploys that were
 * made from that folder. It ends with this process.
 */
export async function copyEmulator(from: string, to: string): Promise<Emulator> {
  const original = await findEmulator(from);
  if (original === undefined) throw new Problem(`No emulated AWS runs with ${from}`);
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => basename(path) !== "emulator.json" });
  const port = await freePort();
  const answer = await fetch(`${original.address}/copy?port=${String(port)}&owner=${String(process.pid)}`);
  const { pid } = (await answer.json()) as { pid: number };
  const copy = { address: `http://127.0.0.1:${String(port)}`, pid };
  writeFileSync(noteOf(to), JSON.stringify(copy));
  while (!(await answers(copy.address))) await pause(100);
  return copy;
}

/** Ends the emulator and waits until it is gone. */
export async function stopEmulator(folder: string): Promise<void> {
  const emulator = await findEmulator(folder);
  if (emulator !== undefined) {
    process.kill(emulator.pid);
    while (await answers(emulator.address)) await pause(100);
  }
  forget(folder);
}

/** Takes away what an emulator and the deploys to it leave in a folder, and nothing else. */
function forget(folder: string): void {
  for (const name of [
    "emulator.json",
    "emulator.log",
    "terraform.rc",
    "cdktf.out",
    "remote-state.tfstate",
    "remote-state.tfstate.backup",
  ]) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Environment variables that lead Terraform, the AWS tools and this project's own commands to the emulator, and nowhere else. */
export function emulatorEnvironment(folder: string, emulator: Emulator, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...withoutAws(env),
    AWS_ENDPOINT_URL: emulator.address,
    AWS_ACCESS_KEY_ID: EMULATOR_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: EMULATOR_CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    // The user's may say that the address above is to be ignored, or that only FIPS endpoints are to be asked.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
    TF_CLI_CONFIG_FILE: terraformConfigOf(folder),
    // cdktf would otherwise put a cache of its own before the mirror.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    CHECKPOINT_DISABLE: "1",
    // Go's collector takes a quarter of the time that Terraform and the provider need, for 30 MB of memory.
    GOGC: "400",
  };
}

/** The user's own AWS and Terraform settings stay out of it, but for what a workflow adds to each plan. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) =>
        !/^(AWS|TF)_|^TERRAFORM_BINARY_NAME$/.test(name) || (name === "TF_CLI_ARGS_plan" && value === "-lock=false"),
    ),
  );
}

/** What is expected to be in the account before the first deploy. */
function assumedBy({ region, fleet, bastion }: Settings): object {
  const keys = [fleet.keyPair, bastion?.keyPair].flatMap((key) =>
    key && key.publicKey === undefined ? [key.name] : [],
  );
  return { region, images: [{ id: fleet.amiId, name: "web-app-5" }], key_pairs: [...new Set(keys)] };
}

/**
 * Where Terraform finds the provider: in the mirror if there is one, else in the registry, kept for the next time.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
function terraformConfig(mirror: string | undefined): string {
  if (mirror !== undefined) {
    return `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
  }
  const cache = resolve(PROJECT, ".terraform-plugins");
  mkdirSync(cache, { recursive: true });
  return `plugin_cache_dir = ${JSON.stringify(cache)}\n`;
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/moto-api/`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
