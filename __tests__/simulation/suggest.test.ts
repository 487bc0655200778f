/** Schedules for a weekly load: enough servers at every moment, legal by the settings' own rules, and no longer than worth it. */
import fc from "fast-check";
import { dueIn } from "../../src/aws/cron";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { environmentProblems } from "../../src/config/validate";
import type { Load } from "../../src/simulation/load";
import { actionsFor, type Actions } from "../../src/simulation/suggest/actions";
import { neededIn, serversFor, SLOTS } from "../../src/simulation/suggest/week";

const HOUR = 3600;
const DAY = 24 * HOUR;
const MONDAY = Date.UTC(2026, 0, 5) / 1000;
const capacity = { ofServer: 1.6, minSize: 1, maxSize: 4 };

/** Half an hour of the week, by day and hour. */
const slot = (day: number, hour: number) => 48 * day + 2 * hour;
const loadOf = (weeks: number, cpu: (at: number) => number): Load => ({
  name: "weeks",
  seconds: weeks * 7 * DAY,
  segments: Array.from({ length: weeks * 7 * 144 }, (_, index) => ({
    from: 600 * index,
    cpu: cpu(600 * index),
    pinned: 0,
  })),
});

test.each([
  [0, 0],
  [1.6, 1],
  [1.7, 2],
  [4.8, 3],
  [16, 10],
])("a load of %d vCPUs, of which a server takes 1.6, needs %i servers", (cpu, servers) => {
  expect(serversFor(cpu, capacity)).toBe(servers);
});

test("each half hour needs what its highest load needs, within the group's sizes", () => {
  // Ten minutes of a load on Tuesday at 9:10, and on Sunday at 23:50 one that is too much for the group.
  const load = loadOf(1, (at) => (at === DAY + 9 * HOUR + 600 ? 3 : at === 7 * DAY - 600 ? 20 : 0.1));
  const needed = neededIn(load, MONDAY, capacity);
  expect(needed).toHaveLength(SLOTS);
  expect(needed.flatMap((size, index) => (size === 1 ? [] : [[index, size]]))).toEqual([
    [slot(1, 9), 2],
    [slot(6, 23.5), 4],
  ]);
  expect(Math.min(...neededIn(load, MONDAY, { ...capacity, minSize: 2 }))).toBe(2);
});

test("a load that begins on another day is that of its days", () => {
  const load = loadOf(1, (at) => (at < HOUR ? 3 : 0));
  const begins = (seconds: number) =>
    neededIn(load, MONDAY + seconds, capacity).flatMap((size, index) => (size > 1 ? [index] : []));
  expect(begins(0)).toEqual([0, 1]);
  expect(begins(4 * DAY + 5 * HOUR)).toEqual([slot(4, 5), slot(4, 5.5)]);
  expect(begins(-DAY)).toEqual([slot(6, 0), slot(6, 0.5)]);
  expect(begins(900)).toEqual([0, 1, 2]);
});

test("a peak of one week of three makes no rule, and one of two weeks does", () => {
  const at9 = (weeks: number[]) =>
    neededIn(
      loadOf(3, (at) => (at % (7 * DAY) === 9 * HOUR && weeks.includes(Math.floor(at / 7 / DAY)) ? 5 : 1)),
      MONDAY,
      capacity,
    )[slot(0, 9)];
  expect([at9([1]), at9([0, 2])]).toEqual([1, 4]);
});

const week = (size: (day: number, hour: number) => number) =>
  Array.from({ length: SLOTS }, (_, index) => size(Math.floor(index / 48), (index % 48) / 2));
const shown = (actions: Actions) =>
  Object.entries(actions).map(([name, { recurrence, minSize }]) => [name, recurrence, minSize]);

test.each<[string, number[], number, (string | number)[][]]>([
  ["the same all week", week(() => 2), 150, []],
  [
    "office hours",
    week((day, hour) => (day < 5 && hour >= 8 && hour < 18 ? 3 : 1)),
    150,
    [
      ["at-0755-min-3", "55 7 * * MON-FRI", 3],
      ["at-1800-min-1", "0 18 * * MON-FRI", 1],
    ],
  ],
  [
    "evenings",
    week((_, hour) => (hour >= 20 && hour < 23 ? 2 : 1)),
    150,
    [
      ["at-1955-min-2", "55 19 * * *", 2],
      ["at-2300-min-1", "0 23 * * *", 1],
    ],
  ],
  [
    "a weekend, added to on the day before",
    week((day) => (day >= 5 ? 2 : 1)),
    150,
    [
      ["at-0000-min-1", "0 0 * * MON", 1],
      ["at-2355-min-2", "55 23 * * FRI", 2],
    ],
  ],
  [
    "Sunday and two days",
    week((day, hour) => ([1, 3, 6].includes(day) && hour >= 9 && hour < 12 ? 2 : 1)),
    150,
    [
      ["at-0855-min-2", "55 8 * * TUE,THU,SUN", 2],
      ["at-1200-min-1", "0 12 * * TUE,THU,SUN", 1],
    ],
  ],
  [
    "a dip of half an hour, and a start of half an hour, which is moved off the half hours",
    week((_, hour) => ((hour >= 8 && hour < 10) || (hour >= 10.5 && hour < 12) ? 2 : 1)),
    1790,
    [
      ["at-0725-min-2", "25 7 * * *", 2],
      ["at-1200-min-1", "0 12 * * *", 1],
    ],
  ],
])("the schedule for %s", (_, needed, leadSeconds, actions) => {
  expect(shown(actionsFor(needed, leadSeconds))).toEqual(actions);
});

test("days that differ a little are treated as alike, and days that differ much are not", () => {
  const alike = actionsFor(
    week((day, hour) => (hour >= 8 && hour < (day === 2 ? 12.5 : 12) ? 2 : 1)),
    150,
  );
  expect(shown(alike).map(([, recurrence]) => recurrence)).toEqual(["55 7 * * *", "30 12 * * *"]);
  const apart = actionsFor(
    week((day, hour) => (day === 2 && hour >= 8 && hour < 20 ? 3 : 1)),
    150,
  );
  expect(shown(apart).map(([, recurrence]) => recurrence)).toEqual(["55 7 * * WED", "0 20 * * WED"]);
});

test("whatever is needed, there are enough servers, early enough, and AWS accepts the schedule", () => {
  const sizes = fc
    .array(fc.record({ slots: fc.integer({ min: 1, max: 60 }), size: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 40,
    })
    .map((runs) =>
      Array.from(
        { length: SLOTS },
        (_, index) => runs.flatMap(({ slots, size }) => Array<number>(slots).fill(size))[index] ?? 1,
      ),
    );
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 3600 }), (needed, leadSeconds) => {
      const schedules = actionsFor(needed, leadSeconds);
      expect(environmentProblems("production", derive(environments.production, { scaling: { schedules } }))).toEqual(
        [],
      );
      const due = Object.values(schedules).map(({ recurrence, timeZone, minSize }) => ({
        isDue: dueIn(recurrence, timeZone),
        minSize,
      }));
      // The second week, so that what the first has left is in force at its beginning; every five minutes, which all actions are at.
      let size = due.length === 0 ? Math.max(...needed) : 0;
      const grown: number[] = [];
      for (let at = 0; at < 14 * DAY; at += 300) {
        for (const { isDue, minSize } of due) if (isDue(new Date(1000 * (MONDAY + at)))) size = minSize;
        grown.push(size);
      }
      const short = needed.filter((servers, index) => {
        const begin = (7 * DAY + 1800 * index) / 300;
        const rises = servers > (needed[(index + SLOTS - 1) % SLOTS] ?? 0);
        return grown
          .slice(begin - (rises ? Math.ceil(leadSeconds / 300) : 0), begin + 6)
          .some((size) => size < servers);
      });
      expect(short).toEqual([]);
    }),
    { numRuns: 15 },
  );
});
