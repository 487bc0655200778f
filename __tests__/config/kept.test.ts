/** The file of what an environment keeps. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptIn, NOTHING_KEPT, writeKept, type Kept } from "../../src/config/kept";
import { SettingsError } from "../../src/config/validate";

let project: string;
beforeEach(() => (project = mkdtempSync(join(tmpdir(), "kept-"))));
afterEach(() => rmSync(project, { recursive: true }));

const KEPT: Kept = {
  kept: [{ address: "aws_lb.b", attribute: "name", class: "replaces", is: "a", wanted: ["b", { c: null }] }],
  later: ["aws_vpc_endpoint.s3"],
};

test("is read as it was written, a line for each value, so that a change is easy to review", () => {
  expect(keptIn("production", false, project)).toEqual(NOTHING_KEPT);
  writeKept("production", KEPT, project);
  expect(keptIn("production", false, project)).toEqual(KEPT);
  expect(readFileSync(join(project, "takeover", "production.json"), "utf8")).toContain(
    '\n      "attribute": "name",\n',
  );
});

test("is not read where another environment than the emulator's own is tried on the emulator, which begins empty", () => {
  for (const environment of ["production", "local"]) writeKept(environment, KEPT, project);
  expect(keptIn("production", true, project)).toEqual(NOTHING_KEPT);
  expect(keptIn("local", true, project)).toEqual(KEPT);
});

test.each(["{", "[]", '{ "kept": [{ "address": "aws_lb.b" }], "later": [] }'])("%s is refused, by its name", (text) => {
  mkdirSync(join(project, "takeover"));
  writeFileSync(join(project, "takeover", "production.json"), text);
  expect(() => keptIn("production", false, project)).toThrow(SettingsError);
  expect(() => keptIn("production", false, project)).toThrow(
    "takeover/production.json is not what npm run takeover writes; take it back from git:",
  );
});
