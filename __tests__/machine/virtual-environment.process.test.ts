/** A Python virtual environment is made once, and again where it is half made or another Python's. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipInstall, virtualEnvironment } from "../../src/machine/virtual-environment";

const folder = mkdtempSync(join(tmpdir(), "pythons-"));
afterAll(() => rmSync(folder, { recursive: true }));
const env = { PATH: process.env["PATH"] };

/** A Python that says which it is; `-m venv FOLDER` makes another one of the same version, with pip. */
function python(version: string): string {
  const path = join(mkdtempSync(join(folder, "bin-")), "python3");
  const inner = `#!/bin/sh\\necho '${version}'\\n`;
  const venv = `for last; do :; done; mkdir -p "$last/bin"; printf "${inner}" > "$last/bin/python"; chmod +x "$last/bin/python"`;
  writeFileSync(path, `#!/bin/sh\nif [ "$2" = venv ]; then ${venv}; else echo '${version}'; fi\n`, { mode: 0o755 });
  return path;
}
const failing = (output: string) => {
  const path = join(mkdtempSync(join(folder, "bin-")), "python3");
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${output}\nEND\nexit 1\n`, { mode: 0o755 });
  return path;
};

test("it is kept for the same Python, and made again for another one and where it is half made", async () => {
  const home = join(mkdtempSync(join(folder, "home-")), ".venv");
  const old = python("(3, 9) /usr");
  expect(await virtualEnvironment(old, home, env)).toBe(join(home, "bin", "python"));
  const mark = join(home, "mark");
  writeFileSync(mark, "");
  await virtualEnvironment(old, home, env);
  expect(existsSync(mark)).toBe(true);
  await virtualEnvironment(python("(3, 12) /opt"), home, env);
  expect(existsSync(mark)).toBe(false);

  writeFileSync(mark, "");
  writeFileSync(join(home, "bin", "python"), "#!/bin/sh\nexit 1\n");
  await virtualEnvironment(python("(3, 12) /opt"), home, env);
  expect(existsSync(mark)).toBe(false);
});

test.each([
  [
    "Error: ensurepip is not\navailable on Debian: ensurepip",
    "available on Debian: ensurepip (on Debian and Ubuntu: apt-get install python3-venv)",
  ],
  ["OSError: No space left on device", "OSError: No space left on device"],
])("%j of venv", async (output, end) => {
  const made = virtualEnvironment(failing(output), join(folder, "never"), env);
  const message = await made.catch((error: unknown) => (error as Error).message);
  expect(message.endsWith(`: ${end}`)).toBe(true);
});

test.each([
  [
    "WARNING: Retrying after connection broken\nERROR: Could not find a version that satisfies moto\nERROR: No matching distribution found for moto\n[notice] A new release of pip",
    "moto cannot be installed: ERROR: No matching distribution found for moto; pip downloads from pypi.org, or from an index that PIP_INDEX_URL names",
  ],
  [
    "ERROR: Could not install packages: [Errno 28] No space left on device",
    "moto cannot be installed: ERROR: Could not install packages: [Errno 28] No space left on device",
  ],
])("%j of pip is shown with a cure of its own", (output, message) =>
  expect(pipInstall(failing(output), ["moto"], "moto", env)).rejects.toThrow(new Error(message)),
);
