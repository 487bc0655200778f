/** The buttons and the slider; what an action did is said in the status line. */
import { attribute, part, write } from "./dom.js";

const SPEEDS = [1, 2, 5, 10, 20, 50, 100];
/** For that long the slider is the user's: snapshots in between still have the old value. */
const SETTLING_MILLISECONDS = 3000;

export async function act(action) {
  write(part("said"), await said(action));
}

async function said(action) {
  try {
    const answer = await fetch("/actions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(action),
      signal: AbortSignal.timeout(30_000),
    });
    const { text, error } = await answer.json();
    return text ?? error;
  } catch {
    return "The playground does not answer.";
  }
}

/** @returns shows a snapshot's values in the controls */
export function controls() {
  let speed = 1;
  let nats = [];
  let touched = -Infinity;
  const slider = part("traffic");
  const showTraffic = (perSecond) => {
    write(part("traffic-text"), `${perSecond} requests/s`);
    attribute(slider, { "aria-valuetext": `${perSecond} requests per second` });
  };

  slider.addEventListener("input", () => {
    touched = performance.now();
    showTraffic(slider.valueAsNumber);
  });
  slider.addEventListener("change", () => act({ action: "traffic", perSecond: slider.valueAsNumber }));
  part("slower").addEventListener("click", () =>
    change(
      SPEEDS.findLast((each) => each < speed),
      "slowest",
    ),
  );
  part("faster").addEventListener("click", () =>
    change(
      SPEEDS.find((each) => each > speed),
      "fastest",
    ),
  );
  part("nat").addEventListener("click", () => act({ action: "loseNat", lost: nats.includes("available") }));

  function change(to, extreme) {
    if (to === undefined) write(part("said"), `${speed} × is the ${extreme}.`);
    else act({ action: "speed", speed: to });
  }

  return (snapshot) => {
    speed = snapshot.speed;
    nats = snapshot.zones.map(({ nat }) => nat).filter((nat) => nat !== "none");
    write(part("speed"), `${speed} ×`);
    const lose = nats.includes("available") || nats.length === 0;
    write(part("nat"), `${lose ? "Lose" : "Restore"} the NAT gateway${nats.length > 1 ? "s" : ""}`);
    attribute(part("nat"), { class: lose && "danger" });
    if (performance.now() - touched < SETTLING_MILLISECONDS) return;
    if (Number(slider.max) < snapshot.trafficPerSecond) slider.max = snapshot.trafficPerSecond;
    slider.value = snapshot.trafficPerSecond;
    showTraffic(snapshot.trafficPerSecond);
  };
}
