/** One strip of a picture: its legend, its axis with round marks, and what is drawn in it, by the minute. */
import { escape } from "./style";
import { powersTo, ticksTo, timeTicks } from "./ticks";

export const WIDTH = 960;
const LEFT = 56;
export const RIGHT = WIDTH - 20;
/** Of the line with the legend, above the axis. */
const LEGEND = 20;
const BELOW = 10;

/** What a colour means: its class, how it is drawn, and a word or two. */
export type Key = readonly [style: string, sign: "area" | "line" | "dashed" | "dot", text: string];

export interface Strip {
  readonly title: string;
  readonly keys: readonly Key[];
  /** Of the axis, in pixels. */
  readonly height: number;
  /** What the axis must reach. */
  readonly most: number;
  /** Whether only whole numbers make sense. */
  readonly whole?: boolean;
  /** A logarithmic axis from this power of ten, for values of several sizes. */
  readonly least?: number;
  readonly draw: (place: Place) => readonly string[];
}

/** Where values are drawn: `x` of seconds, `y` of the axis's unit. */
export interface Place {
  readonly x: (seconds: number) => number;
  readonly y: (value: number) => number;
  readonly top: number;
  readonly bottom: number;
}

export const heightOf = ({ height }: Strip): number => LEGEND + height + BELOW;

export const xOf = (seconds: number) => (at: number) => round(LEFT + ((RIGHT - LEFT) * at) / seconds);

/** @param above where the strip begins @param seconds of the whole axis */
export function drawn(strip: Strip, above: number, seconds: number): string[] {
  const { title, keys, height, most, whole = false, least, draw } = strip;
  const top = above + LEGEND;
  const bottom = top + height;
  const ticks =
    least === undefined ? ticksTo(most, Math.max(2, Math.floor(height / 28)), whole) : powersTo(least, most);
  const [lowest = 0, highest = 1] = [ticks[0], ticks.at(-1)];
  const scaled = (value: number) => (least === undefined ? value : Math.log10(Math.max(value, lowest)));
  const y = (value: number) =>
    round(bottom - (height * (scaled(value) - scaled(lowest))) / (scaled(highest) - scaled(lowest)));
  const x = xOf(seconds);
  const grid = [
    ...ticks.slice(1).map((tick) => `M${String(LEFT)} ${String(y(tick))}H${String(RIGHT)}`),
    ...timeTicks(seconds).map((at) => `M${String(x(at))} ${String(top)}V${String(bottom)}`),
  ];
  return [
    legend(title, keys, above + 13),
    `<path class="grid" d="${grid.join("")}"/>`,
    ...draw({ x, y, top, bottom }),
    `<path class="axis" d="M${String(LEFT)} ${String(top)}V${String(bottom)}H${String(RIGHT)}"/>`,
    ...ticks.map((tick) => text(LEFT - 6, y(tick) + 4, number(tick), "end")),
  ];
}

/** The keys begin where the title ends; the width of a letter is a guess that leaves room. */
function legend(title: string, keys: readonly Key[], y: number): string {
  let x = LEFT + 16 + 7 * title.length;
  const parts = keys.map(([style, sign, word]) => {
    const at = x;
    x += 36 + 6.4 * word.length;
    return `${signs[sign](style, at, y - 4)}${text(at + 20, y, word, "start")}`;
  });
  return `<text x="${String(LEFT)}" y="${String(y)}">${escape(title)}</text>${parts.join("")}`;
}

const signs: Readonly<Record<Key[1], (style: string, x: number, y: number) => string>> = {
  area: (style, x, y) => `<rect class="${style}" x="${num(x)}" y="${num(y - 5)}" width="15" height="10"/>`,
  line: (style, x, y) => `<path class="${style}" d="M${num(x)} ${num(y)}h15"/>`,
  dashed: (style, x, y) => `<path class="${style}" d="M${num(x)} ${num(y)}h15"/>`,
  dot: (style, x, y) => `<circle class="${style}" cx="${num(x + 8)}" cy="${num(y)}" r="3.5"/>`,
};

/** @param anchor which part of the words is at `x` */
export const text = (x: number, y: number, words: string, anchor: "start" | "middle" | "end"): string =>
  `<text class="quiet" x="${num(x)}" y="${num(y)}" text-anchor="${anchor}">${escape(words)}</text>`;

export const round = (value: number): number => Math.round(value * 10) / 10;
const num = (value: number) => String(round(value));
const number = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 3 });
