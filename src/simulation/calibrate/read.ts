/** Reads the files of `--calibrate`, whatever each of them is. */
import { gunzipSync } from "node:zlib";
import { Problem } from "../../machine/problem";
import { jsonOf, readBytes, textOf } from "../../machine/read-text";
import { AccessLog } from "./access-log";
import { exportIn } from "./exports";
import type { Launch, Metric, Observed, Point } from "./observed";

/** @throws Problem with a line for each part of each file that is not understood */
export function observedIn(files: readonly string[]): Observed {
  const log = new AccessLog();
  const metrics = new Map<Metric, Point[]>();
  const launches: Launch[] = [];
  const problems = files.flatMap((file) => {
    const text = textIn(file);
    if (!text.trimStart().startsWith("{")) return log.add(text).map((problem) => `${file}: ${problem}`);
    const read = exportIn(jsonOf(text, file));
    if (!("metrics" in read)) return read.map((problem) => `${file}: ${problem}`);
    launches.push(...read.launches);
    for (const [metric, points] of read.metrics) metrics.set(metric, [...(metrics.get(metric) ?? []), ...points]);
    return [];
  });
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  return { metrics, launches, answers: log.answers };
}

/** Load balancers compress their logs. */
function textIn(file: string): string {
  const bytes = readBytes(file);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return textOf(bytes, file);
  try {
    return textOf(gunzipSync(bytes), file);
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(`${file} cannot be unpacked: ${(error as Error).message}`);
  }
}
