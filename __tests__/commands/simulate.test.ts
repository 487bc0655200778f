import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/commands/command";
import { command } from "../../src/commands/simulate";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { fixture } from "../fixtures/plans";
import { synthWebApp } from "../support";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "simulate-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** The command, in this process. */
async function simulateIn(target: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const { text, code } = await runCommand("simulate", command, [target, ...args], {});
  return { code, output: text };
}
const simulate = (...args: string[]) => simulateIn("production", ...args);

test("without options it simulates the document's own test", async () => {
  const { code, output } = await simulate();
  expect(output).toContain("cpu-high ALARM");
  expect(output).toMatch(/first added capacity\s+after 0:1[234]:/);
  expect(code).toBe(0);
});

test("a broken promise is exit code 3", async () => {
  expect((await simulate("--assert", "timeToCapacity<900")).code).toBe(0);
  const { code, output } = await simulate("--assert", "timeToCapacity<60");
  expect(code).toBe(3);
  expect(output).toContain("timeToCapacity<60 is broken");
  const json = await runCommand("simulate", command, ["production", "--json", "--assert", "timeToCapacity<60"], {});
  expect(json).toMatchObject({ code: 3, complaints: [expect.stringContaining("timeToCapacity<60 is broken")] });
  expect(JSON.parse(json.text)).toHaveLength(1);
});

test("policies are shown side by side, in a table and in one picture", async () => {
  const file = join(folder, "compare.svg");
  const { output } = await simulate("--load", "flash", "--compare", "--svg", file);
  expect(output.split("\n")[0]).toMatch(/production\s+\S+/);
  expect(readFileSync(file, "utf8").match(/<polyline class="capacity"/g)?.length).toBeGreaterThan(2);
});

test("a page and JSON have the same summary", async () => {
  const file = join(folder, "page.html");
  const { output } = await simulate("--json", "--html", file);
  const [run] = JSON.parse(output) as { summary: { actions: number }; events: unknown[] }[];
  expect(run?.summary.actions).toBe(2);
  expect(readFileSync(file, "utf8")).toContain("scaling actions");
});

test("a load is read from a file", async () => {
  const file = join(folder, "load.csv");
  writeFileSync(file, "time,requests\n0,1\n3600,100\n7200,1\n");
  expect((await simulate("--load", file)).output).toContain("scale-out: add 1 instance");
});

test("a synthesized stack and a plan of what is deployed are simulated alike", async () => {
  const plan = join(folder, "plan.json");
  writeFileSync(plan, JSON.stringify(fixture("no-change").plan));
  const stack = join(folder, "cdk.tf.json");
  writeFileSync(stack, synthWebApp().json);
  const timeline = async (target: string) => (await simulateIn(target)).output.split("\n\n")[0];
  expect(await timeline(plan)).toBe(await timeline("production"));
  expect(await timeline(stack)).toBe(await timeline(plan));
  writeFileSync(plan, "{}");
  await expect(timeline(plan)).rejects.toThrow("is neither a synthesized stack (cdk.tf.json) nor a plan");
});

test("a group without CPU credits is warned about, and unlimited ones avoid it", async () => {
  const warned = async (cpuCredits: "standard" | "unlimited") => {
    const file = join(folder, "credits.json");
    writeFileSync(file, synthWebApp(derive(environments.production, { fleet: { cpuCredits } })).json);
    const { output } = await simulateIn(file, "--load", "step");
    return output.includes("Warning: without CPU credits the group is saturated but looks idle");
  };
  expect([await warned("standard"), await warned("unlimited")]).toEqual([true, false]);
});

test("a sweep shows the best settings, and the bound", async () => {
  const { output } = await simulate("--load", "day", "--sweep", "high=60..80:10");
  expect(output).toContain("The best of 3 settings, each better than any other");
  expect(output).toMatch(/A scaler that knew the load in advance would need at least [\d.]+ instance hours/);
});

test("phases are reported with both readings of AWS's documentation", async () => {
  expect((await simulate("--phases")).output).toMatch(/in 40 of 100 cases.*\n.*in 100 of 100 cases/);
});

test.each([
  [["--load", "flood"], "--load flood is not a load; there are document, step"],
  [["--peak", "many"], "--peak many: must be a number, not negative"],
  [["--parameter", "bootSeconds=soon"], "--parameter bootSeconds=soon: must be NAME=VALUE, such as bootSeconds=90"],
  [["--assert", "flaps=0", "--phases"], "--assert cannot be combined with --"],
  [["--assert", "flaps=0", "--sweep", "high=70"], "--assert cannot be combined with --"],
  [["--hours", "0.5"], "--hours 0.5 is over before the load"],
  [["--sweep", "toString=1"], "toString=1: must be such as high=60..90:5, of high, low, evaluationPeriods"],
  [["--sweep", "__proto__=1"], "__proto__=1: must be such as high=60..90:5"],
  [["--assert", "toString=0"], "toString=0: must be such as flaps=0, of slowMinutes"],
  [["--assert", "constructor<1"], "constructor<1: must be such as flaps=0"],
  [["--parameter", "constructor=1"], "--parameter constructor=1: must be NAME=VALUE"],
  [["--load", "constructor"], "--load constructor is not a load"],
  [["--sweep", "high=70", "--phases"], "--sweep cannot be combined with --phases"],
  [["--compare", "--sweep", "high=70"], "--compare cannot be combined with --sweep"],
  [["--svg", "x.svg", "--sweep", "high=70"], "--svg cannot be combined with --sweep"],
  [
    ["--json", "--phases", "--html", "x"],
    "--html cannot be combined with --phases\n--json cannot be combined with --phases",
  ],
])("%j is refused", async (args, line) => {
  await expect(simulate(...args)).rejects.toThrow(line);
});

describe("what would take minutes is refused at once", () => {
  test.each([
    [["--hours", "1e6"], "--hours 1000000: is longer than a year (8784 hours), the most that is simulated"],
    [["--hours", "Infinity"], "--hours Infinity: must be a number, not negative"],
    [["--load", "day", "--resolution", "0.01"], "--resolution 0.01 makes 8640000 values; there can be 1000000"],
    [
      ["--sweep", "high=1..99", "--sweep", "low=1..99", "--sweep", "evaluationPeriods=1..9"],
      "--sweep tries too many settings",
    ],
    [
      ["--sweep", "high=1..99999999999"],
      "--sweep tries too many settings: with a load of this length there can be 10000",
    ],
    [
      ["--hours", "8784", "--load", "step", "--sweep", "high=60..90"],
      "--sweep tries too many settings: with a load of this length there can be 10",
    ],
  ])("%j", (args, line) => expect(simulate(...args)).rejects.toThrow(line));

  test("a file of more than a year, and a file whose header is a name of JavaScript's", async () => {
    const long = join(folder, "long.csv");
    writeFileSync(long, "time,cpu\n0,1\n1e9,1\n");
    await expect(simulate("--load", long)).rejects.toThrow(`--load ${long}: is longer than a year`);
    writeFileSync(long, "constructor\n0,1\n1,1\n");
    await expect(simulate("--load", long)).rejects.toThrow(
      'the header is "constructor"; it must be "time,requests" or "time,cpu"',
    );
  });
});

test("an unknown environment is refused", async () => {
  await expect(simulateIn("nowhere")).rejects.toThrow("nowhere is not an environment");
});

test.each([
  [["--load", "missing.csv"], "--load missing.csv cannot be read: ENOENT"],
  [["--svg", "/no/such/folder/x.svg"], "--svg /no/such/folder/x.svg: cannot be written: ENOENT"],
  [["--resolution", "0"], "--resolution 0: must be more than 0"],
  [["--request-cpu", "0"], "--request-cpu 0: must be more than 0"],
])("%j is reported in one line", (args, message) => expect(simulate(...args)).rejects.toThrow(message));
