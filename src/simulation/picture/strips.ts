/** The strips of a simulation: load and capacity, servers, CPU, refused requests, and p95 of the answers with the SLO. */
import type { Service } from "../service";
import type { Trace } from "../trace";
import type { Interval } from "./minutes";
import { RIGHT, type Place, type Strip } from "./strip";
import { escape } from "./style";

type Limits = Pick<Service, "cpuSeconds" | "sloSeconds">;

/** @param minutes of the trace @param limits of the requests, which are left out where the load has none */
export function stripsOf(trace: Trace, minutes: readonly Interval[], limits: Limits): Strip[] {
  const requests = trace.answers.requests > 0 ? [refused(minutes), latency(minutes, limits)] : [];
  return [capacity(trace, minutes), servers(trace, minutes), cpu(trace, minutes), ...requests];
}

const greatest = (minutes: readonly Interval[], pick: (minute: Interval) => number) =>
  minutes.reduce((most, minute) => Math.max(most, pick(minute)), 0);

function capacity({ model }: Trace, minutes: readonly Interval[]): Strip {
  return {
    title: "vCPUs",
    keys: [
      ["load", "area", "load, the most in each minute"],
      ["capacity", "line", "capacity of the servers in service"],
    ],
    height: 130,
    most: greatest(minutes, ({ load, capacity }) => Math.max(load, capacity, model.instance.vcpus)),
    draw: (place) => [
      area("load", minutes, ({ load }) => load, place),
      line("capacity", minutes, ({ capacity }) => capacity, place),
    ],
  };
}

function servers({ model: { maxSize } }: Trace, minutes: readonly Interval[]): Strip {
  return {
    title: "Servers",
    keys: [
      ["size", "area", "in service and healthy"],
      ["desired", "line", "desired"],
      ["most", "dashed", `at most ${String(maxSize)}`],
      ["alarm", "dot", "an alarm changes"],
      ["scale", "dot", "scaling"],
      ["health", "dot", "a server is healthy"],
    ],
    height: 70,
    most: Math.max(
      maxSize,
      greatest(minutes, ({ desired }) => desired),
    ),
    whole: true,
    draw: (place) => [
      area("size", minutes, ({ healthy }) => healthy, place),
      line("desired", minutes, ({ desired }) => desired, place),
      across("most", maxSize, place),
    ],
  };
}

function cpu({ model: { alarms } }: Trace, minutes: readonly Interval[]): Strip {
  return {
    title: "CPU of the group, %",
    keys: [
      ["cpu", "line", "average of its servers"],
      ["threshold", "dashed", "thresholds of the alarms"],
    ],
    height: 90,
    most: 100,
    draw: (place) => [
      line("cpu", minutes, ({ cpu: percent }) => percent, place),
      ...alarms.flatMap(({ name, threshold }) => [
        across("threshold", threshold, place),
        label(place.y(threshold), `${name} ${String(Math.round(threshold))} %`),
      ]),
    ],
  };
}

function refused(minutes: readonly Interval[]): Strip {
  const requests = ({ refused: count }: Interval) => count;
  return {
    title: "Refused requests a minute",
    keys: [["refused", "area", "the most in a minute"]],
    height: 50,
    most: Math.max(1, greatest(minutes, requests)),
    draw: (place) => [area("refused", minutes, requests, place)],
  };
}

/** On a logarithmic axis: an answer without waiting, the SLO and the longest wait are of different sizes. */
function latency(minutes: readonly Interval[], { sloSeconds, cpuSeconds }: Limits): Strip {
  const shortest = Math.min(cpuSeconds, sloSeconds > 0 ? sloSeconds : cpuSeconds);
  const longest = greatest(minutes, ({ p95Seconds = 0 }) => p95Seconds);
  return {
    title: "Answers, p95 in s",
    keys: [
      ["latency", "line", "of each minute"],
      ["beyond", "area", `beyond the SLO of ${String(sloSeconds)} s`],
    ],
    height: 70,
    least: 10 ** Math.floor(Math.log10(shortest)),
    most: Math.max(2 * sloSeconds, longest),
    draw: (place) => {
      const { x, y, top } = place;
      const [left, limit] = [x(0), y(sloSeconds)];
      return [
        `<path class="beyond" d="M${String(left)} ${String(top)}H${String(RIGHT)}V${String(limit)}H${String(left)}Z"/>`,
        line("latency", minutes, ({ p95Seconds }) => p95Seconds, place),
      ];
    },
  };
}

/** A level for each minute; nothing where there is no value. */
function line(style: string, minutes: readonly Interval[], pick: Value, { x, y }: Place): string {
  let before: number | undefined;
  const path = minutes.map((minute) => {
    const value = pick(minute);
    const begin =
      value === undefined ? "" : `${before === undefined ? `M${String(x(minute.from))} ` : "V"}${String(y(value))}`;
    before = value;
    return value === undefined ? "" : `${begin}H${String(x(minute.to))}`;
  });
  return `<path class="${style}" d="${path.join("")}"/>`;
}

type Value = (minute: Interval) => number | undefined;

/** From the axis up to the level of each minute. */
function area(style: string, minutes: readonly Interval[], pick: Value, { x, y, bottom }: Place): string {
  const path = minutes.map((minute) => `V${String(y(pick(minute) ?? 0))}H${String(x(minute.to))}`);
  return `<path class="${style}" d="M${String(x(0))} ${String(bottom)}${path.join("")}V${String(bottom)}Z"/>`;
}

function across(style: string, value: number, { x, y }: Place): string {
  const at = String(y(value));
  return `<line class="${style}" x1="${String(x(0))}" x2="${String(RIGHT)}" y1="${at}" y2="${at}"/>`;
}

/** A word above a line, at the right. */
const label = (y: number, words: string) =>
  `<text class="quiet label" x="${String(RIGHT - 4)}" y="${String(y - 4)}" text-anchor="end">${escape(words)}</text>`;
