/** A card for each server that has answered. The load balancer asks a server of its own choice each time. */

const FORGOTTEN_SECONDS = 300;
/** What is older than this is shown as such; with more servers, each answers less often. */
const FRESH_SECONDS = 10;
const FRESH_SECONDS_A_SERVER = 6;

const servers = document.getElementById("servers");
/** By the server's key: its card, its last answer, and when that came. */
const known = new Map();
let reachable = true;

const now = () => performance.now() / 1000;
const part = (card, name) => card.querySelector(`[data-part="${name}"]`);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Changes nothing that is so already: screen readers would read it again. */
function say(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

/** The server cannot be asked now. */
function lost() {
  reachable = false;
  showAges();
}

function show(status) {
  const { key, id } = status.server;
  const card = known.get(key)?.card ?? newCard(status.server);
  known.set(key, { card, status, at: now() });
  reachable = true;
  const percent = status.cpu_percent;
  say(part(card, "cpu"), percent.toFixed(1));
  card.querySelector("meter").value = percent;
  showHistory(card, status.cpu_history);
  showInstance(card, status.server);
  if (status.load) {
    const { running } = status.load;
    allow(card, running ? "stop" : "start");
    const before = card.dataset.running;
    card.dataset.running = running;
    if (before && before !== String(running)) {
      say(document.getElementById("announcement"), `${running ? "Load" : "No load"} on server ${id}`);
    }
  }
  showAges();
}

function newCard({ key }) {
  const card = servers.firstElementChild.cloneNode(true);
  card.dataset.key = key;
  delete card.dataset.running;
  const named = card.querySelector('[name="server"]');
  if (named) named.value = key;
  say(part(card, "problem"), "");
  servers.append(card);
  return card;
}

function showInstance(card, { id, ec2, name, zone, subnet }) {
  card.setAttribute("aria-label", `Server ${id}`);
  card.querySelector("meter").setAttribute("aria-label", `CPU of server ${id} in percent`);
  say(part(card, "id"), id);
  say(part(card, "instance"), ec2 ? id : "not on EC2");
  for (const [where, value] of Object.entries({ name, zone, subnet })) {
    say(part(card, where), value ?? "unknown");
    part(card, where).parentElement.hidden = !ec2;
  }
}

/** Five minutes as a line, and in words for whoever does not see it. */
function showHistory(card, history) {
  if (history.length === 0) return;
  const from = 60 - history.length;
  part(card, "line").setAttribute("points", history.map((percent, at) => `${from + at},${100 - percent}`).join(" "));
  const average = Math.round(history.reduce((sum, percent) => sum + percent, 0) / history.length);
  const range = `${Math.min(...history)} to ${Math.max(...history)} %`;
  say(part(card, "summary"), `Last five minutes: ${range}, on average ${average} %`);
}

/** One of the two buttons can be used, or none. Not `disabled`: the keyboard's focus would be lost. */
function allow(card, which) {
  for (const button of card.querySelectorAll(".load button")) {
    button.setAttribute("aria-disabled", String(button.value !== which));
  }
}

/** How old each answer is, and how long each load has left. */
function showAges() {
  const fresh = Math.max(FRESH_SECONDS, FRESH_SECONDS_A_SERVER * known.size);
  for (const [key, { card, status, at }] of known) {
    const age = Math.floor(now() - at);
    const stale = age > fresh || !reachable;
    card.classList.toggle("stale", stale);
    const ago = age < 60 ? `${age} s` : clock(age);
    say(part(card, "age"), stale ? `Not up to date: this was ${ago} ago` : `updated ${ago} ago`);
    if (status?.load) {
      const left = Math.max(0, status.load.seconds_left - age);
      say(part(card, "load"), status.load.running ? `Load on all cores, ends by itself in ${clock(left)}` : "No load");
    }
    if (age > FORGOTTEN_SECONDS && known.size > 1 && !document.hidden && reachable) {
      known.delete(key);
      card.remove();
    }
  }
}

// The card that came with the page, of the server that made it.
known.set(servers.firstElementChild.dataset.key, { card: servers.firstElementChild, status: null, at: now() });
setInterval(showAges, 1000);

// Modules for their own names only: an import would need the other's hashed name.
globalThis.cards = { servers, show, lost, allow, part, say };
