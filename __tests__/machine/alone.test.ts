import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alone } from "../../src/machine/alone";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alone-"));
  lock = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

const refuse = (owner: number) => Promise.reject(new Error(`busy: ${String(owner)}`));

test("the lock names its owner while it works, and leaves nothing", async () => {
  expect(await alone(lock, refuse, () => Promise.resolve(readFileSync(lock, "utf8")))).toBe(String(process.pid));
  expect(readdirSync(folder)).toEqual([]);
});

test("the lock is released when the work fails", async () => {
  await expect(alone(lock, refuse, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(readdirSync(folder)).toEqual([]);
});

test("another one that works is waited for, or refused by what `busy` throws, and its lock stays", async () => {
  writeFileSync(lock, String(process.ppid));
  await expect(alone(lock, refuse, () => Promise.resolve())).rejects.toThrow(`busy: ${String(process.ppid)}`);
  expect(readFileSync(lock, "utf8")).toBe(String(process.ppid));
  const released = () => {
    rmSync(lock);
    return Promise.resolve();
  };
  expect(await alone(lock, released, () => Promise.resolve("mine"))).toBe("mine");
});

test.each(["99999999", "", "null", "0", "-1", "x"])("a lock with the contents %j is released", async (contents) => {
  writeFileSync(lock, contents);
  expect(await alone(lock, refuse, () => Promise.resolve("mine"))).toBe("mine");
});

test("a place that cannot be written is a sentence, and no endless loop", async () => {
  const missing = join(folder, "missing", "lock");
  await expect(alone(missing, refuse, () => Promise.resolve())).rejects.toThrow(
    /missing\/lock cannot be written: ENOENT/,
  );
});
