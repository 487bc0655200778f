import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOlder, PYTHON, requirePrograms, TERRAFORM } from "../../src/machine/requirements";

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
  ["1.9", "1.10", true],
  ["1.10", "1.10", false],
  ["2.0", "1.10", false],
  ["3.9", "3.10", true],
])("%s is older than %s: %s", (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});
