/** What commands print around a Terraform that fails: the settings' warnings, progress, and nothing of both where JSON is wanted. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/machine/run";
import { Checkout } from "../checkout";

let folder: string;
let checkout: Checkout;
let PATH: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "commands-"));
  checkout = await Checkout.into(join(folder, "checkout"));
  mkdirSync(join(folder, "bin"));
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo Terraform v1.11.4; exit; fi\necho ran > '${folder}/ran'\n`;
  writeFileSync(join(folder, "bin", "terraform"), `${script}echo "Error: no such thing" >&2\nexit 1\n`, {
    mode: 0o755,
  });
  PATH = `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`;
});
afterEach(() => rmSync(join(folder, "ran"), { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const command = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, ["--require", "tsx/cjs", "src/cli.ts", ...args], {
    cwd: checkout.folder,
    env: { ...process.env, PATH, ...env },
  });
const ran = () => existsSync(join(folder, "ran"));

test.each([
  ["plan", "Planning production"],
  ["deploy", "Deploying production"],
])("%s prints the warnings that synth has, its steps, and then the error", async (name, step) => {
  const { output, code, stdout } = await command([name, "production"]);
  const lines = output.trim().split("\n");
  expect(lines[0]).toMatch(/^! /);
  expect(output).toContain("bastion.sshSources");
  const progress = lines.filter((line) => /^[…✗✓]/.test(line));
  expect(progress).toEqual([`… ${step}`, expect.stringMatching(new RegExp(`^✗ ${step}: \\d+ s$`))]);
  expect(lines.slice(-2)).toEqual(["production: Terraform failed", "│ Error: no such thing"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});

test.each([["--json"], ["--format=json"]])("review %s prints no progress: a program reads it", async (option) => {
  const { output } = await command(["review", "production", option]);
  expect(output).toBe("production: Terraform failed\n│ Error: no such thing\n");
});

test.each([
  [["--format", "html"], "--format html: must be one of markdown, terminal, json\n"],
  [["--format", "toString"], "--format toString: must be one of markdown, terminal, json\n"],
])("review %j is refused before anything is planned", async (args, line) => {
  expect((await command(["review", "production", ...args])).output).toBe(line);
  expect(ran()).toBe(false);
});

test("a variable of the shell that leads Terraform elsewhere is refused before it runs", async () => {
  const { output, code } = await command(["deploy", "production"], { TF_WORKSPACE: "staging" });
  expect(output).toMatch(/^TF_WORKSPACE is set \(staging\): .*; unset it\n$/);
  expect({ code, ran: ran() }).toEqual({ code: 1, ran: false });
});

test("credentials that are missing are one line of verify", async () => {
  const none = Object.fromEntries(
    Object.keys(process.env).flatMap((name) => (name.startsWith("AWS_") ? [[name, ""]] : [])),
  );
  const nowhere = { ...none, HOME: folder, AWS_EC2_METADATA_DISABLED: "true" };
  const { output, code } = await command(["verify", "production"], nowhere);
  expect(output.trim().split("\n").at(-1)).toMatch(
    /^AWS does not know who you are \(.*\); sign in, for instance with: /,
  );
  expect(output).not.toContain("    at ");
  expect(code).toBe(1);
});
