/** Bills as a picture: a bar for each item and bill, and for each total from the least to the most. */
import { sideBySide } from "./compare";
import type { Amount } from "./model";
import { money, type Named } from "./render";

const WIDTH = 960;
const LABELS = 270;
const FIGURES = 70;
const BAR = 14;
const GAP = 12;
/** Of a line of the legend. */
const LINE = 18;

const STYLE = `
  svg { font: 12px system-ui, sans-serif; background: #fff; color: #1b1f24 }
  text { fill: currentColor } .quiet { fill: #57606a } .range { stroke: currentColor }
  .b0 { fill: #0b5cd5 } .b1 { fill: #b35900 } .b2 { fill: #1a7f37 } .b3 { fill: #8250df } .b4 { fill: #6e7781 }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; color: #e6edf3 } .quiet { fill: #9198a1 }
    .b0 { fill: #6cb0ff } .b1 { fill: #ffa657 } .b2 { fill: #56d364 } .b3 { fill: #d2a8ff } .b4 { fill: #9198a1 }
  }
  @media print { svg { background: #fff; color: #000 } }`;

/** Number of colours; later bills share the last. */
const COLOURS = 5;

export function svg(bills: readonly Named[]): string {
  const rows = [
    // What costs nothing in any of them has no bar.
    ...sideBySide(bills.map(({ bill }) => bill)).filter(({ usd }) => usd.some(({ most }) => most > 0)),
    { item: "total", usd: bills.map(({ bill }) => bill.total) },
  ];
  const most = Math.max(1, ...bills.map(({ bill }) => bill.total.most));
  const x = (usd: number) => LABELS + ((WIDTH - LABELS - FIGURES) * usd) / most;
  const step = bills.length * BAR + GAP;
  const head = LINE * (bills.length + 2);
  const height = head + rows.length * step + 8;
  const title = `${bills.map(({ name }) => name).join(", ")}: USD a month`;
  const legend = [
    ...bills.map(({ name }, index) => `<tspan class="${colour(index)}">■</tspan> ${escape(name)}`),
    '<tspan class="quiet">USD a month, expected; the line spans the least to the most servers</tspan>',
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    ...legend.map((text, index) => `<text x="8" y="${String(LINE * (index + 1))}">${text}</text>`),
    ...rows.flatMap(({ item, usd }, row) => {
      const top = head + row * step;
      const middle = top + (bills.length * BAR) / 2 + 4;
      const label = `<text x="${String(LABELS - 8)}" y="${round(middle)}" text-anchor="end">${escape(item)}</text>`;
      return [label, ...usd.map((amount, index) => bar(amount, index, top + index * BAR, x))];
    }),
    "</svg>\n",
  ].join("\n");
}

function bar({ least, expected, most }: Amount, index: number, top: number, x: (usd: number) => number): string {
  const middle = round(top + BAR / 2);
  const range =
    least === most
      ? ""
      : `<line class="range" x1="${round(x(least))}" x2="${round(x(most))}" y1="${middle}" y2="${middle}"/>`;
  return (
    `<rect class="${colour(index)}" x="${String(LABELS)}" y="${round(top + 1)}" width="${round(x(expected) - LABELS)}" height="${String(BAR - 2)}"/>` +
    `${range}<text class="quiet" x="${round(x(most) + 6)}" y="${round(top + BAR - 3)}">${money(expected)}</text>`
  );
}

const colour = (index: number) => `b${String(Math.min(index, COLOURS - 1))}`;
const round = (value: number) => String(Math.round(value * 10) / 10);
const escape = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`);
