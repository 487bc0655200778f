import { countResources } from "../../src/machine/counted";
import { progressOn, SILENT } from "../../src/machine/progress";

jest.useFakeTimers();

/** What a step prints, whose work says these lines and takes so many seconds. */
async function printed(
  screen: { isTTY?: boolean; columns?: number },
  seconds: number,
  lines: readonly string[],
  verbose = false,
) {
  let text = "";
  const progress = progressOn({ ...screen, write: (more: string) => (text += more) }, verbose);
  await progress.step("Deploying", async (onLine) => {
    lines.forEach(onLine);
    await jest.advanceTimersByTimeAsync(1000 * seconds);
  });
  return text;
}

const BUCKET = [
  "remote-state  Plan: 5 to add, 0 to change, 0 to destroy.",
  "remote-state  aws_s3_bucket.state (state): Creating...",
  "remote-state  aws_s3_bucket.state (state): Creation complete after 2s [id=x]",
];

test("without a terminal a step has a line at its begin, every 15 seconds, and at its end", async () => {
  expect(await printed({}, 40, [])).toBe("… Deploying\n… Deploying: 15 s\n… Deploying: 30 s\n✓ Deploying: 40 s\n");
  expect(await printed({}, 3, [])).toBe("… Deploying\n✓ Deploying: 3 s\n");
});

test("on a terminal the present state is on one line that fits it, and the finished step remains", async () => {
  const text = await printed({ isTTY: true, columns: 20 }, 1, ["aws_lb.x: Creating..."]);
  expect(text.split("\r\x1b[K")).toEqual([
    "",
    "… Deploying: 0 done",
    "… Deploying: 0 done",
    "✓ Deploying: 0 done, waits for aws_lb, 1 s\n",
  ]);
});

test("a step that fails leaves a line, too", async () => {
  let text = "";
  const progress = progressOn({ write: (more: string) => (text += more) }, false);
  await expect(progress.step("Planning", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(text).toBe("… Planning\n✗ Planning: 0 s\n");
  expect(jest.getTimerCount()).toBe(0);
});

test("every line of Terraform is printed where it is asked for, and nothing else in between", async () => {
  expect(await printed({ isTTY: true }, 40, ["one", "two"], true)).toBe("… Deploying\none\ntwo\n✓ Deploying: 40 s\n");
});

test("a silent progress prints nothing and passes on what the work returns", async () => {
  expect(await SILENT.step("x", () => Promise.resolve(7))).toBe(7);
});

test("a warning is broken between words at 80 columns", () => {
  const lines: string[] = [];
  progressOn({ columns: 200, write: (text: string) => lines.push(text) }, false).warn("word ".repeat(30).trim());
  expect(
    lines
      .join("")
      .trimEnd()
      .split("\n")
      .map(({ length }) => length),
  ).toEqual([76, 76]);
});

test.each<[string, readonly string[], string]>([
  ["nothing is begun", ["Plan: 5 to add, 0 to change, 0 to destroy.", "data.aws_ami.x: Read complete after 1s"], ""],
  ["a bucket exists", BUCKET, "1 of 5 done"],
  [
    "two stacks at a time; the one that takes longest is named",
    [
      ...BUCKET,
      "remote-state  aws_s3_bucket_lifecycle_configuration.state: Creating...",
      "local  \x1b[1mPlan:\x1b[0m 46 to add, 0 to change, 0 to destroy.",
      "local         \x1b[1maws_lb.balancer: Creating...\x1b[0m",
      "local         aws_lb.balancer: Still creating... [10s elapsed]",
    ],
    "1 of 51 done, waits for aws_s3_bucket_lifecycle_configuration",
  ],
  [
    "imports are no changes",
    ["Plan: 2 to import, 0 to add, 2 to change, 1 to destroy.", "aws_lb.x: Modifying... [id=x]"],
    "0 of 3 done, waits for aws_lb",
  ],
  ["no plan was printed", ["aws_lb.x: Destroying... [id=x]", "aws_lb.x: Destruction complete after 1s"], "1 done"],
  ["the count itself", ["1 of 50 done", "12 of 50 done"], "12 of 50 done"],
  ["a module", ["module.x.aws_lb.y: Creating..."], "0 done, waits for aws_lb"],
])("%s", (_, lines, text) => {
  const counted = countResources();
  lines.forEach((line) => counted.take(line));
  expect(counted.text()).toBe(text);
});
