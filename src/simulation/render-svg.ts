/** Simulations as a picture, one above the other on one time axis; with colours for print and for dark mode. */
import { clock } from "./render-text";
import type { Trace } from "./trace";

const WIDTH = 960;
const LEFT = 56;
const RIGHT = 36;
const HEIGHT = 150;
const GAP = 46;

const STYLE = `
  svg { font: 12px system-ui, sans-serif; background: #fff; color: #1b1f24 }
  text { fill: currentColor } .quiet { fill: #57606a }
  .axis { stroke: #d0d7de; fill: none } .load { fill: #b6d4fe } .capacity { stroke: #0b5cd5; fill: none; stroke-width: 2 }
  .cpu { stroke: #b35900; fill: none; stroke-width: 1.5 } .threshold { stroke: #b35900; stroke-dasharray: 4 4 }
  .alarm { fill: #cf222e } .scale { fill: #0b5cd5 } .health { fill: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; color: #e6edf3 } .quiet { fill: #9198a1 } .axis { stroke: #30363d }
    .load { fill: #1c3a63 } .capacity { stroke: #6cb0ff } .cpu, .threshold { stroke: #ffa657 }
    .alarm { fill: #ff7b72 } .scale { fill: #6cb0ff } .health { fill: #56d364 }
  }
  @media print { svg { background: #fff; color: #000 } }`;

/** @param traces of one load, with a name each */
export function svg(traces: readonly (readonly [name: string, trace: Trace])[]): string {
  const seconds = traces[0]?.[1].load.seconds ?? 1;
  const panels = traces.map(([name, trace], index) => panel(name, trace, 24 + index * (2 * HEIGHT + 2 * GAP)));
  const height = 24 + traces.length * (2 * HEIGHT + 2 * GAP);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img">\n` +
    `<title>${escape(traces.map(([name]) => name).join(", "))}: load, capacity and CPU over ${clock(seconds)}</title>\n` +
    `<style>${STYLE}\n</style>\n${panels.join("\n")}\n</svg>\n`
  );
}

function panel(name: string, trace: Trace, top: number): string {
  const { model, load, samples, events } = trace;
  const x = (at: number) => round(LEFT + ((WIDTH - LEFT - RIGHT) * at) / load.seconds);
  const most = Math.max(...samples.map((sample) => Math.max(sample.load, sample.capacity)), model.instance.vcpus);
  const y = (value: number) => round(top + HEIGHT - (HEIGHT * value) / most);
  const below = top + HEIGHT + GAP;
  const percent = (value: number) => round(below + HEIGHT - (HEIGHT * value) / 100);

  const thin = thinned(samples, 1200);
  const area = thin.map(({ at, load: cpu }) => `${x(at)},${y(cpu)}`).join(" ");
  const steps = thin.map(({ at, capacity }) => `${x(at)},${y(capacity)}`).join(" ");
  const cpu = thin
    .flatMap(({ at, cpu: value }) => (value === undefined ? [] : [`${x(at)},${percent(value)}`]))
    .join(" ");
  const thresholds = model.alarms.map(
    ({ name: alarm, threshold }) =>
      `<line class="threshold" x1="${String(LEFT)}" x2="${String(WIDTH - RIGHT)}" y1="${percent(threshold)}" y2="${percent(threshold)}"/>` +
      `<text x="${String(LEFT + 4)}" y="${String(Number(percent(threshold)) - 4)}" class="quiet">${escape(alarm)} ${String(Math.round(threshold))} %</text>`,
  );
  const marks = thinned(
    events.filter(({ kind }) => kind === "alarm" || kind === "scale" || kind === "health"),
    300,
  ).map(
    ({ at, kind, text }) =>
      `<circle class="${kind}" cx="${x(at)}" cy="${String(below - GAP / 2 + 4)}" r="3"><title>${clock(at)} ${escape(text)}</title></circle>`,
  );
  const hours = Array.from({ length: 7 }, (_, index) => (load.seconds * index) / 6);
  return [
    `<text x="${String(LEFT)}" y="${String(top - 8)}"><tspan font-weight="bold">${escape(name)}</tspan>  load (area) and capacity (line), in vCPUs; below, the group's CPU in percent; dots: alarms, scaling, health</text>`,
    `<polygon class="load" points="${x(0)},${y(0)} ${area} ${x(load.seconds)},${y(0)}"/>`,
    `<polyline class="capacity" points="${steps}"/>`,
    axis(top, most),
    ...marks,
    ...thresholds,
    `<polyline class="cpu" points="${cpu}"/>`,
    axis(below, 100),
    ...hours.map(
      (at) =>
        `<text x="${x(at)}" y="${String(below + HEIGHT + 16)}" text-anchor="middle" class="quiet">${clock(at)}</text>`,
    ),
  ].join("\n");
}

function axis(top: number, most: number): string {
  const label = (value: number, y: number) =>
    `<text x="${String(LEFT - 6)}" y="${String(y)}" text-anchor="end" class="quiet">${String(Math.round(value * 10) / 10)}</text>`;
  return (
    `<path class="axis" d="M${String(LEFT)} ${String(top)}V${String(top + HEIGHT)}H${String(WIDTH - RIGHT)}"/>` +
    label(most, top + 10) +
    label(0, top + HEIGHT)
  );
}

function thinned<Item>(items: readonly Item[], most: number): Item[] {
  const every = Math.ceil(items.length / most);
  return items.filter((_, index) => index % every === 0);
}

const round = (value: number) => String(Math.round(value * 10) / 10);

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** An HTML page with the picture. */
export function html(title: string, picture: string, text: string): string {
  return (
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta name="color-scheme" content="light dark"><title>${escape(title)}</title></head>\n` +
    `<body><h1>${escape(title)}</h1>\n${picture}<pre>${escape(text)}</pre></body></html>\n`
  );
}
