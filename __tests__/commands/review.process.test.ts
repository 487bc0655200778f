/** `npm run review` as it is called, in a process of its own. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { planIn } from "../../src/deploy/plan";
import { fixture } from "../fixtures/plans";

const PROJECT = resolve(__dirname, "..", "..");
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "review-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** The real command. */
function review(...args: string[]) {
  const node = ["--require", "tsx/cjs", join(PROJECT, "src", "cli.ts"), "review", ...args];
  return spawnSync(process.execPath, node, { cwd: PROJECT, encoding: "utf8" });
}

test("the command prints the review, and its exit code is the verdict", () => {
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify(fixture("safety-overridden").plan));
  const { stdout, status } = review(file);
  expect(status).toBe(3);
  expect(stdout).toContain("numbered-template-version (error)");
  expect(stdout).toMatch(/^cost: [\d.]+ USD a month, as before$/m);
  expect(Math.max(...stdout.split("\n").map((line) => (line.trim().includes(" ") ? line.length : 0)))).toBeLessThan(81);
});

test.each([
  ["missing.json", "There is no plan missing.json"],
  ["missing", "missing is not an environment"],
  ["package.json", "package.json is not a plan as terraform show -json writes it"],
  ["docs/", "docs/ cannot be read: it is a folder"],
])("%s is an error in one line, and 1", (target, message) => {
  const { stderr, status } = review(target);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("a plan file of Terraform's is shown in the folder it lies in", () => {
  const stack = join(folder, "terraform");
  mkdirSync(stack);
  // Terraform's own resource type: no provider, so no network.
  const resource = { terraform_data: { x: { input: "1", "//": { metadata: { path: "staging/some/where" } } } } };
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ resource }));
  const terraform = (...args: string[]) => spawnSync("terraform", args, { cwd: stack, encoding: "utf8" }).status;
  expect([terraform("init"), terraform("plan", "-out=kept.tfplan")]).toEqual([0, 0]);
  const { stdout, status } = review(join(stack, "kept.tfplan"));
  expect(stdout).toMatch(/^1 created$/m);
  expect(stdout).toContain("create some/where\n    terraform_data.x");
  expect(status).toBe(2);

  // Whatever it is called, and wherever it is kept.
  copyFileSync(join(stack, "kept.tfplan"), join(folder, "tfplan"));
  expect(review(join(folder, "tfplan")).stdout).toMatch(/^1 created$/m);

  writeFileSync(join(stack, "broken.tfplan"), "PK\u0003\u0004 not a plan");
  const broken = review(join(stack, "broken.tfplan"));
  expect(broken.stderr).toContain("broken.tfplan: Terraform cannot show it");
  expect(broken.status).toBe(1);
});

test("a kept plan is shown in the folder of a stack that has the providers, and its constructs are those of its environment", async () => {
  const output = join(folder, "cdktf.out");
  for (const name of ["other", "production"]) mkdirSync(join(output, "stacks", name), { recursive: true });
  mkdirSync(join(output, "stacks", "production", ".terraform"));
  const resource = { aws_lb: { x: { "//": { metadata: { path: "production/some/where" } } } } };
  writeFileSync(join(output, "stacks", "production", "cdk.tf.json"), JSON.stringify({ resource }));
  const json = join(folder, "shown.json");
  writeFileSync(json, JSON.stringify(fixture("no-change").plan));
  const kept = join(folder, "production.tfplan");
  writeFileSync(kept, "PK\u0003\u0004");
  // In place of a Terraform with the provider: like it, this one needs an initialised folder.
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const script = `#!/bin/sh\n[ -d .terraform ] || { echo "no provider aws" >&2; exit 1; }\n[ "$4" = "${kept}" ] && cat "${json}"\n`;
  writeFileSync(join(bin, "terraform"), script, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  const { plan, paths } = await planIn(kept, env, [join(folder, "nothing-here"), output]);
  expect(plan.after.environment).toBe("production");
  expect(paths).toEqual({ "aws_lb.x": "some/where" });
  await expect(planIn(kept, env)).rejects.toThrow(
    /production\.tfplan: Terraform cannot show it: no stack here has its providers; npm run plan -- ENV .*\nno provider aws/,
  );
});
