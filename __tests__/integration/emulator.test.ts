/** The emulated AWS where something is wrong with it, with real processes: nothing of anybody else is touched, nothing is left. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findEmulator } from "../../src/emulator/emulator";
import { aloneIn } from "../../src/emulator/folder";
import { writeNote, type Emulator } from "../../src/emulator/note";
import { isAlive } from "../../src/machine/alone";
import { descendants } from "../../src/machine/processes";
import { cli } from "./cli";
import { Cloud } from "./support";

let cloud: Cloud;
let emulator: Emulator;

beforeAll(async () => {
  cloud = await Cloud.start("missing");
  emulator = (await findEmulator(cloud.folder)) ?? emulator;
});
afterAll(() => cloud.stop());

const destroy = (folder: string) => cli(folder, ["local", "destroy"]);

test("one that is alive and silent is waited for; then it is said, and nothing is deleted", async () => {
  writeFileSync(join(cloud.folder, "remote-state.tfstate"), "{}");
  process.kill(emulator.pid, "SIGSTOP");
  const [up, down] = await Promise.all([cli(cloud.folder, ["verify", "local"]), destroy(cloud.folder)]);
  process.kill(emulator.pid, "SIGCONT");
  for (const { code, output } of [up, down]) {
    expect(output).toContain(`does not answer at ${emulator.address}: its process (${String(emulator.pid)})`);
    expect(code).toBe(1);
  }
  expect(readFileSync(join(cloud.folder, "remote-state.tfstate"), "utf8")).toBe("{}");
  rmSync(join(cloud.folder, "remote-state.tfstate"));
  expect(await findEmulator(cloud.folder)).toEqual(emulator);
});

test("while one command works in a folder, another one is refused", async () => {
  const { code, output } = await aloneIn(cloud.folder, () => destroy(cloud.folder));
  expect(output).toContain(`Another "npm run local" works in ${cloud.folder} (process ${String(process.pid)})`);
  expect(code).toBe(1);
  expect(await findEmulator(cloud.folder)).toEqual(emulator);
});

test("a note that names a stranger's process and a neighbour's address ends neither", async () => {
  const stranger = spawn("sleep", ["600"]);
  const folder = mkdtempSync(join(tmpdir(), "flask-on-aws-"));
  writeFileSync(join(folder, "emulated-aws"), "");
  writeNote(folder, { address: emulator.address, pid: stranger.pid ?? 0, id: "not the neighbour's" });
  const { code, output } = await destroy(folder);
  expect(output).toContain("is not running: there is nothing to destroy");
  expect(code).toBe(0);
  expect(existsSync(folder)).toBe(false);
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  expect(await findEmulator(cloud.folder)).toEqual(emulator);
  stranger.kill();
});

test("what Terraform cannot destroy is said, and ends with the emulator all the same", async () => {
  rmSync(join(cloud.folder, "terraform.rc"));
  const { code, output } = await destroy(cloud.folder);
  expect(output).toContain("Terraform could not destroy what was in the emulated AWS, which has ended all the same");
  expect(output).toContain("local: Terraform failed");
  expect(code).toBe(1);
  expect(existsSync(cloud.folder)).toBe(false);
  expect(isAlive(emulator.pid)).toBe(false);
});

test.each<[what: string, happens: (pid: number, folder: string) => void]>([
  ["a kill", (pid) => process.kill(pid, "SIGKILL")],
  ["a folder that is deleted", (_, folder) => rmSync(folder, { recursive: true })],
])("%s while it starts leaves no server, and the command ends", async (_, happens) => {
  const folder = join(mkdtempSync(join(tmpdir(), "flask-on-aws-")), "local");
  let server: number | undefined;
  const killed = cli(folder, ["local"], undefined, (pid) => {
    void (async () => {
      while (server === undefined) {
        await pause(50);
        const python = descendants(pid).find(({ name }) => /python/i.test(name));
        // Before that it looks for moto, with the same Python.
        if (python !== undefined && existsSync(join(folder, "emulator.log"))) server = python.pid;
      }
      happens(pid, folder);
    })();
  });
  expect((await killed).code).not.toBe(0);
  while (isAlive(server ?? 0)) await pause(100);
  rmSync(join(folder, ".."), { recursive: true });
});
