/** Simulations as a picture, one below the other on the same time axis: strips of what each minute was like at its worst. */
import { wrapped } from "../machine/table";
import { intervals } from "./picture/minutes";
import { drawn, heightOf, text, WIDTH, xOf } from "./picture/strip";
import { stripsOf } from "./picture/strips";
import { escape, STYLE } from "./picture/style";
import { timeLabel, timeTicks } from "./picture/ticks";
import { clock } from "./render-text";
import type { Service } from "./service";
import type { Event, Trace } from "./trace";

/** The most intervals of an axis that is about 880 pixels wide. */
const MOST = 880;
const MOST_MARKS = 300;
const LINE = 17;

/** A simulation of a picture, with what is to be said about it above it. */
export interface Pictured {
  readonly name: string;
  readonly trace: Trace;
  readonly verdict: readonly string[];
}

/** @param pictured of one load @param service for requests and the SLO */
export function svg(pictured: readonly Pictured[], service: Service): string {
  const seconds = pictured[0]?.trace.load.seconds ?? 1;
  let height = 8;
  const panels = pictured.flatMap((one) => {
    const panel = panelOf(one, service, height);
    height = panel.bottom + 24;
    return panel.lines;
  });
  const names = pictured.map(({ name }) => name).join(", ");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img">\n` +
    `<title>${escape(names)}: load, servers, CPU and answers over ${clock(seconds)}</title>\n` +
    `<style>${STYLE}\n</style>\n${panels.join("\n")}\n</svg>\n`
  );
}

function panelOf({ name, trace, verdict }: Pictured, service: Service, top: number) {
  const { seconds } = trace.load;
  const strips = stripsOf(trace, intervals(trace.samples, MOST), service);
  const said = verdict.flatMap((sentence) => wrapped(sentence, 145).split("\n"));
  const lines = [
    `<text class="name" x="8" y="${String(top + 14)}">${escape(name)}</text>`,
    ...said.map(
      (words, index) => `<text x="8" y="${String(top + 14 + LINE * (index + 1))}">${escape(words.trim())}</text>`,
    ),
  ];
  let y = top + 24 + LINE * said.length;
  for (const [index, strip] of strips.entries()) {
    lines.push(...drawn(strip, y, seconds));
    y += heightOf(strip);
    // Below the servers: what has changed their number.
    if (index !== 1) continue;
    lines.push(...marks(trace.events, y, seconds));
    y += 26;
  }
  lines.push(...timeTicks(seconds).map((at) => text(xOf(seconds)(at), y + 6, timeLabel(at, seconds), "middle")));
  return { lines, bottom: y + 12 };
}

/** By kind, so that what happens in one second is not one dot. */
const ROWS = { alarm: 0, scale: 8, health: 16 };
const isMarked = (event: Event): event is Event & { kind: keyof typeof ROWS } => Object.hasOwn(ROWS, event.kind);

/** A dot for each event, with its text for who points at it. */
function marks(events: readonly Event[], y: number, seconds: number): string[] {
  const shown = events.filter(isMarked);
  const every = Math.ceil(shown.length / MOST_MARKS);
  return shown
    .filter((_, index) => index % every === 0)
    .map(
      ({ at, kind, text: what }) =>
        `<circle class="${kind}" cx="${String(xOf(seconds)(at))}" cy="${String(y + ROWS[kind])}" r="3"><title>${clock(at)} ${escape(what)}</title></circle>`,
    );
}

/** An HTML page with the picture. */
export function html(title: string, picture: string, report: string): string {
  return (
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta name="color-scheme" content="light dark"><title>${escape(title)}</title></head>\n` +
    `<body><h1>${escape(title)}</h1>\n${picture}<pre>${escape(report)}</pre></body></html>\n`
  );
}
