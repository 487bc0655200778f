/** The network as a picture: the load balancer, and in each zone its subnets, the NAT gateway and the servers. */
import { attribute, element, keep, part, write } from "./dom.js";
import { counted, duration, figure, milliseconds, percent } from "./words.js";

/** Beyond that many the picture does not keep places free. */
const MOST_PLACES = 4;

/** @param act what does an action */
export function picture(act) {
  return (snapshot) => {
    const { group, zones, balancer } = snapshot;
    write(part("group"), group ? groupText(group) : "No Auto Scaling group is deployed.");
    showBalancer(balancer, snapshot.servers);
    const places = group ? Math.min(MOST_PLACES, Math.ceil(group.maxSize / Math.max(1, zones.length))) : 0;
    const shown = zones.map((zone) => ({ ...zone, places, servers: serversOf(zone, snapshot.servers) }));
    keep(
      part("zones"),
      shown,
      ({ name }) => name,
      (zone) => zoneElement(zone, act),
    );
    attribute(part("zones"), { "data-empty": zones.length === 0 });
    part("notes").hidden = snapshot.notes.length === 0;
    keep(
      part("notes"),
      snapshot.notes,
      (note) => note,
      (note) => element("li", {}, note),
    );
  };
}

const serversOf = ({ name }, servers) =>
  servers.filter(({ zone }) => zone === name).sort((a, b) => a.number - b.number);

function groupText({ name, desired, inService, minSize, maxSize, cooldownSecondsLeft }) {
  const wait = cooldownSecondsLeft > 0 ? ` · cooldown ${duration(cooldownSecondsLeft)}` : "";
  return `${name} · ${inService} in service, ${desired} desired, ${minSize} to ${maxSize}${wait}`;
}

function showBalancer(balancer, servers) {
  write(part("balancer-name"), balancer ? `Load balancer ${balancer.name}` : "No load balancer is deployed");
  write(part("listeners"), balancer?.listeners.join(", ") ?? "");
  write(part("targets"), targetsText(servers));
  write(part("balancer-requests"), figure(balancer?.requestsPerSecond));
  write(part("balancer-errors"), figure(balancer?.errorsPerSecond));
  attribute(part("balancer-errors"), { "data-bad": (balancer?.errorsPerSecond ?? 0) > 0 });
  write(part("balancer-p50"), milliseconds(balancer?.p50Ms));
  write(part("balancer-p99"), milliseconds(balancer?.p99Ms));
}

/** Such as "2 targets: 1 healthy, 1 initial". */
function targetsText(servers) {
  const counts = new Map();
  for (const { target } of servers) counts.set(target.state, (counts.get(target.state) ?? 0) + 1);
  const states = [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
  return servers.length === 0 ? "no targets" : `${counted(servers.length, "target")}: ${states}`;
}

function zoneElement({ name }, act) {
  const state = element("span", { class: "pill" });
  const button = element("button", { type: "button" });
  const nat = element("span", { class: "nat" });
  const publics = element("span");
  const privates = element("span");
  const servers = element("ul", { class: "servers", "aria-label": `Servers in ${name}` });
  const zone = element(
    "article",
    { class: "zone", tabindex: -1, "aria-label": `Zone ${name}` },
    element("header", {}, element("h3", {}, name), state, button),
    element("p", { class: "subnet public" }, publics, nat),
    element("div", { class: "subnet private" }, element("p", {}, privates), servers),
  );
  let lost = false;
  button.addEventListener("click", () => act({ action: "loseZone", zone: name, lost: !lost }));
  zone.update = (now) => {
    lost = now.lost;
    attribute(zone, { "data-lost": lost, "data-busy": now.servers.some((server) => server.requestsPerSecond > 0) });
    showPill(state, lost ? "lost" : "available", lost ? "bad" : "good");
    write(button, lost ? "Restore zone" : "Lose zone");
    attribute(button, { class: lost ? undefined : "danger", "aria-label": `${button.textContent} ${name}` });
    write(publics, subnetText("public", now.subnets, true));
    write(privates, subnetText("private", now.subnets, false));
    write(nat, { none: "", available: "NAT gateway", lost: "NAT lost" }[now.nat]);
    attribute(nat, { "data-tone": now.nat === "lost" ? "bad" : "good" });
    const free = Array.from({ length: Math.max(0, now.places - now.servers.length) }, (_, index) => ({
      free: `free ${index}`,
    }));
    keep(
      servers,
      [...now.servers, ...free],
      (item) => item.free ?? item.id,
      (item) => (item.free ? element("li", { class: "free", "aria-hidden": "true" }) : serverElement(item, act)),
    );
  };
  return zone;
}

function subnetText(kind, subnets, isPublic) {
  const cidrs = subnets.filter((subnet) => subnet.isPublic === isPublic).map(({ cidr }) => cidr);
  return cidrs.length === 0 ? `no ${kind} subnet` : `${kind} subnet ${cidrs.join(", ")}`;
}

function serverElement({ id, number, imageId, address }, act) {
  const state = element("span", { class: "pill" });
  const age = element("span", { class: "age" });
  const why = element("p", { class: "why" });
  const meter = element("meter", { min: 0, max: 100, low: 60, high: 80, optimum: 0, "aria-label": "CPU" });
  const cpu = element("span", { class: "value" });
  const requests = element("span", { class: "value" });
  const stress = element("button", { type: "button", "aria-label": `Load on server ${number}` }, "Load");
  const kill = element("button", { type: "button", class: "danger", "aria-label": `Kill server ${number}` }, "Kill");
  const server = element(
    "li",
    { class: "server", title: `${id}\n${imageId}\n${address}` },
    element("div", { class: "head" }, element("h4", {}, `Server ${number}`), age),
    state,
    element("p", { class: "id" }, id),
    element("div", { class: "row" }, element("span", {}, "CPU"), meter, cpu),
    element("div", { class: "row" }, element("span", {}, "Requests/s"), requests),
    why,
    element("div", { class: "buttons" }, stress, kill),
  );
  let stressed = false;
  stress.addEventListener("click", () => act({ action: "stress", server: id, on: !stressed }));
  kill.addEventListener("click", () => act({ action: "kill", server: id }));
  server.update = (now) => {
    stressed = now.stressed;
    attribute(server, { "data-lifecycle": now.lifecycle });
    attribute(stress, { "aria-pressed": String(stressed) });
    showPill(state, stateText(now), TONES[stateText(now)] ?? "quiet");
    write(age, duration(now.ageSeconds));
    write(why, now.target.description ?? now.target.reason ?? "");
    attribute(why, { title: why.textContent || undefined });
    meter.value = now.cpuPercent ?? 0;
    write(cpu, percent(now.cpuPercent));
    write(requests, figure(now.requestsPerSecond));
  };
  return server;
}

const TONES = { healthy: "good", unhealthy: "bad", initial: "busy", pending: "busy", terminating: "busy" };

/** The target's state, unless the group has more to say: a pending server is no target yet, a terminating one is none any more. */
function stateText({ lifecycle, target }) {
  return lifecycle === "InService" ? target.state : lifecycle.toLowerCase();
}

function showPill(pill, text, tone) {
  write(pill, text);
  attribute(pill, { "data-tone": tone });
}
