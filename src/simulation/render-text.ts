/** A simulation as lines of text. */
import { columns } from "../machine/table";
import type { Summary } from "./summary";
import type { Trace } from "./trace";

/** `1:02:30` after the beginning. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${String(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** @param most number of events that are shown; the others are counted */
export function timeline({ events }: Trace, most = 60): string {
  const rows = events.slice(0, most).map(({ at, text }) => [clock(at), text]);
  const rest = events.length > most ? [["", `and ${String(events.length - most)} more events`]] : [];
  return columns([...rows, ...rest], { right: [0], least: [9] });
}

const fixed = (value: number, digits: number) => value.toFixed(digits);
const seconds = (value: number | undefined) => (value === undefined ? "none" : `${fixed(value, 2)} s`);
const dollars = (value: number | undefined) =>
  value === undefined ? "not known" : `${fixed(value, value < 10 ? 3 : 2)} USD`;

/** The rows of a summary, in the order of a table. */
const ROWS: readonly (readonly [title: string, show: (summary: Summary) => string])[] = [
  ["too slow", ({ slowMinutes }) => `${fixed(slowMinutes, 0)} min`],
  ["requests over the SLO", ({ overSloPercent }) => `${fixed(overSloPercent, 2)} %`],
  ["answers, p50", ({ p50Seconds }) => seconds(p50Seconds)],
  ["answers, p95", ({ p95Seconds }) => seconds(p95Seconds)],
  ["answers, p99", ({ p99Seconds }) => seconds(p99Seconds)],
  [
    "first added capacity",
    ({ timeToCapacity }) =>
      timeToCapacity === undefined ? "none" : timeToCapacity === 0 ? "not needed" : `after ${clock(timeToCapacity)}`,
  ],
  ["CPU of the group, peak", ({ peakCpu }) => `${fixed(peakCpu, 0)} %`],
  ["CPU of the group, mean", ({ meanCpu }) => `${fixed(meanCpu, 0)} %`],
  ["requests refused", ({ requestsLost, requests }) => `${fixed(requestsLost, 0)} of ${fixed(requests, 0)}`],
  ["scaling actions", ({ actions }) => String(actions)],
  ["of which back and forth", ({ flaps }) => String(flaps)],
  ["instance hours", ({ instanceHours }) => fixed(instanceHours, 2)],
  ["cost", ({ usd }) => dollars(usd)],
  ["of it surplus credits", ({ surplusUsd }) => dollars(surplusUsd)],
  ["surplus credits owed", ({ owedUsd }) => dollars(owedUsd)],
];

/** Summaries side by side. */
export function table(runs: readonly (readonly [name: string, summary: Summary])[]): string {
  const rows = [
    ["", ...runs.map(([name]) => name)],
    ...ROWS.map(([title, show]) => [title, ...runs.map(([, summary]) => show(summary))]),
  ];
  const numbers = runs.map((_, index) => index + 1);
  return columns(runs.length === 1 ? rows.slice(1) : rows, { indent: 2, right: numbers, least: [24] });
}
