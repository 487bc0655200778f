"use strict";

const EVERY_MILLISECONDS = 2000;
const part = (id) => document.getElementById(id);
const load = part("load");

/** A login that has ended leads back to the form. */
async function ask(url, options = {}) {
  const answer = await fetch(url, {
    ...options,
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(10000),
  });
  if (answer.status === 401) location.assign("/");
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

/** Does something that asks the server, and says on the page when that did not work. */
async function attempt(work) {
  const problem = part("problem");
  try {
    await work();
    problem.hidden = true;
  } catch (error) {
    problem.textContent = `Not up to date: ${error.message}`;
    problem.hidden = false;
  }
}

function showCpu({ cpu_percent: percent }) {
  part("cpu").textContent = percent.toFixed(1);
  part("cpu-meter").value = percent;
}

function showLoad({ running, seconds_left: seconds }) {
  part("start").disabled = running;
  part("stop").disabled = !running;
  part("load-state").textContent = running ? `Load on all cores, ends by itself in ${seconds} s` : "No load";
}

async function refresh() {
  showCpu(await ask(part("cpu").dataset.url));
  if (load) showLoad(await ask(load.dataset.url));
}

load?.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  button.disabled = true;
  attempt(async () => {
    try {
      showLoad(await ask(button.formAction, { method: "POST", body: new FormData(load) }));
    } catch (error) {
      button.disabled = false; // to try again
      throw error;
    }
  });
});

/** One question after the other, and none while nobody looks. */
async function keepFresh() {
  if (!document.hidden) await attempt(refresh);
  setTimeout(keepFresh, EVERY_MILLISECONDS);
}
keepFresh();
