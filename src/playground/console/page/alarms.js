/** The alarms: state, rule, and the last datapoints against the threshold. */
import { attribute, drawn, element, keep, part, write } from "./dom.js";
import { duration, figure } from "./words.js";

const WIDTH = 112;
const HEIGHT = 44;
const EDGE = 4;
const TONES = { OK: "good", ALARM: "bad", INSUFFICIENT_DATA: "quiet" };

export function showAlarms(snapshot) {
  const { alarms, now } = snapshot;
  const ringing = alarms.filter(({ state }) => state === "ALARM").length;
  write(part("alarms-text"), alarms.length === 0 ? "none is deployed" : `${ringing} of ${alarms.length} in ALARM`);
  const items = alarms.map((alarm) => ({ ...alarm, seconds: now - alarm.since }));
  keep(part("alarms"), items, ({ name }) => name, alarmElement);
}

function alarmElement({ name }) {
  const state = element("span", { class: "pill" });
  const since = element("span", { class: "since" });
  const rule = element("p", { class: "rule" });
  const last = element("p", { class: "last" });
  const threshold = drawn("line", { class: "threshold", x1: 0, x2: WIDTH });
  const line = drawn("path", { class: "line" });
  const dots = drawn("g");
  const size = { width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}` };
  const alarm = element(
    "li",
    { class: "alarm" },
    element("div", {}, element("h3", { title: name }, name), element("p", {}, state, since), rule, last),
    drawn("svg", { class: "spark", "aria-hidden": "true", ...size }, threshold, line, dots),
  );
  alarm.update = (now) => {
    write(state, now.state.replace("_", " "));
    attribute(state, { "data-tone": TONES[now.state] });
    write(since, ` for ${duration(now.seconds)}`);
    write(rule, ruleText(now));
    write(last, lastText(now));
    const { y, points } = placed(now);
    attribute(threshold, { y1: y(now.threshold), y2: y(now.threshold) });
    attribute(line, { d: path(points) });
    keep(dots, points, ({ key }) => key, dot);
  };
  return alarm;
}

function ruleText({ metric, comparison, threshold, unit, periodSeconds, evaluationPeriods }) {
  const long = periodSeconds % 60 === 0 ? `${periodSeconds / 60}\u00a0min` : `${periodSeconds}\u00a0s`;
  return `${metric} ${comparison} ${figure(threshold)}${unit && ` ${unit}`} for ${evaluationPeriods}\u00a0×\u00a0${long}`;
}

function lastText({ points, unit }) {
  const values = points.slice(-3).map((value) => figure(value));
  return values.length === 0 ? "no datapoint yet" : `last ${values.join(", ")}${unit && ` ${unit}`}`;
}

/** Percent has its whole scale; everything else as much as its greatest value. */
function placed({ points, threshold, unit, comparison }) {
  const values = points.filter((value) => value !== null);
  const most = unit === "%" ? 100 : Math.max(threshold, ...values, 1e-9) * 1.15;
  const y = (value) => round(HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * Math.min(value, most)) / most);
  const step = (WIDTH - 2 * EDGE) / Math.max(1, points.length - 1);
  const first = points.length === 1 ? WIDTH - EDGE : EDGE;
  return {
    y,
    points: points.flatMap((value, index) =>
      value === null
        ? []
        : [
            {
              key: index,
              index,
              x: round(first + index * step),
              y: y(value),
              bad: breaches(value, comparison, threshold),
            },
          ],
    ),
  };
}

function breaches(value, comparison, threshold) {
  if (comparison.includes("=") && value === threshold) return true;
  return comparison.startsWith(">") ? value > threshold : value < threshold;
}

/** Where a datapoint is missing the line is broken. */
function path(points) {
  return points
    .map(({ x, y, index }, place) => `${points[place - 1]?.index === index - 1 ? "L" : "M"}${x} ${y}`)
    .join("");
}

function dot() {
  const circle = drawn("circle", { r: 2.5 });
  circle.update = ({ x, y, bad }) => attribute(circle, { cx: x, cy: y, class: bad ? "bad" : "dot" });
  return circle;
}

const round = (value) => Math.round(value * 10) / 10;
