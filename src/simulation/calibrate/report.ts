/** `npm run simulate -- ENV --calibrate FILE`: the options that make a simulation like what was observed, and how sure they are. */
import { Problem } from "../../machine/problem";
import { columns } from "../../machine/table";
import type { Model } from "../model";
import type { Observed } from "./observed";
import { requestCpu, type RequestCpu } from "./request-cpu";
import { bootTime, startTime, type Measured } from "./start-time";

interface Found {
  /** As it is given to `npm run simulate`. */
  readonly option: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly how: string;
}

/** @param target the environment or file @throws Problem where nothing can be worked out */
export function calibrationReport(target: string, observed: Observed, model: Model, json: boolean): string {
  const cpu = requestCpu(observed, model);
  const start = startTime(observed, model.healthCheck.intervalSeconds);
  const boot = bootTime(observed);
  const found = [
    ...(typeof cpu === "string" ? [] : [cpuFound(cpu)]),
    ...timeFound("startupSeconds", start),
    ...timeFound("bootSeconds", boot),
  ];
  const missing = [
    ...(typeof cpu === "string" ? [`--request-cpu: ${cpu}${bound(observed)}`] : []),
    ...(start === undefined
      ? [
          "startupSeconds: needs launches of the group (describe-scaling-activities), and an access log of the same time",
        ]
      : []),
  ];
  if (found.length === 0) throw new Problem(missing.join("\n"));
  if (json) return JSON.stringify({ found, missing }, null, 2);
  const options = found.map(({ option, value }) => `${option}${option.startsWith("--p") ? "=" : " "}${shown(value)}`);
  const rows = found.map(({ least, most, how }, index) => [
    options[index] ?? "",
    `${shown(least)} to ${shown(most)}`,
    how,
  ]);
  return [
    "Observed:",
    columns(rows, { indent: 2 }),
    ...(typeof cpu === "string" ? [] : remarks(cpu)),
    ...missing.map((what) => `Not known: ${what}`),
    `npm run simulate -- ${[target, ...options].join(" ")}`,
  ].join("\n");
}

function cpuFound({ seconds, range: [least, most], explained, periods, periodSeconds }: RequestCpu): Found {
  const off = (most - least) / 2 / seconds;
  const sure = off <= 0.1 ? "sure" : off <= 0.3 ? "roughly" : "not sure";
  const how = `${sure}: ${String(periods)} periods of ${String(periodSeconds)} s, requests explain ${(100 * explained).toFixed(0)} % of the CPU`;
  return { option: "--request-cpu", value: seconds, least, most, how };
}

function timeFound(name: string, time: Measured | undefined): Found[] {
  if (time === undefined) return [];
  const { seconds: value, least, most, launches } = time;
  const sure = launches >= 5 && most - least <= value ? "sure" : "not sure";
  const how = `${sure}: ${launches === 1 ? "1 launch" : `${String(launches)} launches`}`;
  return [{ option: `--parameter ${name}`, value, least, most, how }];
}

function remarks({ idlePercent, saturated }: RequestCpu): string[] {
  return [
    ...(saturated > 0
      ? [`${String(saturated)} more periods are left out, since from 95 % on the CPU shows less than was asked for.`]
      : []),
    ...(idlePercent >= 1
      ? [`Without requests a server is ${idlePercent.toFixed(0)} % busy, which the simulation leaves out.`]
      : []),
  ];
}

/** The CPU of a request is at most the time in which it is answered. */
const bound = ({ answers }: Observed) =>
  answers === undefined ? "" : ` (at most ${shown(answers.meanSeconds)}, the mean time to an answer)`;

/** Three digits are more than can be known. */
const shown = (value: number) => String(Number(value.toPrecision(value >= 1000 ? 4 : 3)));
