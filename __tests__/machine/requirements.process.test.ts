import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PYTHON, requireNode, requirePrograms, TERRAFORM } from "../../src/machine/requirements";

const folder = mkdtempSync(join(tmpdir(), "programs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A machine on which programs say of themselves what the test wants, and end with `code`. */
function machine(says: Record<string, string>, code = 0): NodeJS.ProcessEnv {
  const bin = mkdtempSync(join(folder, "bin-"));
  for (const [program, version] of Object.entries(says)) {
    writeFileSync(join(bin, program), `#!/bin/sh\necho '${version}'\nexit ${String(code)}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return { PATH: bin };
}

test("finds what is there and new enough", async () => {
  const env = machine({ python: "Python 3.12.1", terraform: "Terraform v1.10.0" });
  expect(await requirePrograms([PYTHON, TERRAFORM], env)).toEqual(["python", "terraform"]);
});

test("names all that is missing or too old at once: which, the version found, how to get it", async () => {
  const env = machine({ terraform: "Terraform v1.9.8" });
  await expect(requirePrograms([PYTHON, TERRAFORM], env)).rejects.toThrow(
    "Python is not installed; 3.11 or later is needed: https://www.python.org/downloads\n" +
      "Terraform 1.9 is too old; 1.10 or later is needed: https://developer.hashicorp.com/terraform/install",
  );
});

test.each([
  ["1.9.8", "too old"],
  ["1.10.0", "new enough"],
  ["2.0.0", "new enough"],
])("Terraform %s is %s", async (version, state) => {
  const found = requirePrograms([TERRAFORM], machine({ terraform: `Terraform v${version}` }));
  expect(await found.then(() => "new enough", String)).toContain(state);
});

test.each([
  ["Python 3.10.18", "Python 3.10 is too old"],
  ["Python 3.11.0", "new enough"],
])("%s: %s", async (version, state) => {
  const found = requirePrograms([PYTHON], machine({ python: version }));
  expect(await found.then(() => "new enough", String)).toContain(state);
});

const ASDF =
  "No version is set for command terraform\nConsider adding one of the following versions in your config file";
test.each<[string, string, number, string]>([
  [
    "a version manager without a version",
    ASDF,
    126,
    `Terraform cannot be used: terraform version printed "${ASDF.replace("\n", " ")}"`,
  ],
  ["one that ends as if there were no program", ASDF, 127, "Terraform cannot be used: terraform version printed"],
  ["a program that says nothing", "", 1, 'Terraform cannot be used: terraform version printed ""; 1.10 or later'],
  [
    "OpenTofu under Terraform's name",
    "OpenTofu v1.9.0\non linux_amd64",
    0,
    "terraform is OpenTofu v1.9.0, not Terraform; 1.10 or",
  ],
])("%s: what it said is shown, in one line", async (_, said, code, message) => {
  const found = requirePrograms([TERRAFORM], machine({ terraform: said }, code));
  const line = await found.then(
    () => "found",
    (error: unknown) => (error as Error).message,
  );
  expect(line).toContain(message);
  expect(line).not.toContain("\n");
});

test("arguments for Terraform in the shell do not make its version fail", async () => {
  const env = machine({});
  const script = '#!/bin/sh\n[ -z "$TF_CLI_ARGS$TF_CLI_ARGS_version" ] && echo "Terraform v1.11.4"\n';
  writeFileSync(join(env["PATH"] ?? "", "terraform"), script, { mode: 0o755 });
  const shell = { ...env, TF_CLI_ARGS: "-x", TF_CLI_ARGS_version: "-y" };
  expect(await requirePrograms([TERRAFORM], shell)).toEqual(["terraform"]);
});

test("the Node.js that runs this is looked at without another process", () => {
  expect(() => requireNode("v20.8.1")).toThrow(
    "Node.js v20.8.1 is too old; 20.19 or later is needed: https://nodejs.org",
  );
  expect(() => requireNode("v18.20.0")).toThrow("too old");
  for (const version of ["v20.19.0", "v22.1.0", process.version]) requireNode(version);
});
