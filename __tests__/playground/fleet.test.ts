/** A group whose servers run: what it asks of EC2 and of this machine, and when. */
import { setTimeout as pause } from "node:timers/promises";
import { Clock } from "../../src/playground/clock";
import { Control } from "../../src/playground/control";
import { Fleet, type Launched, type Machinery } from "../../src/playground/fleet";

const SETTINGS = {
  zones: 2,
  graceSeconds: 300,
  launchFirst: false,
  replacesUnhealthy: true,
  rebalances: true,
  warmUpSeconds: 0,
  pollSeconds: 60,
};

let clock: Clock;
let fleet: Fleet;
let control: Control;
let asked: string[];
let decided: number[];
let cpu: number;
let full: ReadonlySet<string>;
let found: Set<number>;

beforeEach(() => {
  clock = new Clock(1000);
  [asked, decided, cpu, full, found] = [[], [], 0, new Set(), new Set()];
  let launched = 0;
  const machinery: Machinery = {
    launch: (subnet) => {
      asked.push(`launch in ${subnet}`);
      if (full.has(subnet)) return Promise.reject(new Error("insufficient capacity"));
      // EC2 answers more than is asked for here, such as the name of the zone.
      const answer: Launched & object = {
        id: `i-${String(++launched)}`,
        imageId: "ami-1",
        ...{ zone: `zone of ${subnet}` },
      };
      return Promise.resolve(answer);
    },
    start: ({ id }) => {
      asked.push(`start ${id}`);
      const ended = () => Promise.resolve();
      return Promise.resolve({ address: "", alive: true, stop: ended, kill: ended, cpuSeconds: () => cpu });
    },
    member: (id, lifecycle) => Promise.resolve(void asked.push(`${id} ${lifecycle}`)),
    drained: (id) => Promise.resolve(void asked.push(`${id} drains`)),
    remove: (id) => Promise.resolve(void asked.push(`${id} is removed`)),
    activity: () => Promise.resolve(),
  };
  fleet = new Fleet(
    clock,
    machinery,
    {
      subnets: ["a", "b"],
      settings: SETTINGS,
      metric: { resolutionSeconds: 60, delaySeconds: 0, partial: false },
      bootSeconds: 60,
      share: 0.5,
    },
    () => undefined,
  );
  const scaling = { capacity: { minSize: 1, maxSize: 3, desired: 1 }, policies: [], schedules: [] };
  control = new Control(clock, "group", fleet, scaling, (desired) => void decided.push(desired));
});
afterEach(() => clock.stop());

/** The instances that serve; they are found healthy as soon as they are in service. */
async function serving(count: number) {
  for (;;) {
    for (const instance of fleet.members.live)
      if (instance.inServiceAt < Infinity && !found.has(instance.number)) {
        found.add(instance.number);
        fleet.scaling.foundHealthy(instance);
      }
    const { all } = fleet.members;
    if (all.size === count && fleet.scaling.isAtRest) return [...all.values()];
    await pause(5);
  }
}

test("launches, boots, starts, and is in service before it is healthy", async () => {
  const [instance] = await serving(1);
  expect(asked).toEqual(["launch in a", "start i-1", "i-1 InService"]);
  expect((instance?.inServiceAt ?? NaN) - (instance?.launchedAt ?? NaN)).toBeGreaterThanOrEqual(60);
});

test("grows in the emptiest zone and shrinks again: drained, stopped and removed", async () => {
  await serving(1);
  expect(control.setDesired(3, true)).toBeUndefined();
  expect((await serving(3)).map(({ subnet }) => subnet).sort()).toEqual(["a", "a", "b"]);
  expect(control.setDesired(1, true)).toBeUndefined();
  const [left] = await serving(1);
  expect(decided).toEqual([3, 1]);
  const gone = ["i-1", "i-2", "i-3"].filter((id) => id !== left?.id);
  for (const id of gone)
    expect(asked.filter((what) => what.startsWith(`${id} `))).toEqual([
      `${id} InService`,
      `${id} Terminating`,
      `${id} drains`,
      `${id} is removed`,
    ]);
});

test("refuses what AWS refuses, in its words", () => {
  expect(control.setDesired(4, false)?.message).toMatch(/^New SetDesiredCapacity value 4 is above max value 3/);
  expect(control.setDesired(0, false)?.message).toMatch(/^New SetDesiredCapacity value 0 is below min value 1/);
  expect(control.execute("nobody", false, undefined)?.code).toBe("ValidationError");
});

test("an unhealthy instance is replaced after its grace period", async () => {
  const [instance] = await serving(1);
  if (instance === undefined) throw new Error("nothing serves");
  fleet.scaling.foundUnhealthy(instance, "is unhealthy");
  const [successor] = await serving(1);
  expect(successor).not.toBe(instance);
  expect((successor?.launchedAt ?? NaN) - instance.inServiceAt).toBeGreaterThanOrEqual(SETTINGS.graceSeconds);
});

test("a request that terminates an instance leaves the size as it is, or not", async () => {
  const [instance] = await serving(1);
  if (instance === undefined) throw new Error("nothing serves");
  expect(control.terminate(instance, true)?.message).toContain("min size");
  expect(control.terminate(instance, false)).toBeUndefined();
  const [successor] = await serving(1);
  expect(successor).not.toBe(instance);
  expect(control.scaler.desired).toBe(1);
});

test("where a zone has no room, the group tries again, and elsewhere once it knows that the zone is lost", async () => {
  await serving(1);
  full = new Set(["b"]);
  fleet.members.lostZones.add(1);
  control.setDesired(2, false);
  expect((await serving(2)).map(({ subnet }) => subnet)).toEqual(["a", "a"]);
  // Back again, the zones are balanced: the new one first.
  full = new Set();
  fleet.members.lostZones.clear();
  fleet.scaling.replacements.rebalance();
  expect((await serving(2)).map(({ subnet }) => subnet).sort()).toEqual(["a", "b"]);
});

test("a server's CPU is its share of the machine, at most 100 %", async () => {
  await serving(1);
  fleet.sample();
  cpu += 100;
  await pause(50);
  expect(fleet.sample().minute).toBe(100);
  expect(fleet.members.live[0]?.cpuPercent).toBe(100);
  await pause(50);
  expect(fleet.sample().minute).toBe(0);
});
