import {
  cpuMeter,
  cpuPercent,
  fromPs,
  parseStat,
  parseTime,
  shareOf,
  type ProcessTime,
} from "../../../src/playground/servers/cpu";

test.each([
  [2, 4, 0.25],
  [8, 4, 1],
  [2, 1, 1],
  [2, 0, 1],
])("of %d cores, %d servers may use %d each: all at once fit on the machine", (cores, servers, share) => {
  expect(shareOf(cores, servers)).toBeCloseTo(share);
});

test.each([
  { used: 0.4, seconds: 1, share: 0.4, percent: 100 },
  { used: 0.2, seconds: 1, share: 0.4, percent: 50 },
  { used: 4, seconds: 5, share: 1.6, percent: 50 },
  { used: 2, seconds: 1, share: 0.4, percent: 100 },
  { used: -0.1, seconds: 1, share: 0.4, percent: 0 },
  { used: 1, seconds: 0, share: 0.4, percent: 0 },
])("$used s of CPU in $seconds s with a share of $share are $percent %", ({ used, seconds, share, percent }) => {
  expect(cpuPercent(used, seconds, share)).toBeCloseTo(percent);
});

test.each([
  ["0:00.03", 0.03],
  ["1:02.50", 62.5],
  ["123:45.67", 7425.67],
  ["00:01:02", 62],
  ["01:00:00", 3600],
  ["2-03:04:05", 183_845],
])("ps writes %s: %d s", (text, seconds) => {
  expect(parseTime(text)).toBeCloseTo(seconds);
});

test("a process whose name has spaces and brackets is read", () => {
  const fields = ["S", "7", ...Array<string>(9).fill("0"), "150", "50", "9", "9", "20", "0", "1", "0", "4711"];
  const line = `42 (a) b) (c) ${fields.join(" ")} 0 0`;
  expect(parseStat(line)).toEqual({ pid: 42, parent: 7, cpuSeconds: 2, born: "4711" });
});

test("ps lists this process, here as on a Mac", () => {
  const mine = fromPs().find(({ pid }) => pid === process.pid);
  expect(mine?.parent).toBe(process.ppid);
  expect(mine?.cpuSeconds).toBeGreaterThanOrEqual(0);
});

describe("a server's CPU time", () => {
  const MASTER = 10;
  const entry = (pid: number, parent: number, cpuSeconds: number, born = String(pid)): ProcessTime => ({
    pid,
    parent,
    cpuSeconds,
    born,
  });
  const meterOf = (...tables: ProcessTime[][]) => {
    let call = 0;
    const meter = cpuMeter(
      () => [MASTER],
      () => tables[call++] ?? [],
    );
    return tables.map(() => meter());
  };

  test("is that of its processes, in whatever order they are listed, and of nobody else's", () => {
    expect(meterOf([entry(12, 11, 4), entry(11, MASTER, 2), entry(MASTER, 1, 1), entry(13, 1, 100)])).toEqual([7]);
  });

  test("keeps what an ended process has used", () => {
    expect(meterOf([entry(MASTER, 1, 1), entry(11, MASTER, 2)], [entry(MASTER, 1, 1)], [])).toEqual([3, 3, 3]);
  });

  test("keeps a process whose parent has ended", () => {
    expect(
      meterOf([entry(MASTER, 1, 1), entry(11, MASTER, 2), entry(12, 11, 3)], [entry(MASTER, 1, 1), entry(12, 1, 5)]),
    ).toEqual([6, 8]);
  });

  test("does not take a later process of the same id for its own", () => {
    expect(
      meterOf([entry(MASTER, 1, 1), entry(11, MASTER, 2)], [entry(MASTER, 1, 1), entry(11, 1, 50, "later")]),
    ).toEqual([3, 3]);
  });
});
