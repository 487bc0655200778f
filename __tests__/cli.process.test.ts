/** `npm run COMMAND` as it is called: what is wrong in one line, the help at once. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROJECT = resolve(__dirname, "..");

const made = mkdtempSync(join(tmpdir(), "folders-"));
afterAll(() => rmSync(made, { recursive: true }));

/** A folder of a file's name. */
function folderNamed(name: string): string {
  mkdirSync(join(made, name), { recursive: true });
  return join(made, name);
}

const cli = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--require", "tsx/cjs", "src/cli.ts", ...args], { cwd: PROJECT, encoding: "utf8" });

test("an option of another command is an error in one line that names the command's own", () => {
  const { stderr, status } = cli("cost", "production", "--plan", "x", "--refresh-only");
  expect(status).toBe(1);
  expect(stderr).toBe(
    "cost: Unknown option '--plan'; its options are --what-if, --compare, --svg, --format, --json, --refresh, --write, --help\n",
  );
});

test.each([
  [["deplyo"], "deplyo is not a command; there are help, local, simulate, cost, bootstrap"],
  [["toString"], "toString is not a command; there are help"],
  [["cost"], "Which environment? There are production, local (src/config/environments.ts)"],
  [["plan", "nowhere"], "nowhere is not an environment; there are production, local"],
  [["verify", "__proto__"], "__proto__ is not an environment; there are production, local"],
  [["review", "toString"], "toString is not an environment; there are production, local"],
  [["simulate", "production", "--peak"], "simulate: Option '--peak <value>' argument missing; its options are --load"],
  [["local", "--folder", "package.json"], "package.json is not a folder that can be read: ENOTDIR"],
  [["local", "destroy", "--folder", "package.json/x"], "package.json/x is not a folder that can be read: ENOTDIR"],
  [["plan", "local", "--folder", "package.json"], "package.json is not a folder that can be read: ENOTDIR"],
  [["cost", folderNamed("x.json")], "x.json cannot be read: it is a folder"],
  [["simulate", folderNamed("x.json")], "x.json cannot be read: it is a folder"],
  [["simulate", "production", "--load", folderNamed("x.csv")], "x.csv is a folder, not a file"],
  [["review", folderNamed("x.json")], "x.json cannot be read: it is a folder"],
  [["review", folderNamed("x.tfplan")], "x.tfplan cannot be read: it is a folder"],
  [["deploy", "production", "--plan", folderNamed("x.tfplan")], "x.tfplan"],
  [["deploy", "production", "--plan", "missing.tfplan"], "There is no plan missing.tfplan"],
  [["cost", "production", "--svg", folderNamed("x.svg")], "cannot be written: EISDIR"],
  [["unlock", "production"], "Which lock? npm run unlock -- production ID"],
  [["destroy", "production"], "give its name twice: npm run destroy -- production production"],
])("%j is an error in one line, and 1", (args, message) => {
  const { stderr, stdout, status } = cli(...args);
  expect(stderr).toContain(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
});

test.each([[[]], [["help"]], [["--help"]]])("%j prints the help", (args) =>
  expect(cli(...args)).toMatchObject({ status: 0, stdout: readFileSync(join(PROJECT, "help"), "utf8") }),
);

test("the help loads no AWS SDK, no cdktf and no zod, so that it is there at once", () => {
  const script = `process.argv = [process.argv[0], "cli"];
    const { commands } = require("./src/cli.ts");
    commands.help().command.run({}).then(() => console.log(JSON.stringify(Object.keys(require.cache))));`;
  const { stdout } = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  const files = JSON.parse(stdout) as string[];
  expect(files.filter((file) => file.includes("src/commands/help.ts"))).toHaveLength(1);
  expect(files.filter((file) => /node_modules\/(?!tsx|get-tsconfig|resolve-pkg-maps|esbuild)/.test(file))).toEqual([]);
});
