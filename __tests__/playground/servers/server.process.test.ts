/** The real application, installed by the real install.sh and served by its own gunicorn, in a folder whose path has spaces. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "../../../src/machine/alone";
import { PROJECT } from "../../../src/machine/project";
import { descendants } from "../../../src/machine/processes";
import { cpuPercent } from "../../../src/playground/servers/cpu";
import { installImage, type Image } from "../../../src/playground/servers/image";
import type { ServerOptions } from "../../../src/playground/servers/environment";
import { nginxFor } from "../../../src/playground/servers/nginx";
import { startServer, type Server } from "../../../src/playground/servers/server";

const folder = mkdtempSync(join(tmpdir(), "play ground-"));
const SHARE = 0.2;
let image: Image;
const servers: Server[] = [];

beforeAll(async () => {
  image = await installImage("ami-1", folder, { ...process.env, AWS_SECRET_ACCESS_KEY: "the user's" });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  rmSync(folder, { recursive: true, force: true });
});

async function started(id: string, options: Partial<ServerOptions> = {}): Promise<Server> {
  const instance = { id, imageId: "ami-1", privateIp: "10.0.1.4", zone: "ap-south-1b", subnetId: "subnet-7" };
  const server = await startServer({ instance, image, folder, share: SHARE, speed: 10, workers: 1, ...options });
  servers.push(server);
  return server;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(50);
}

const answers = async ({ address }: Server, path = "/healthz") => {
  try {
    return (await fetch(address + path)).status;
  } catch {
    return undefined;
  }
};
const serving = (server: Server) => until(async () => (await answers(server)) === 200);

test("an image that is there is used as it is", async () => {
  writeFileSync(join(image.app, "baked"), "");
  expect(await installImage("ami-1", folder, { PATH: "" })).toEqual(image);
  expect(existsSync(join(image.app, "baked"))).toBe(true);
  expect(readdirSync(join(folder, "images"))).toEqual(["ami-1"]);
});

test("an image that cannot be installed leaves nothing that is taken for one", async () => {
  const programs = join(folder, "programs");
  mkdirSync(programs);
  const python = '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.12.0 && exit\n[ "$1" = -c ] && echo 3.12 && exit\n';
  writeFileSync(join(programs, "python3"), `${python}echo "ERROR: No space left" >&2\nexit 1\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${programs}:${process.env["PATH"] ?? ""}` };
  await expect(installImage("ami-2", folder, env)).rejects.toThrow(
    "webapp/install.sh could not install the application: ERROR: No space left",
  );
  expect(readdirSync(join(folder, "images"))).toEqual(["ami-1"]);
});

test("what is no AMI is no folder either", async () => {
  await expect(installImage("../ami-1", folder, process.env)).rejects.toThrow('"../ami-1" is not the id of an AMI');
});

test("serves the application, which gets its settings and no credentials of the user's", async () => {
  const server = await started("i-1");
  await serving(server);
  expect(await (await fetch(server.address)).text()).toContain("<html");
  if (process.platform === "linux") {
    const environment = readFileSync(`/proc/${String(server.pid)}/environ`, "utf8").split("\0");
    const names = environment.map((entry) => entry.split("=")[0]);
    expect(names.filter((name) => name?.startsWith("AWS_"))).toEqual(["AWS_EC2_METADATA_SERVICE_ENDPOINT"]);
    expect(environment).toContain(`SECRET_KEY=${image.settings["SECRET_KEY"] ?? ""}`);
  }
  const log = readFileSync(server.log, "utf8");
  expect(log).not.toContain(image.settings["SECRET_KEY"]);
  // With nginx, where this machine has it; without, it says so.
  expect(log.includes("gunicorn alone")).toBe(nginxFor(image) === undefined);
});

test("load is counted as this server's, leaves room for the others, and ends when it is ended", async () => {
  const [busy, idle] = [await started("i-2"), await started("i-3")];
  await Promise.all([serving(busy), serving(idle)]);
  busy.stress(600);
  const before = { busy: busy.cpuSeconds(), idle: idle.cpuSeconds(), at: Date.now() };
  await until(() => busy.cpuSeconds() - before.busy > 1);
  const seconds = (Date.now() - before.at) / 1000;
  // What it uses is its share and not the machine; how soon depends on who else is busy here.
  expect(busy.cpuSeconds() - before.busy).toBeLessThan(seconds * SHARE * 1.5 + 1);
  expect(cpuPercent(idle.cpuSeconds() - before.idle, seconds, SHARE)).toBeLessThan(50);
  expect([busy.stressed, idle.stressed]).toEqual([true, false]);
  busy.calm();
  await until(() => !busy.stressed);
  await until(() => !descendants(process.pid).some(({ pid }) => pid !== busy.pid && isBurning(pid)));
  const after = busy.cpuSeconds();
  expect(after).toBeGreaterThanOrEqual(before.busy + 1);
});

const isBurning = (pid: number) =>
  process.platform === "linux" &&
  existsSync(`/proc/${String(pid)}/cmdline`) &&
  readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").includes("burn.py");

test("stops in order: what it has begun it finishes", async () => {
  const server = await started("i-4");
  await serving(server);
  const stopped = server.stop(60);
  // Draining: it still serves, and says that it is no longer ready.
  await until(async () => [503, undefined].includes(await answers(server, "/readyz")));
  await stopped;
  expect([server.alive, await answers(server)]).toEqual([false, undefined]);
  expect(readFileSync(server.log, "utf8")).not.toContain("Traceback");
});

test("one that is frozen accepts connections, answers nothing, and can be killed", async () => {
  const server = await started("i-8");
  await serving(server);
  server.freeze();
  const asked = fetch(`${server.address}/healthz`, { signal: AbortSignal.timeout(500) });
  await expect(asked).rejects.toThrow(/timeout/);
  expect(server.alive).toBe(true);
  await server.kill();
  expect(server.alive).toBe(false);
});

test("a server that is killed is gone with all its workers, and is not started again", async () => {
  const server = await started("i-5");
  await serving(server);
  const family = descendants(server.pid).map(({ pid }) => pid);
  expect(family.length).toBeGreaterThan(0);
  process.kill(server.pid, "SIGKILL");
  await server.exited;
  await until(() => !family.some(isAlive));
  expect(server.alive).toBe(false);
  await server.stop(1);
  await server.kill();
});

test("one that cannot start says so in its log", async () => {
  const server = await started("i-6", { image: { ...image, settings: { SECRET_KEY: "short" } } });
  await server.exited;
  expect(readFileSync(server.log, "utf8")).toContain("SECRET_KEY is shorter than 32 characters");
});

test("servers and their load end with the playground, even when that is killed", async () => {
  const own = mkdtempSync(join(tmpdir(), "guard ed-"));
  const program = `
    const { startServer } = require("./src/playground/servers/server");
    const { guardServers } = require("./src/playground/servers/guard");
    const options = JSON.parse(process.argv[1]);
    guardServers(options.folder);
    startServer(options).then((server) => { server.stress(600); console.log(server.pid + " " + server.address); });
    setInterval(() => {}, 1000);`;
  const instance = { id: "i-7", imageId: "ami-1", privateIp: "10.0.1.4", zone: "ap-south-1b", subnetId: "subnet-7" };
  const options: ServerOptions = { instance, image, folder: own, share: SHARE, speed: 10, workers: 1 };
  const playground = spawn(process.execPath, ["--require", "tsx/cjs", "-e", program, JSON.stringify(options)], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve) => {
    playground.stdout.setEncoding("utf8").once("data", resolve);
  });
  const [pid = "", address = ""] = line.trim().split(" ");
  await serving({ address } as Server);
  await until(() => descendants(playground.pid ?? 0).filter(({ pid }) => isBurning(pid)).length > 0);
  const family = descendants(playground.pid ?? 0).map(({ pid }) => pid);
  playground.kill("SIGKILL");
  await until(() => ![Number(pid), ...family].some(isAlive));
  rmSync(own, { recursive: true, force: true });
});
