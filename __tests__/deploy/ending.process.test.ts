/** A signal in the middle of an apply, with the real Terraform: it ends in order, also when nobody reads its output any more. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT } from "../../src/machine/project";
import { run } from "../../src/machine/run";

/** A resource that is there at once, and one that takes minutes. */
const STACK = {
  resource: {
    terraform_data: {
      first: {},
      second: {
        depends_on: ["terraform_data.first"],
        provisioner: [{ "local-exec": { command: "echo begun; exec sleep 600" } }],
      },
    },
  },
};

const APPLY = `
  require("./src/machine/outputs").surviveTheirEnd();
  const { terraform } = require("./src/deploy/cdktf");
  const say = (line) => process.stderr.write(line + "\\n");
  terraform({ output: process.argv[1], env: process.env }, "stack", ["apply", "-auto-approve", "-no-color"], [0], say)
    .catch((error) => require("node:fs").writeFileSync(process.argv[1] + "/said", error.message));
`;

let output: string;
let folder: string;

beforeEach(async () => {
  output = mkdtempSync(join(tmpdir(), "ending-"));
  folder = join(output, "stacks", "stack");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(STACK));
  expect(await run("terraform", ["init", "-input=false"], { cwd: folder, env: process.env })).toMatchObject({
    code: 0,
  });
});
afterEach(() => rmSync(output, { recursive: true }));

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "after %s with both outputs closed the state is saved, the lock is released and nothing runs on",
  async (signal) => {
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", APPLY, output], { cwd: PROJECT });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.stderr.on("data", (text: Buffer) => {
      if (!text.toString().includes("begun")) return;
      child.stdout.destroy();
      child.stderr.destroy();
      child.kill(signal);
    });
    await ended;
    expect(readFileSync(join(output, "said"), "utf8")).toContain(
      "Interrupted: stack is partly changed, and its state is saved",
    );
    expect(existsSync(join(folder, ".terraform.tfstate.lock.info"))).toBe(false);
    expect((await run("terraform", ["state", "list"], { cwd: folder, env: process.env })).stdout).toContain(
      "terraform_data.first",
    );
  },
);
