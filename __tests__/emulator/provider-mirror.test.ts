import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProviderMirror } from "../../src/emulator/provider-mirror";

const home = mkdtempSync(join(tmpdir(), "home-"));
afterAll(() => rmSync(home, { recursive: true }));

const os = process.platform === "win32" ? "windows" : process.platform;
const architecture = process.arch === "x64" ? "amd64" : process.arch;
const mirror = (folder: string) => {
  mkdirSync(join(home, folder, "registry.terraform.io", "hashicorp", "aws", "5.100.0", `${os}_${architecture}`), {
    recursive: true,
  });
  return join(home, folder);
};

test("takes the mirror that TF_PLUGIN_MIRROR names, before all others", () => {
  mirror(".terraform.d/plugins");
  const named = mirror("named");
  expect(findProviderMirror({ TF_PLUGIN_MIRROR: named }, home)).toBe(named);
});

test("passes over one that lacks the provider for this machine", () => {
  expect(findProviderMirror({ TF_PLUGIN_MIRROR: join(home, "empty") }, home)).toBe(mirror(".terraform.d/plugins"));
});
