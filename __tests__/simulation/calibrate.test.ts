/** `--calibrate`: what a request costs and how long a server takes to start, from what AWS has recorded. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { modelOf } from "../../src/commands/simulate";
import { environments } from "../../src/config/environments";
import { AccessLog } from "../../src/simulation/calibrate/access-log";
import { observedIn } from "../../src/simulation/calibrate/read";
import { lineThrough } from "../../src/simulation/calibrate/regression";
import { calibrationReport } from "../../src/simulation/calibrate/report";
import { requestCpu, type RequestCpu } from "../../src/simulation/calibrate/request-cpu";
import { bootTime, startTime } from "../../src/simulation/calibrate/start-time";
import { randomFrom } from "../../src/simulation/random";

const model = modelOf("production", environments.production);

let folder: string;
let count = 0;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "calibrate-"))));
afterAll(() => rmSync(folder, { recursive: true }));
function file(content: string | Buffer | object): string {
  const path = join(folder, String(count++));
  writeFileSync(path, typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}

const BEGIN = Date.UTC(2026, 0, 5) / 1000;
const utc = (at: number) => new Date(1000 * at).toISOString();
const iso = (at: number) => new Date(1000 * at).toISOString().replace("Z", "000+00:00");

/** A day of five-minute periods: each server answers so many requests a second, of 48 ms each, and is 2 % busy without any. */
const random = randomFrom(7);
const DAY = Array.from({ length: 288 }, (_, index) => {
  const perSecond = 8 + 7 * Math.sin((2 * Math.PI * index) / 288);
  const servers = index < 144 ? 2 : 3;
  const percent = 2 + (100 * 0.048 * perSecond) / 2 + (random() - 0.5);
  return { at: BEGIN + 300 * index, perSecond, servers, percent };
});
type Period = (typeof DAY)[number];
const pick = {
  CPUUtilization: ({ percent }: Period) => percent,
  RequestCountPerTarget: ({ perSecond }: Period) => 300 * perSecond,
  RequestCount: ({ perSecond, servers }: Period) => 300 * perSecond * servers,
  GroupInServiceInstances: ({ servers }: Period) => servers,
};
type Metric = keyof typeof pick;

/** As `aws cloudwatch get-metric-data` prints it: the newest first. */
const data = (metrics: readonly Metric[], periods = DAY) => ({
  Messages: [],
  MetricDataResults: metrics.map((metric, index) => ({
    Id: `m${String(index)}`,
    Label: metric,
    Timestamps: periods.map(({ at }) => iso(at)).reverse(),
    Values: periods.map(pick[metric]).reverse(),
    StatusCode: "Complete",
  })),
});

/** As `aws cloudwatch get-metric-statistics` prints it. */
const statistics = (metric: Metric, statistic: string, periods = DAY) => ({
  Label: metric,
  Datapoints: periods.map((period) => ({ Timestamp: iso(period.at), [statistic]: pick[metric](period), Unit: "x" })),
});

const ENTRY = (time: string, target = "10.0.0.1:5000", more = "") =>
  `http ${time} app/web-app-albb/50dc6c495c0c9188 192.168.131.39:2817 ${target} 0.000 ${target === "-" ? "-1" : "0.101"} 0.000 ` +
  `${target === "-" ? "503 -" : "200 200"} 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - arn "Root=1" "-" "-" 0 ${time} "forward" "-" "-"${more}\n`;

const cpuIn = (...files: (string | Buffer | object)[]) => requestCpu(observedIn(files.map(file)), model);

test.each<[string, object[]]>([
  ["the requests of each server", [data(["CPUUtilization", "RequestCountPerTarget"])]],
  ["all requests and the number of servers", [data(["CPUUtilization", "RequestCount", "GroupInServiceInstances"])]],
  ["one file for each metric", [statistics("CPUUtilization", "Average"), statistics("RequestCountPerTarget", "Sum")]],
  [
    "a file for each half",
    [
      data(["CPUUtilization", "RequestCountPerTarget"], DAY.slice(144)),
      data(["CPUUtilization", "RequestCountPerTarget"], DAY.slice(0, 144)),
    ],
  ],
])("a request's CPU is found from %s", (_, files) => {
  const found = cpuIn(...files) as RequestCpu;
  expect(found.seconds).toBeCloseTo(0.048, 3);
  expect(found.range[0]).toBeLessThan(0.048);
  expect(found.range[1]).toBeGreaterThan(0.048);
  expect(found.range[1] - found.range[0]).toBeLessThan(0.002);
  expect(found.idlePercent).toBeCloseTo(2, 0);
  expect(found).toMatchObject({ periods: 288, periodSeconds: 300, saturated: 0 });
});

test("a request's CPU is found from an access log as it lies in S3, compressed and in parts, beside the CPU alone", () => {
  const periods = DAY.slice(0, 40).map((period, index) => ({ ...period, percent: 5 + index }));
  const lines = periods.flatMap(({ at }, index) =>
    // Twice as many to two servers; the CPU grows by 1 % of two vCPUs, 6 CPU-seconds in five minutes, for 30 requests more.
    Array.from({ length: 60 * (index + 1) }, (_, request) =>
      ENTRY(utc(at + (request % 300)), request % 2 === 0 ? "10.0.0.1:5000" : "[2001:db8::1]:5000"),
    ),
  );
  const last = ENTRY(utc(BEGIN + 300 * 40));
  const parts = [gzipSync(lines.slice(0, 5000).join("")), gzipSync(lines.slice(5000).join("") + last)];
  const found = cpuIn(data(["CPUUtilization"], periods), ...parts) as RequestCpu;
  expect(found.seconds).toBeCloseTo(6 / 30, 6);
  expect(found.idlePercent).toBeCloseTo(4, 6);
  expect(found.periods).toBe(40);
});

test("periods in which a server was fully busy are left out, and those without a request count as 0", () => {
  const busy = DAY.map((period, index) => (index % 3 === 0 ? { ...period, percent: 98, perSecond: 90 } : period));
  expect(cpuIn(data(["CPUUtilization", "RequestCountPerTarget"], busy))).toMatchObject({ periods: 192, saturated: 96 });
  const night = DAY.map((period, index) =>
    index > 100 && index < 200 ? { ...period, percent: 2, perSecond: 0 } : period,
  );
  const found = cpuIn(
    data(["CPUUtilization"], night),
    data(
      ["RequestCountPerTarget"],
      night.filter(({ perSecond }) => perSecond > 0),
    ),
  ) as RequestCpu;
  expect(found.periods).toBe(288);
  expect(found.idlePercent).toBeCloseTo(2, 0);
});

test.each<[string, object[], string]>([
  ["no CPU", [data(["RequestCount"])], "no file has the CPU of the group"],
  ["no requests", [data(["CPUUtilization"])], "no file has the requests"],
  [
    "requests of an unknown number of servers",
    [data(["CPUUtilization", "RequestCount"])],
    "no file says how many there were",
  ],
  [
    "another period",
    [
      data(["CPUUtilization"]),
      data(
        ["RequestCountPerTarget"],
        DAY.filter((_, index) => index % 2 === 0),
      ),
    ],
    "every 600 s and CPUUtilization every 300 s",
  ],
  [
    "the sum of the CPU",
    [
      data(
        ["CPUUtilization", "RequestCountPerTarget"],
        DAY.map((each) => ({ ...each, percent: 130 })),
      ),
    ],
    "is not its Average",
  ],
  [
    "a file given twice",
    [data(["CPUUtilization"]), data(["CPUUtilization"]), data(["RequestCountPerTarget"])],
    "CPUUtilization has two values of one period",
  ],
  ["an hour", [data(["CPUUtilization", "RequestCountPerTarget"], DAY.slice(0, 12))], "only 12 periods"],
  [
    "a CPU that has nothing to do with requests",
    [
      data(
        ["CPUUtilization", "RequestCountPerTarget"],
        DAY.map((each, index) => ({ ...each, percent: 20 + (index % 7) })),
      ),
    ],
    "does not follow the requests",
  ],
  [
    "a load that never changes",
    [
      data(
        ["CPUUtilization", "RequestCountPerTarget"],
        DAY.map((each) => ({ ...each, perSecond: 5 })),
      ),
    ],
    "does not follow the requests",
  ],
])("from %s it is not guessed", (_, files, why) => {
  expect(cpuIn(...files)).toContain(why);
});

test("a group that always has the same size needs no number of servers", () => {
  const observed = observedIn([file(data(["CPUUtilization", "RequestCount"], DAY.slice(0, 144)))]);
  const found = requestCpu(observed, { ...model, minSize: 2, maxSize: 2 }) as RequestCpu;
  expect(Math.abs(found.seconds - 0.048)).toBeLessThan(0.001);
});

test("values of neighbours that err together make the result less sure", () => {
  const points = (noise: (index: number) => number) =>
    Array.from({ length: 200 }, (_, index) => [index % 20, 3 * (index % 20) + noise(index)] as const);
  const width = ({ slopeRange: [least, most] }: ReturnType<typeof lineThrough>) => most - least;
  const exact = lineThrough(points(() => 0));
  expect(exact).toMatchObject({ explained: 1 });
  expect([exact.slope, exact.offset, width(exact)].map((value) => value.toFixed(9))).toEqual([
    "3.000000000",
    "0.000000000",
    "0.000000000",
  ]);
  const apart = lineThrough(points((index) => ((index * 7919) % 11) - 5));
  const together = lineThrough(points((index) => (index % 20) * (Math.floor(index / 20) % 2 === 0 ? 1 : -1)));
  expect(width(together)).toBeGreaterThan(4 * width(apart));
});

const LAUNCHES = [600, 4000, 9000].map((seconds) => ({
  ActivityId: "1",
  AutoScalingGroupName: "web-app_asg",
  Description: "Launching a new EC2 instance: i-0b93d4f18ca6e2705",
  Cause: "An alarm",
  StartTime: iso(BEGIN + seconds),
  EndTime: iso(BEGIN + seconds + 40),
  StatusCode: "Successful",
}));
const OTHERS = [
  { ...LAUNCHES[0], Description: "Terminating EC2 instance: i-1" },
  { ...LAUNCHES[0], StatusCode: "Failed" },
  { ...LAUNCHES[0], EndTime: undefined, StatusCode: "InProgress" },
];
/** One server from the beginning, and each launched one 105, 125 and 95 s after its launch. */
const STARTS = [0, 705, 4125, 9095].map(
  (seconds, index) =>
    ENTRY(utc(BEGIN + seconds), `10.0.0.${String(index)}:5000`) +
    ENTRY(utc(BEGIN + 9500), `10.0.0.${String(index)}:5000`),
);

test("the start time is from the launches of the group to the first answers of new servers", () => {
  const observed = observedIn([file({ Activities: [...LAUNCHES, ...OTHERS].reverse() }), file(STARTS.join(""))]);
  expect(bootTime(observed)).toEqual({ seconds: 40, least: 40, most: 40, launches: 3 });
  // Less half an interval of 30 s, for which a server waits for its health check.
  expect(startTime(observed, 30)).toEqual({ seconds: 90, least: 80, most: 110, launches: 3 });
  expect(startTime({ ...observed, answers: undefined }, 30)).toBeUndefined();
});

test("a launch before the log, or one whose server never answers, has no start time", () => {
  const late = observedIn([file({ Activities: LAUNCHES }), file(STARTS.slice(2).join(""))]);
  expect(startTime(late, 30)).toMatchObject({ launches: 1, seconds: 80 });
  const silent = observedIn([file({ Activities: LAUNCHES }), file((STARTS[0] ?? "") + (STARTS[3] ?? ""))]);
  expect(startTime(silent, 30)).toMatchObject({ launches: 1, seconds: 80 });
});

test("requests that no server has answered, WebSockets and entries of types to come are no requests", () => {
  const log = new AccessLog();
  const lines = [
    ENTRY("2026-01-05T00:00:00.1Z"),
    ENTRY("2026-01-05T00:00:30Z", "-"),
    ENTRY("2026-01-05T00:00:40Z").replace("http", "wss"),
    ENTRY("2026-01-05T00:00:50Z").replace("http", "h5"),
    ENTRY("2026-01-05T00:01:00.5Z", "10.0.0.2:5000", ' "-" "new field"'),
  ];
  expect(log.add(lines.join(""))).toEqual([]);
  expect(log.answers).toMatchObject({ first: BEGIN + 0.1, last: BEGIN + 60.5 });
  expect(
    [...(log.answers?.minutes ?? [])].map(([at, { requests, servers }]) => [at - BEGIN, requests, servers.size]),
  ).toEqual([
    [0, 1, 1],
    [60, 1, 1],
  ]);
  expect(log.answers?.meanSeconds).toBeCloseTo(0.101, 9);
  expect(new AccessLog().answers).toBeUndefined();
});

test.each<[string, string | Buffer | object, RegExp]>([
  [
    "a line of another log",
    `${ENTRY("2026-01-05T00:00:00Z")}\n127.0.0.1 - - [05/Jan/2026] "GET /"\n`,
    /: line 3 is not an entry of .*: 127\.0\.0\.1 /,
  ],
  [
    "a Classic Load Balancer's log",
    '2014-10-08T00:20:23.1Z elb 1.2.3.4:1 10.0.0.1:80 0.1 0.1 0.1 200 200 0 9 "GET"',
    /: line 1 is not an entry/,
  ],
  ["a cut line", ENTRY("2026-01-05T00:00:00Z").slice(0, 90), /: line 1 is not an entry/],
  ["an impossible time", ENTRY("2026-13-05T00:00:00Z"), /: line 1 is not an entry/],
  ["an empty gzip file", gzipSync("x").subarray(0, 12), /cannot be unpacked/],
  ["broken JSON", '{"MetricDataResults": [', /is not JSON/],
  ["another document", { Reservations: [] }, /has none of MetricDataResults, Datapoints, Activities/],
  ["another metric", { Label: "NetworkIn", Datapoints: [] }, /: Label: /],
  [
    "another statistic",
    statistics("CPUUtilization", "Sum", DAY.slice(0, 1)),
    /: Datapoints\.0: has no Average, .* --statistics Average/,
  ],
  [
    "a value that is none",
    { MetricDataResults: [{ Label: "CPUUtilization", Timestamps: [iso(BEGIN)], Values: ["5"] }] },
    /: MetricDataResults\.0\.Values\.0: /,
  ],
  [
    "a time that is none",
    { MetricDataResults: [{ Label: "CPUUtilization", Timestamps: ["Monday"], Values: [5] }] },
    /: MetricDataResults\.0\.Timestamps\.0: /,
  ],
  [
    "a value too few",
    { MetricDataResults: [{ Label: "CPUUtilization", Timestamps: [iso(BEGIN)], Values: [] }] },
    /has not as many times as values/,
  ],
  [
    "a part of the data",
    { MetricDataResults: [{ Label: "CPUUtilization", Timestamps: [], Values: [], StatusCode: "PartialData" }] },
    /MetricDataResults\.0\.StatusCode/,
  ],
  ["a page of several", { MetricDataResults: [], NextToken: "x" }, /NextToken: the export is not complete/],
])("%s is refused, by where it is", (_, content, problem) => {
  const path = file(content);
  expect(() => observedIn([path])).toThrow(problem);
  expect(() => observedIn([path])).toThrow(path);
});

test("problems of all files are reported at once, and no more than twenty lines of a log", () => {
  const [one, other] = [file("?\n".repeat(100)), file({ Label: "x", Datapoints: [] })];
  const lines = (() => {
    try {
      observedIn([one, other]);
      return [];
    } catch (error) {
      return (error as Error).message.split("\n");
    }
  })();
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toContain(other);
});

test("the report has the options to use, how sure they are, and what is not known", () => {
  const cpu = file(data(["CPUUtilization", "RequestCountPerTarget"]));
  const observed = observedIn([cpu, file({ Activities: LAUNCHES }), file(STARTS.join(""))]);
  const report = calibrationReport("production", observed, model, false);
  expect(report).toMatch(
    /--request-cpu 0\.048 +0\.047\d to 0\.048\d +sure: 288 periods of 300 s, requests explain \d+ % of the CPU/,
  );
  expect(report).toMatch(/--parameter startupSeconds=90 +80 to 110 +not sure: 3 launches/);
  expect(report).toContain("Without requests a server is 2 % busy");
  expect(report.split("\n").at(-1)).toMatch(
    /^npm run simulate -- production --request-cpu 0\.04\d+ --parameter startupSeconds=90 --parameter bootSeconds=40$/,
  );
  const part = calibrationReport("production", observedIn([cpu]), model, false);
  expect(part).toContain("Not known: startupSeconds: needs launches");
  const json = JSON.parse(calibrationReport("production", observed, model, true)) as { found: { option: string }[] };
  expect(json.found.map(({ option }) => option)).toEqual([
    "--request-cpu",
    "--parameter startupSeconds",
    "--parameter bootSeconds",
  ]);
});

test("a log alone bounds the CPU of a request, and determines nothing", () => {
  expect(() => calibrationReport("production", observedIn([file(STARTS.join(""))]), model, false)).toThrow(
    /^--request-cpu: no file has the CPU .* \(at most 0\.101, the mean time to an answer\)\nstartupSeconds: needs launches/,
  );
});
