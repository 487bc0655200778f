/** The last hour on one time axis: load, CPU, servers, and when which alarm was in ALARM. */
import { attribute, drawn, keep, part, write } from "./dom.js";
import { path, plotOf } from "./plot.js";
import { counted, figure, percent, timeOf } from "./words.js";

/** @returns shows a snapshot */
export function chart() {
  const svg = drawn("svg", { role: "img" });
  part("chart").append(svg);
  const layers = ["grid", "shapes", "labels", "cursor"].map((name) => drawn("g", { class: name }));
  const [grid, shapes, labels, cursor] = layers;
  svg.append(...layers);
  let latest;
  let pointed;

  const draw = () => {
    if (!latest) return;
    const plot = plotOf(latest, part("chart").clientWidth);
    attribute(svg, { width: plot.width, height: plot.height, viewBox: `0 0 ${plot.width} ${plot.height}` });
    attribute(svg, { "aria-label": summary(latest) });
    keep(grid, plot.grid, ({ key }) => key, shape);
    keep(shapes, plot.shapes, ({ key }) => key, shape);
    keep(labels, plot.labels, ({ key }) => key, shape);
    const sample = pointed === undefined ? undefined : nearest(latest.history, plot.at(pointed));
    keep(cursor, sample ? [path("cursor", `M${plot.x(sample.at)} 0V${plot.bottom}`)] : [], ({ key }) => key, shape);
    const shown = sample ?? latest.history.at(-1);
    write(part("chart-text"), shown ? sampleText(shown, latest) : "");
  };
  svg.addEventListener("pointermove", ({ clientX }) => {
    pointed = clientX - svg.getBoundingClientRect().left;
    draw();
  });
  svg.addEventListener("pointerleave", () => {
    pointed = undefined;
    draw();
  });
  new ResizeObserver(draw).observe(part("chart"));
  return (snapshot) => {
    latest = snapshot;
    draw();
  };
}

/** A path or a text, of the class that its key begins with. */
function shape({ key, legend, text }) {
  if (legend) return legendElement(legend);
  const made = drawn(text === undefined ? "path" : "text", text === undefined ? { class: key.split(" ")[0] } : {});
  made.update = ({ d, text: now, x, y, anchor }) => {
    attribute(made, text === undefined ? { d } : { x, y, "text-anchor": anchor });
    if (text !== undefined) write(made, now);
  };
  return made;
}

function legendElement(legend) {
  const spans = legend.flatMap(([name, text], index) => [
    drawn(
      "tspan",
      { class: `key ${name}`, dx: index === 0 ? 0 : 14 },
      name === "threshold" || name === "desired" ? "┅ " : "■ ",
    ),
    drawn("tspan", {}, text),
  ]);
  const made = drawn("text", {}, ...spans);
  made.update = ({ x, y }) => attribute(made, { x, y });
  return made;
}

function nearest(history, at) {
  return history.reduce(
    (best, sample) => (best && Math.abs(best.at - at) <= Math.abs(sample.at - at) ? best : sample),
    undefined,
  );
}

function sampleText({ at, load, cpu, inService, desired }, snapshot) {
  return `${timeOf(at, snapshot).slice(0, 5)} · ${figure(load)} requests/s · CPU ${percent(cpu)} · ${inService} of ${counted(desired, "server")}`;
}

function summary(snapshot) {
  const last = snapshot.history.at(-1);
  if (!last) return "Load, CPU, capacity and alarms of the last hour: nothing yet";
  const ringing = last.alarms.length === 0 ? "no alarm" : last.alarms.join(" and ");
  return `Load, CPU, capacity and alarms of the last hour; now ${sampleText(last, snapshot)}, ${ringing} in ALARM`;
}
