/** `help` and the README speak of the commands that there are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import minVersion from "semver/ranges/min-version";
import subset from "semver/ranges/subset";
import { NODE } from "../src/machine/requirements";

const read = (name: string) => readFileSync(join(__dirname, "..", name), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
const mentioned = (text: string) => [...text.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name]) => name ?? "");
const ours = (name: string) => !["ci", "run"].includes(name);

test("help has every command that a user calls, on one screen", () => {
  // What other commands call.
  const inner = /^(check:.*|format|test:integration)$/;
  expect(mentioned(read("help")).filter(ours).sort()).toEqual(
    expect.arrayContaining(
      Object.keys(scripts)
        .filter((name) => !inner.test(name))
        .sort(),
    ),
  );
  const lines = read("help").trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(36);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test.each(["help", "README.md"])("%s names no command that is not there", (file) => {
  const unknown = mentioned(read(file)).filter((name) => ours(name) && scripts[name] === undefined);
  expect(unknown).toEqual([]);
});

test("every package has one version, written exactly", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  expect({ ...dependencies, ...devDependencies }).toMatchObject({
    cdktf: "0.21.0",
    "cdktf-cli": "0.21.0",
    "@cdktf/provider-aws": "20.1.0",
    constructs: "10.4.2",
  });
});

test("every package runs on every Node.js that is promised, and the oldest is the one that commands ask for", () => {
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { engines?: { node?: string } }>;
  };
  const wanted = Object.entries(packages).flatMap(([name, { engines: { node = "*" } = {} }]) =>
    subset(engines.node, node) ? [] : [`${name}: ${node}`],
  );
  expect(wanted).toEqual([]);
  expect(minVersion(engines.node)?.version).toBe(`${NODE.least}.0`);
  for (const page of ["README.md", "CONTRIBUTING.md"])
    expect(read(page)).toMatch(new RegExp(`Node.js (≥ )?${NODE.least}[, ]`));
});
