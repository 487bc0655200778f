const { servers, show, lost, allow, part, say } = globalThis.cards;
const EVERY_MILLISECONDS = 2000;
/** How often Start and Stop are sent until the server that they are for receives them. */
const TRIES = 20;
const TRY_AGAIN_MILLISECONDS = 300;
const OTHER_SERVER = 409;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const problem = document.getElementById("problem");

/** The answer's status code and content. A login that has ended leads back to the form. */
async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      ...options,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(10000),
    });
  } catch {
    throw new Error("The server cannot be reached.");
  }
  if (answer.status === 401) {
    location.assign("/");
    return new Promise(() => {}); // this page is left
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok && answer.status !== OTHER_SERVER) {
    throw new Error(content.error ?? `The server answers with an error (${answer.status}).`);
  }
  return { code: answer.status, content };
}

/** Buttons that are not answered yet, and how many ever were pressed: what was asked before that is no news any more. */
let pending = 0;
let pressed = 0;

async function refresh() {
  const before = pressed;
  try {
    const { content } = await ask(servers.dataset.url);
    if (pending === 0 && before === pressed) show(content);
    say(problem, "");
  } catch (error) {
    lost();
    say(problem, `${error.message} What you see is not up to date; trying again.`);
  }
}

/** Sends a button until its own server receives it: the load balancer may choose another one each time. */
async function reach(form, button) {
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await pause(TRY_AGAIN_MILLISECONDS);
    const { code, content } = await ask(button.formAction, { method: "POST", body: new FormData(form) });
    if (code !== OTHER_SERVER) return content;
  }
  throw new Error("This server did not receive it; others answered in its place. Nothing was changed.");
}

servers.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { target: form, submitter: button } = event;
  if (button.getAttribute("aria-disabled") === "true") return;
  const card = form.closest(".server");
  allow(card, "none");
  pending++;
  pressed++;
  try {
    say(part(card, "problem"), "");
    show(await reach(form, button));
  } catch (error) {
    allow(card, button.value); // to try again
    say(part(card, "problem"), error.message);
  } finally {
    pending--;
  }
});

/** One question after the other, and none while nobody looks. */
async function keepFresh() {
  if (!document.hidden) await refresh();
  setTimeout(keepFresh, EVERY_MILLISECONDS);
}
document.addEventListener("visibilitychange", () => document.hidden || refresh());
keepFresh();
