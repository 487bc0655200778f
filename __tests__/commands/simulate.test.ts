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
  expect(readFileSync(file, "utf8").match(/<path class="capacity" d="M56 /g)?.length).toBeGreaterThan(2);
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
  const relative = await simulate("--load", file);
  expect(relative.output).toContain("scale-out: add 1 instance");
  expect(relative.output).not.toContain("0:00:00 is");
  writeFileSync(file, "time,requests\n1767600000,1\n1767603600,100\n1767607200,1\n");
  const real = await simulate("--load", file);
  expect(real.output).toContain("Note: 0:00:00 is 2026-01-05T08:00:00.000Z");
  expect(real.output.split("\n\n")[0]).toBe(relative.output.split("\n\n")[0]);
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

test.each([
  ["production", 120],
  ["slow", 300],
])("a server of %s takes the %d s to start that the settings say", async (name, startupSeconds) => {
  const file = join(folder, "start.json");
  const settings = derive(environments.production, { fleet: { startupSeconds, healthCheckGraceSeconds: 600 } });
  const known = environments as Record<string, unknown>;
  known["slow"] = settings;
  try {
    writeFileSync(file, synthWebApp(settings, name).json);
    // Found healthy within one check, 30 s; one that has failed three before has to pass two.
    for (const target of [name, file]) {
      const { output } = await simulateIn(target, "--json", "--load", "step");
      const [{ events }] = JSON.parse(output) as [{ events: { at: number; text: string }[] }];
      const at = (text: string) => events.find((event) => event.text.startsWith(text))?.at ?? NaN;
      const start = at("instance 2 is healthy") - at("instance 2 is launched");
      expect(start).toBeGreaterThanOrEqual(startupSeconds);
      expect(start).toBeLessThanOrEqual(startupSeconds + 60);
    }
  } finally {
    delete known["slow"];
  }
});

test("what the simulation leaves out, and a group without servers, are reported", async () => {
  const file = join(folder, "noted.json");
  const document = JSON.parse(synthWebApp().json) as { resource: Record<string, Record<string, object>> };
  const [group = {}] = Object.values(document.resource["aws_autoscaling_group"] ?? {});
  Object.assign(group, { health_check_type: "EC2", min_size: 0 });
  writeFileSync(file, JSON.stringify(document));
  const { output } = await simulateIn(file, "--load", "flash", "--start", "3600", "--hours", "4");
  expect(output).toContain("Note: health_check_type is not ELB: a server whose application fails is never replaced");
  expect(output).toContain("Warning: the group has no server while there is a load");
  const json = await simulateIn(file, "--load", "flash", "--json");
  expect(JSON.parse(json.output)).toMatchObject([
    { warnings: [expect.stringContaining("no server"), expect.stringContaining("health_check_type")] },
  ]);
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
  [["--hours", "1e6"], "--hours 1000000: a simulation is at most 744 hours (31 days) long"],
  [["--hours", "Infinity"], "--hours Infinity: must be a number, not negative"],
  [["--peak", "Infinity"], "--peak Infinity: must be "],
])("%j is refused", async (args, line) => {
  await expect(simulate(...args)).rejects.toThrow(line);
});

describe("what would take minutes is refused at once", () => {
  test.each([
    [["--load", "day", "--resolution", "0.01"], "--resolution 0.01 makes 8640000 values; there can be 1000000"],
    [
      ["--sweep", "high=1..99", "--sweep", "low=1..99", "--sweep", "evaluationPeriods=1..9"],
      "--sweep tries too many settings",
    ],
    [
      ["--sweep", "high=1..99999999999"],
      "--sweep tries too many settings: with a load of this length there can be 3720",
    ],
    [
      ["--hours", "744", "--load", "step", "--sweep", "high=60..90"],
      "--sweep tries too many settings: with a load of this length there can be 10",
    ],
  ])("%j", (args, line) => expect(simulate(...args)).rejects.toThrow(line));

  test("a file of more than a year, and a file whose header is a name of JavaScript's", async () => {
    const long = join(folder, "long.csv");
    writeFileSync(long, "time,cpu\n0,1\n9e7,1\n");
    await expect(simulate("--load", long)).rejects.toThrow(`${long}: is longer than a year`);
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

test("a schedule is suggested for the load of two weeks, ready to be pasted, with what it saves and costs", async () => {
  const file = join(folder, "weeks.csv");
  const rows = Array.from({ length: 14 * 48 }, (_, index) => {
    const [day, hour] = [Math.floor(index / 48) % 7, (index % 48) / 2];
    return `${String(1800 * index)},${day < 5 && hour >= 8 && hour < 18 ? "90" : "5"}`;
  });
  writeFileSync(file, ["time,requests", ...rows].join("\n"));
  const { output, code } = await simulate("--suggest-schedule", file);
  expect(code).toBe(0);
  expect(output).toMatch(/as it is +with this schedule +3 servers at least, always/);
  expect(output).toMatch(
    /The schedule saves \d+ minutes a week that are too slow and [\d,]+ refused requests a week\. It costs/,
  );
  expect(output).toContain(`    schedules: {
      "at-0755-min-3": { recurrence: "55 7 * * MON-FRI", timeZone: "UTC", minSize: 3 },
      "at-1800-min-1": { recurrence: "0 18 * * MON-FRI", timeZone: "UTC", minSize: 1 },
    },`);
});

test.each([
  ["time,requests\n0,1\n3600,1", [], "is 0.1 days long; a schedule repeats weekly"],
  ["time,requests\n0,1\n604800,1", ["--load", "day"], "--load cannot be combined with --suggest-schedule"],
  ["time,requests\n0,1\n604800,1", ["--phases"], "--phases cannot be combined with --suggest-schedule"],
  ["time,requests\n0,1\n604800,1", ["--json"], "--json cannot be combined with --suggest-schedule"],
])("no schedule is suggested for %j with %j", async (csv, options, problem) => {
  const file = join(folder, "short.csv");
  writeFileSync(file, csv);
  await expect(simulate("--suggest-schedule", file, ...options)).rejects.toThrow(problem);
});

test("a load that is the same all week needs no schedule, and a peak beyond the greatest size is reported", async () => {
  const file = join(folder, "same.csv");
  writeFileSync(file, `time,requests\n0,400\n${String(7 * 86_400)},400`);
  const { output } = await simulate("--suggest-schedule", file);
  expect(output).toContain("This load needs 4 servers all week: a schedule would change nothing.");
  expect(output).toContain("Its peak needs 13 servers, and fleet.maxSize is 4.");
});

test("a file of Terraform's has no settings for which a schedule could be suggested", async () => {
  const stack = join(folder, "suggest.tf.json");
  writeFileSync(stack, synthWebApp().json);
  const week = join(folder, "same.csv");
  await expect(simulateIn(stack, "--suggest-schedule", week)).rejects.toThrow(
    "--suggest-schedule needs an environment",
  );
});
