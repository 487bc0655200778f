/** `npm run review` as it is called, in a process of its own. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
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
  ["package.json", "package.json is not a plan as terraform show -json writes it"],
  ["nowhere", "nowhere is not an environment"],
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

  writeFileSync(join(stack, "broken.tfplan"), "not a plan");
  const broken = review(join(stack, "broken.tfplan"));
  expect(broken.stderr).toContain("broken.tfplan: Terraform cannot show it");
  expect(broken.status).toBe(1);
});
