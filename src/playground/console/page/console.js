/** Follows the playground's snapshots and hands each to the parts of the page. */
import { showAlarms } from "./alarms.js";
import { chart } from "./chart.js";
import { act, controls } from "./controls.js";
import { attribute, part, write } from "./dom.js";
import { events } from "./events.js";
import { picture } from "./picture.js";
import { timeOf } from "./words.js";

/** Snapshots come every second; without one for that long the playground is gone, or so busy that it makes no difference. */
const SILENT_MILLISECONDS = 5000;
const RETRY_MILLISECONDS = 2000;
const GONE =
  "The playground does not answer any more. What you see is its last state; " +
  "start it again with “npm run local”. This page then goes on by itself, if the address is the same.";

const parts = [showHeader, controls(), picture(act), showAlarms, chart(), events()];
let source;
let silence;

function showHeader(snapshot) {
  write(part("environment"), snapshot.environment);
  // Before a load balancer answers, there is no URL, and the text is no link.
  write(part("application"), snapshot.application || "No load balancer answers yet.");
  attribute(part("application"), { href: snapshot.application || undefined });
  write(part("clock"), timeOf(snapshot.now, snapshot));
}

function showGone(gone) {
  const line = part("gone");
  document.body.classList.toggle("stale", gone);
  write(line, gone ? GONE : "");
  line.hidden = !gone;
}

function watch() {
  clearTimeout(silence);
  silence = setTimeout(() => showGone(true), SILENT_MILLISECONDS);
}

function listen() {
  if (document.hidden) return;
  source?.close();
  source = new EventSource("/events");
  source.addEventListener("snapshot", ({ data }) => {
    showGone(false);
    watch();
    const snapshot = JSON.parse(data);
    for (const show of parts) show(snapshot);
  });
  source.addEventListener("error", () => {
    showGone(true);
    // Otherwise the browser connects again by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MILLISECONDS);
  });
  watch();
}

/** Nothing is sent to a page that nobody sees. */
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return listen();
  clearTimeout(silence);
  source.close();
});
listen();
