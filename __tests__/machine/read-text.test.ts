import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonOf, readBytes, textOf } from "../../src/machine/read-text";

const JSON_TEXT = '{ "é": 1 }';

test.each([
  ["UTF-8", Buffer.from(JSON_TEXT)],
  ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${JSON_TEXT}`)],
])("%s is read", (_, bytes) => expect(jsonOf(textOf(bytes, "x"), "x")).toEqual({ é: 1 }));

const utf16be = Buffer.from(`\ufeff${JSON_TEXT}`, "utf16le").swap16();
test.each([
  ["UTF-16", Buffer.from(`\ufeff${JSON_TEXT}`, "utf16le"), "plan is UTF-16: write it as UTF-8"],
  ["UTF-16, big-endian", utf16be, "plan is UTF-16: write it as UTF-8"],
  ["UTF-16 without a mark", Buffer.from(JSON_TEXT, "utf16le"), "plan is UTF-16 without a byte order mark"],
  ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), "plan is UTF-32"],
  ["gzip", Buffer.from([0x1f, 0x8b, 8, 0]), "plan is compressed with gzip"],
  ["Latin-1", Buffer.from(JSON_TEXT, "latin1"), "plan is not UTF-8"],
])("%s is named", (_, bytes, message) => expect(() => textOf(bytes, "plan")).toThrow(message));

test("a wrapper's first line is quoted", () => {
  expect(() => jsonOf(`[command]/opt/terraform-bin show -json tfplan\n${JSON_TEXT}\n`, "plan")).toThrow(
    "plan is not JSON: a wrapper has put a line before it ([command]/opt/terraform-bin show -json tfplan)",
  );
  expect(() => jsonOf("", "plan")).toThrow("plan is not JSON");
  expect(() => jsonOf('{"a": }', "plan")).toThrow("plan is not JSON");
});

test("a folder is no file, whatever it is called", () => {
  const folder = mkdtempSync(join(tmpdir(), "read-"));
  try {
    expect(() => readBytes(folder)).toThrow("cannot be read: it is a folder");
    expect(() => readBytes(join(folder, "x.json"))).toThrow("cannot be read: ENOENT");
    writeFileSync(join(folder, "x.json"), JSON_TEXT);
    expect(readBytes(join(folder, "x.json")).toString()).toBe(JSON_TEXT);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
