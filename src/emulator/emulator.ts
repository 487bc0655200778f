/** A local AWS: starts it, finds it again, ends it. */
import { PROJECT } from "../machine/project";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, cpSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { devNull } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { architectureOf } from "../aws/instance-types";
import { EMULATOR_CREDENTIALS } from "../config/emulated";
import type { Settings } from "../config/schema";
import { Problem } from "../machine/problem";
import { PYTHON, TERRAFORM, requirePrograms } from "../machine/requirements";
import { claim, clear, forget, isOfOneRun } from "./folder";
import { ask, readNote, writeNote, type Emulator } from "./note";
import { findProviderMirror } from "./provider-mirror";
import { pythonWithMoto } from "./python";

const START_SECONDS = 60;

/** How long a machine may be too busy for an answer. */
const SILENT_SECONDS = 20;
const SERVER = join(__dirname, "server", "server.py");

const terraformConfigOf = (folder: string) => join(folder, "terraform.rc");

/**
 * The emulator that runs with this folder, or nothing.
 *
 * @throws Problem if it is there and does not answer: nobody knows then what it still does, so nothing may be deleted
 */
export async function findEmulator(folder: string): Promise<Emulator | undefined> {
  const emulator = readNote(folder);
  if (emulator === undefined) return undefined;
  const until = Date.now() + SILENT_SECONDS * 1000;
  for (;;) {
    const answer = await ask(emulator);
    if (answer === "gone") return undefined;
    if (answer !== "silent") return { ...emulator, pid: answer.pid };
    if (Date.now() > until)
      throw new Problem(
        `The emulated AWS of ${folder} does not answer at ${emulator.address}: its process (${String(emulator.pid)}) is busy or stopped. Nothing was changed; try again, or end that process`,
      );
    await pause(500);
  }
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
  claim(folder);
  clear(folder);
  writeTerraformConfig(folder, env);

  const port = await freePort();
  const log = openSync(join(folder, "emulator.log"), "a");
  const id = randomUUID();
  const args = [SERVER, String(port), String(process.pid), id, JSON.stringify(assumedBy(settings))];
  const child = spawn(interpreter, args, {
    stdio: ["ignore", log, log],
    detached: lifetime === "background",
    env: { ...withoutAws(env), MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
  });
  closeSync(log);
  const emulator = { address: `http://127.0.0.1:${String(port)}`, pid: child.pid ?? 0, id };
  try {
    const until = Date.now() + START_SECONDS * 1000;
    while (typeof (await ask(emulator)) === "string") {
      if (child.exitCode !== null || Date.now() > until)
        throw new Problem(`The emulated AWS did not start; see ${join(folder, "emulator.log")}`);
      await pause(250);
    }
    writeNote(folder, emulator);
    // Until now a Ctrl-C has ended it as well: nobody would have known of it.
    if (lifetime === "background") await fetch(`${emulator.address}/outlive`);
  } catch (error) {
    child.kill();
    throw error;
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
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => !isOfOneRun(basename(path)) });
  const port = await freePort();
  const id = randomUUID();
  const asked = new URLSearchParams({ port: String(port), owner: String(process.pid), name: id }).toString();
  const answer = await fetch(`${original.address}/copy?${asked}`);
  const { pid } = (await answer.json()) as { pid: number };
  const copy = { address: `http://127.0.0.1:${String(port)}`, pid, id };
  while (typeof (await ask(copy)) === "string") await pause(100);
  writeNote(to, copy);
  return copy;
}

/** Ends the emulator, waits until it is gone, and deletes what it and the deploys to it have left. */
export async function stopEmulator(folder: string): Promise<void> {
  const emulator = await findEmulator(folder);
  if (emulator !== undefined) {
    process.kill(emulator.pid);
    while ((await ask(emulator)) !== "gone") await pause(100);
  }
  forget(folder);
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
  const image = { id: fleet.amiId, name: "web-app-5", architecture: architectureOf(fleet.instanceType) };
  return { region, images: [image], key_pairs: [...new Set(keys)] };
}

/**
 * Where Terraform finds the provider: in the mirror if there is one, else in the registry, kept for the next time.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 *
 * @returns path of the configuration, for `TF_CLI_CONFIG_FILE`
 */
export function writeTerraformConfig(folder: string, env: NodeJS.ProcessEnv): string {
  const file = terraformConfigOf(folder);
  writeFileSync(file, terraformConfig(findProviderMirror(env)));
  return file;
}

function terraformConfig(mirror: string | undefined): string {
  if (mirror !== undefined) {
    return `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
  }
  const cache = resolve(PROJECT, ".terraform-plugins");
  mkdirSync(cache, { recursive: true });
  return `plugin_cache_dir = ${JSON.stringify(cache)}\n`;
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
