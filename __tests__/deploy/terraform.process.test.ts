/** What a Terraform that fails leads to, and what it finds in its folder. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REMOTE_STATE } from "../../src/aws/names";
import { synth, terraform } from "../../src/deploy/cdktf";
import { stackFolder, workspaceOf, type Workspace } from "../../src/deploy/workspace";

let folder: string;
let workspace: Workspace;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "terraform-"));
  workspace = { ...(await workspaceOf("production", folder, process.env)), output: join(folder, "cdktf.out") };
  for (const stack of ["production", REMOTE_STATE]) mkdirSync(stackFolder(workspace, stack), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The problem that a Terraform leads to which prints this and fails. */
async function problem(stack: string, output: string, errors: string): Promise<string> {
  const bin = mkdtempSync(join(folder, "bin-"));
  const script = `#!/bin/sh\ncat <<'END'\n${output}\nEND\ncat >&2 <<'END'\n${errors}\nEND\nexit 1\n`;
  writeFileSync(join(bin, "terraform"), script, { mode: 0o755 });
  const env = { ...workspace.env, PATH: `${bin}:${workspace.env["PATH"] ?? ""}` };
  const failed = terraform({ ...workspace, env }, stack, ["plan"]);
  return failed.then(
    () => "none",
    (error: unknown) => (error as Error).message,
  );
}

test("the error comes first, and Terraform's warnings after it", async () => {
  expect(await problem("production", "Warning: Old\n\n  on line 3", "Error: no")).toBe(
    "production: Terraform failed\n│ Error: no\n│ Warning: Old\n│   on line 3",
  );
});

test.each([
  ["production", "Error: BucketAlreadyExists", "is taken over by: npm run takeover -- production"],
  [REMOTE_STATE, "Error: EntityAlreadyExists: role", "imported by: npm run bootstrap"],
  ["production", "Error: No valid credential sources found", "Sign in, for instance with: aws configure sso"],
  [REMOTE_STATE, "Error: ExpiredToken: The security token", "Sign in, for instance with: aws configure sso"],
])("%s, %s: the last line says what helps", async (stack, error, cure) => {
  const lines = (await problem(stack, "", error)).split("\n");
  expect(lines.at(-1)?.endsWith(cure)).toBe(true);
});

test("what cdktf synth --hcl has left is gone before Terraform runs: it would read both", async () => {
  const left = ["production", REMOTE_STATE].map((stack) => join(stackFolder(workspace, stack), "cdk.tf"));
  for (const file of left) writeFileSync(file, 'output "url" {}\n');
  await synth(workspace);
  expect(left.filter(existsSync)).toEqual([]);
  expect(existsSync(join(stackFolder(workspace, "production"), "cdk.tf.json"))).toBe(true);
});
