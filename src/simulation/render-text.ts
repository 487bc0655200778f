/** A simulation as lines of text. */
import type { Summary } from "./summary";
import type { Trace } from "./trace";

/** `1:02:30` after the beginning. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${String(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** @param most events that are shown; the rest is counted */
export function timeline({ events }: Trace, most = 60): string {
  const lines = events.slice(0, most).map(({ at, text }) => `${clock(at).padStart(9)}  ${text}`);
  return [
    ...lines,
    ...(events.length > most ? [`${" ".repeat(11)}and ${String(events.length - most)} more events`] : []),
  ].join("\n");
}

const fixed = (value: number, digits: number) => value.toFixed(digits);
const dollars = (value: number | undefined) =>
  value === undefined ? "not known" : `${fixed(value, value < 10 ? 3 : 2)} USD`;

/** The rows of a summary, in the order of a table. */
export const ROWS: readonly (readonly [title: string, show: (summary: Summary) => string])[] = [
  ["too slow", ({ slowMinutes }) => `${fixed(slowMinutes, 1)} min`],
  [
    "first added capacity",
    ({ timeToCapacity }) => (timeToCapacity === undefined ? "none" : `after ${clock(timeToCapacity)}`),
  ],
  ["CPU of the group, peak", ({ peakCpu }) => `${fixed(peakCpu, 0)} %`],
  ["CPU of the group, mean", ({ meanCpu }) => `${fixed(meanCpu, 0)} %`],
  ["longest answer", ({ worstLatencySeconds }) => `${fixed(worstLatencySeconds, 2)} s`],
  ["requests refused", ({ requestsLost, requests }) => `${fixed(requestsLost, 0)} of ${fixed(requests, 0)}`],
  ["scaling actions", ({ actions }) => String(actions)],
  ["of which back and forth", ({ flaps }) => String(flaps)],
  ["instance hours", ({ instanceHours }) => fixed(instanceHours, 2)],
  ["cost", ({ usd }) => dollars(usd)],
  ["of it surplus credits", ({ surplusUsd }) => dollars(surplusUsd)],
];

/** Summaries side by side. */
export function table(columns: readonly (readonly [name: string, summary: Summary])[]): string {
  const rows = [
    ["", ...columns.map(([name]) => name)],
    ...ROWS.map(([title, show]) => [title, ...columns.map(([, summary]) => show(summary))]),
  ];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index + 1]?.length ?? 0)));
  const shown = columns.length === 1 ? rows.slice(1) : rows;
  return shown
    .map(
      ([title = "", ...cells]) =>
        `  ${title.padEnd(24)}${cells.map((cell, index) => cell.padStart((widths[index] ?? 0) + 2)).join("")}`,
    )
    .join("\n");
}
