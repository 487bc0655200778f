import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aloneIn, claim, forget, refuseForeign } from "../../src/emulator/folder";
import { PROJECT } from "../../src/machine/project";

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "folder-"));
  folder = join(parent, "local");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test.each([PROJECT, tmpdir()])("%s, which has other files, is refused and not touched", (foreign) => {
  const before = readdirSync(foreign).filter((name) => name === "emulated-aws");
  for (const action of [refuseForeign, claim]) {
    expect(() => action(foreign)).toThrow(
      `${foreign} is not a folder of the emulated AWS: it has other files, and nothing was changed`,
    );
  }
  expect(readdirSync(foreign).filter((name) => name === "emulated-aws")).toEqual(before);
});

test("a file is no folder", () => {
  writeFileSync(folder, "");
  expect(() => claim(folder)).toThrow(/local is not a folder that can be read: ENOTDIR/);
});

test("a new one and an empty one are ours, and so is one that was ours before", () => {
  claim(folder);
  writeFileSync(join(folder, "remote-state.tfstate"), "");
  claim(folder);
  mkdirSync(join(parent, "empty"));
  claim(join(parent, "empty"));
});

test("what is not ours in it survives, and so does the folder", () => {
  claim(folder);
  for (const name of ["remote-state.tfstate", "terraform.rc", "notes.txt"]) writeFileSync(join(folder, name), "");
  forget(folder);
  expect(readdirSync(folder)).toEqual(["notes.txt"]);
});

test("one with nothing else in it is deleted", async () => {
  claim(folder);
  await aloneIn(folder, () => {
    forget(folder);
    return Promise.resolve();
  });
  expect(existsSync(folder)).toBe(false);
});

test("another command that works in it is named", async () => {
  claim(folder);
  writeFileSync(join(folder, "lock"), String(process.ppid));
  await expect(aloneIn(folder, () => Promise.resolve())).rejects.toThrow(
    `Another "npm run local" works in ${folder} (process ${String(process.ppid)})`,
  );
});
