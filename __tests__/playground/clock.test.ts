/** The clock of the emulated AWS. */
import { setTimeout as pause } from "node:timers/promises";
import { Clock, type Event } from "../../src/playground/clock";

let clock: Clock;
afterEach(() => clock.stop());

/** Waits until the clock has come to a time. */
async function until(seconds: number): Promise<void> {
  while (clock.now < seconds) await pause(5);
}

test("happens in the order of the time that things are planned for, at exactly that time", async () => {
  clock = new Clock(1000);
  const happened: [string, number][] = [];
  const at = (name: string) => () => void happened.push([name, clock.now]);
  const begun = clock.now;
  clock.after(120, at("later"));
  clock.after(60, () => {
    at("sooner")();
    clock.after(30, at("planned by it"));
  });
  await until(begun + 200);
  expect(happened.map(([name]) => name)).toEqual(["sooner", "planned by it", "later"]);
  const [sooner = NaN, planned] = happened.map(([, now]) => now);
  expect(planned).toBe(sooner + 30);
});

test("repeats on whole multiples, also when the machine is late", async () => {
  clock = new Clock(2000);
  const times: number[] = [];
  clock.every(60, () => times.push(clock.now));
  await until(600);
  expect(times.slice(0, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((minute) => 60 * minute));
});

test("what is taken back does not happen", async () => {
  clock = new Clock(1000);
  const happened: string[] = [];
  clock.after(20, () => happened.push("once"))();
  clock.every(10, () => happened.push("again"))();
  await until(100);
  expect(happened).toEqual([]);
});

test("goes on from where it is when its speed changes", async () => {
  clock = new Clock(1000);
  await until(50);
  const before = clock.now;
  clock.speed = 1;
  expect(clock.now - before).toBeLessThan(5);
  let happened = false;
  clock.after(10, () => (happened = true));
  clock.speed = 1000;
  await until(before + 20);
  expect(happened).toBe(true);
});

test("keeps the record, and its dates follow it", () => {
  const heard: Event[] = [];
  clock = new Clock(1, new Date("2026-01-05T00:00:00Z"), (event) => heard.push(event));
  clock.say("load", "load begins");
  expect(heard).toEqual(clock.events);
  expect(clock.dateOf(90).toISOString()).toBe("2026-01-05T00:01:30.000Z");
});
