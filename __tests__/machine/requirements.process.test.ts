import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PYTHON, requireNode, requirePrograms, TERRAFORM } from "../../src/machine/requirements";

const folder = mkdtempSync(join(tmpdir(), "programs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A machine on which programs say of themselves what the test wants. */
function machine(says: Record<string, string>): NodeJS.ProcessEnv {
  const bin = mkdtempSync(join(folder, "bin-"));
  for (const [program, version] of Object.entries(says)) {
    writeFileSync(join(bin, program), `#!/bin/sh\necho '${version}'\n`);
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
    "Python is not installed; 3.10 or later is needed: https://www.python.org/downloads\n" +
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
  ["Python 3.9.18", "Python 3.9 is too old"],
  ["Python 3.10.0", "new enough"],
])("%s: %s", async (version, state) => {
  const found = requirePrograms([PYTHON], machine({ python: version }));
  expect(await found.then(() => "new enough", String)).toContain(state);
});

test("the Node.js that runs this is looked at without another process", () => {
  expect(() => requireNode("v20.8.1")).toThrow(
    "Node.js v20.8.1 is too old; 20.9 or later is needed: https://nodejs.org",
  );
  expect(() => requireNode("v18.20.0")).toThrow("too old");
  for (const version of ["v20.9.0", "v22.1.0", process.version]) requireNode(version);
});
