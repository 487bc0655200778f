/** What happened, the newest first; what matters is also read aloud by screen readers. */
import { element, keep, part, write } from "./dom.js";
import { timeOf } from "./words.js";

/** They come with every change, and what follows from them is announced. */
const QUIET = new Set(["load", "instance"]);

/** @returns shows a snapshot's events; those of the first snapshot are history and are not announced */
export function events() {
  let known;
  return (snapshot) => {
    const items = numbered(snapshot.events);
    const news = items.filter(({ key, kind }) => known && !known.has(key) && !QUIET.has(kind));
    known = new Set(items.map(({ key }) => key));
    if (news.length > 0) write(part("announced"), news.map(({ text }) => text).join(". "));
    const shown = items.toReversed().map((event) => ({ ...event, time: timeOf(event.at, snapshot) }));
    keep(part("events"), shown, ({ key }) => key, eventElement);
  };
}

/** The same may happen twice in one second. */
function numbered(all) {
  const times = new Map();
  return all.map((event) => {
    const name = `${event.at} ${event.kind} ${event.text}`;
    const count = times.get(name) ?? 0;
    times.set(name, count + 1);
    return { ...event, key: `${name} ${count}` };
  });
}

function eventElement({ time, kind, text }) {
  return element("li", { "data-kind": kind }, element("time", {}, time), " ", element("span", {}, text));
}
