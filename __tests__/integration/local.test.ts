/** The newcomer's two commands, and the way back. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findEmulator } from "../../src/emulator/emulator";
import { deployment } from "./deployment";
import { Cloud } from "./support";

let cloud: Cloud;

beforeAll(async () => {
  cloud = await Cloud.deployed();
});
afterAll(() => cloud.stop());

test("stands everything up in the background, changes nothing a second time, and takes it all down again", async () => {
  const { local: first, folder } = await deployment();
  expect(first.output).toMatch(/✓ \d+ checks passed/);
  expect(first.output).toContain("✓ Nothing left to change");
  // Another one may have the load balancer's own port.
  const [, application = ""] = /^The application +(http:\/\/127\.0\.0\.1:\d+)$/m.exec(first.stdout) ?? [];
  expect(first.stdout).toMatch(/^url +http:\/\/127\.0\.0\.1:8080\/$/m);
  const page = await fetch(application);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Log in")]);
  expect(first.stdout).toContain(`aws --endpoint-url ${(await findEmulator(folder))?.address ?? ""} `);
  expect(first.code).toBe(0);
  expect(await findEmulator(folder)).toBeDefined();

  const emulator = await findEmulator(cloud.folder);
  const second = await cloud.command(["local"]);
  expect(second.code).toBe(0);
  expect(second.output).not.toContain("Starting an emulated AWS");
  const outputs = (text: string) => text.slice(0, text.indexOf("\n\n"));
  expect(outputs(second.stdout)).toBe(outputs(first.stdout));
  expect(await findEmulator(cloud.folder)).toEqual(emulator);

  const down = await cloud.command(["local", "destroy"]);
  expect(down.output).toContain("✓ Everything is destroyed");
  expect(down.code).toBe(0);
  expect(await findEmulator(cloud.folder)).toBeUndefined();
  expect(existsSync(join(cloud.folder, "cdktf.out"))).toBe(false);
  expect((await cloud.command(["local", "destroy"])).output).toContain("is not running: there is nothing to destroy");
});
