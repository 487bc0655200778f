/** The newcomer's two commands, and the way back. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT } from "../../src/machine/project";
import { findEmulator, stopEmulator } from "../../src/emulator/emulator";
import { run } from "../../src/machine/run";
import { MINUTE } from "./support";

let folder: string;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "flask-on-aws-local-"))));
afterAll(async () => {
  await stopEmulator(folder);
  rmSync(folder, { recursive: true });
}, MINUTE);

const local = (...args: readonly string[]) =>
  run(process.execPath, ["--require", "tsx/cjs", "src/cli.ts", "local", ...args, "--folder", folder], {
    cwd: PROJECT,
    env: process.env,
  });

test(
  "stands everything up in the background, changes nothing a second time, and takes it all down again",
  async () => {
    const first = await local();
    expect(first.output).toMatch(/✓ \d+ checks passed/);
    expect(first.output).toContain("✓ Nothing left to change");
    expect(first.stdout).toMatch(/^url +http:\/\/local-web-app-albb\S*:80\/$/m);
    expect(first.code).toBe(0);
    const emulator = await findEmulator(folder);
    expect(emulator).toBeDefined();

    const second = await local();
    expect(second.code).toBe(0);
    expect(second.output).not.toContain("Starting an emulated AWS");
    expect(second.stdout).toBe(first.stdout);
    expect(await findEmulator(folder)).toEqual(emulator);

    const down = await local("destroy");
    expect(down.output).toContain("✓ Everything is destroyed");
    expect(down.code).toBe(0);
    expect(await findEmulator(folder)).toBeUndefined();
    expect(existsSync(join(folder, "cdktf.out"))).toBe(false);
    expect((await local("destroy")).output).toContain("is not running: there is nothing to destroy");
  },
  8 * MINUTE,
);
