/** What the chart draws, as plain data: lanes one above the other on one time axis. */
import { area, line, minutesBetween, niceMost, niceSpan, steps } from "./scale.js";
import { timeOf } from "./words.js";

const LEFT = 34;
const RIGHT = 10;
const TITLE = 22;
const GAP = 8;
const AXIS = 20;
const ALARM = 26;
const HEIGHTS = { load: 56, cpu: 72, servers: 52 };

const LANES = [
  {
    id: "load",
    legend: [["load", "load, requests/s"]],
    most: ({ history }) => niceMost(Math.max(...history.map(({ load }) => load))),
    marks: (most) => [0, most],
    shapes: (history, x, y) => ({
      "load-area": area(history, x, y, ({ load }) => load),
      load: line(history, x, y, ({ load }) => load),
    }),
  },
  {
    id: "cpu",
    legend: [
      ["cpu", "CPU of the group, %"],
      ["threshold", "alarm threshold"],
    ],
    most: () => 100,
    marks: () => [0, 50, 100],
    shapes: (history, x, y, { alarms }, right) => ({
      threshold: alarms
        .filter(({ unit }) => unit === "%")
        .map(({ threshold }) => `M${LEFT} ${y(threshold)}H${right}`)
        .join(""),
      cpu: line(history, x, y, ({ cpu }) => cpu),
    }),
  },
  {
    id: "servers",
    legend: [
      ["in-service", "servers in service"],
      ["desired", "desired"],
    ],
    most: ({ group, history }) => Math.max(1, group?.maxSize ?? 1, ...history.map(({ desired }) => desired)),
    marks: (most) => (most <= 4 ? Array.from({ length: most + 1 }, (_, index) => index) : [0, most]),
    shapes: (history, x, y) => ({
      "in-service-area": area(history, x, y, ({ inService }) => inService, steps),
      "in-service": steps(history, x, y, ({ inService }) => inService),
      desired: steps(history, x, y, ({ desired }) => desired),
    }),
  },
];

/** Everything to draw, as plain data. */
export function plotOf(snapshot, width) {
  const { history, now } = snapshot;
  const right = width - RIGHT;
  const span = niceSpan(now - Math.max(now - 3600, history[0]?.at ?? now));
  const x = (at) => round(LEFT + ((right - LEFT) * (at - (now - span))) / span);
  const at = (pixel) => now - span + ((pixel - LEFT) / (right - LEFT)) * span;
  const drawing = { width, x, at, grid: [], shapes: [], labels: [], lanes: [] };
  const seen = history.filter((sample) => sample.at >= now - span);
  let top = 0;
  for (const lane of LANES) top = addLane(drawing, lane, seen, snapshot, top, right);
  for (const alarm of snapshot.alarms) top = addAlarm(drawing, alarm, seen, snapshot, top, right);
  addTime(drawing, snapshot, span, top, right);
  return { ...drawing, bottom: top, height: top + AXIS };
}

function addLane(drawing, lane, history, snapshot, top, right) {
  const begin = top + TITLE;
  const end = begin + HEIGHTS[lane.id];
  const most = lane.most(snapshot);
  const y = (value) => round(end - ((end - begin) * Math.min(value, most)) / most);
  drawing.labels.push({ key: `${lane.id} legend`, legend: lane.legend, x: LEFT, y: top + 14 });
  for (const mark of lane.marks(most)) {
    drawing.grid.push(path(`grid ${lane.id} ${mark}`, `M${LEFT} ${y(mark)}H${right}`));
    // The ends of a scale are enough where the marks are close to each other.
    if (mark === 0 || mark === most || HEIGHTS[lane.id] / lane.marks(most).length > 20)
      drawing.labels.push(label(`${lane.id} ${mark}`, mark, LEFT - 6, y(mark) + 4, "end"));
  }
  for (const [name, d] of Object.entries(lane.shapes(history, drawing.x, y, snapshot, right)))
    drawing.shapes.push(path(name, d));
  drawing.lanes.push(`${begin}V${end}`);
  return end + GAP;
}

function addAlarm(drawing, { name }, history, { now }, top, right) {
  // A name that Terraform or AWS has made can be longer than the picture is wide.
  const letters = Math.floor((right - LEFT) / 7) - 12;
  const text = name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
  drawing.labels.push({ key: `alarm ${name}`, legend: [["alarm", `${text} in ALARM`]], x: LEFT, y: top + 12 });
  const bar = (from, to) => `M${drawing.x(from)} ${top + 17}H${drawing.x(to)}v6H${drawing.x(from)}z`;
  const rings = history.flatMap(({ at, alarms }, index) =>
    alarms.includes(name) ? [bar(at, history[index + 1]?.at ?? now)] : [],
  );
  drawing.grid.push(path(`track ${name}`, `M${LEFT} ${top + 20}H${right}`));
  drawing.shapes.push(path(`alarm ${name}`, rings.join("")));
  return top + ALARM;
}

function addTime(drawing, snapshot, span, bottom, right) {
  for (const at of minutesBetween(snapshot, span, Math.floor((right - LEFT) / 64))) {
    const x = drawing.x(at);
    drawing.grid.push(path(`time ${round(at)}`, drawing.lanes.map((lane) => `M${x} ${lane}`).join("")));
    const anchor = x < LEFT + 18 ? "start" : x > right - 18 ? "end" : "middle";
    drawing.labels.push(label(`time ${round(at)}`, timeOf(at, snapshot).slice(0, 5), x, bottom + 14, anchor));
  }
}

export const path = (key, d) => ({ key, d });
const label = (key, text, x, y, anchor) => ({ key, text: String(text), x, y, anchor });
const round = (value) => Math.round(value * 10) / 10;
