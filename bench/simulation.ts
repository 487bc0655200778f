/** `npm run bench:simulation`: how long simulations take, and the memory of this process after each. */
import { modelOf } from "../src/commands/simulate";
import { environments } from "../src/config/environments";
import { shape } from "../src/simulation/load";
import type { Model } from "../src/simulation/model";
import { simulate } from "../src/simulation/simulate";

const RUNS = 5;
const DAY = 86_400;
const service = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };

const model = modelOf("production", environments.production);
const sized = (size: number): Model => ({ ...model, minSize: size, maxSize: size, desired: size });
const cases = [
  { name: "a day, second by second, 4 instances", of: sized(4), seconds: DAY, resolution: 1, peak: 3, reach: 0.5 },
  { name: "a day, second by second, 1 to 4", of: model, seconds: DAY, resolution: 1, peak: 3, reach: 0.5 },
  {
    name: "a day, second by second, 1,000 instances",
    of: sized(1000),
    seconds: DAY,
    resolution: 1,
    peak: 700,
    reach: 10,
  },
  { name: "a year, minute by minute, 1 to 4", of: model, seconds: 365 * DAY, resolution: 60, peak: 3, reach: 30 },
];

const times = cases.map((): number[] => []);
const memory = cases.map(() => 0);
for (let run = 0; run < RUNS; run++) {
  cases.forEach(({ of, seconds, resolution, peak }, index) => {
    const load = shape("day", { vcpus: of.instance.vcpus, peak, seconds, start: 0, resolution });
    const started = performance.now();
    simulate(of, load, service);
    times[index]?.push((performance.now() - started) / 1000);
    memory[index] = Math.max(memory[index] ?? 0, process.memoryUsage().rss / 1e6);
  });
}
cases.forEach(({ name, reach }, index) => {
  const sorted = [...(times[index] ?? [])].sort((a, b) => a - b);
  const median = sorted[Math.floor(RUNS / 2)] ?? 0;
  process.stdout.write(
    `${name.padEnd(44)}${median.toFixed(2)} s (${sorted[0]?.toFixed(2) ?? ""}-${sorted.at(-1)?.toFixed(2) ?? ""}), ` +
      `to reach ${String(reach)} s; ${(memory[index] ?? 0).toFixed(0)} MB\n`,
  );
});
