/** How the playground follows what is deployed, while it decides itself. */
import { clientsFor } from "../../src/account/clients";
import type { CloudState } from "../../src/playground/cloud";
import { Clock, type Event } from "../../src/playground/clock";
import type { GroupState } from "../../src/playground/group-state";
import { planeOf, type Plane } from "../../src/playground/plane";
import { Playground } from "../../src/playground/playground";

const never = () => new Promise<never>(() => undefined);
const done = () => Promise.resolve();

const group: GroupState = {
  name: "web",
  arn: "arn:web",
  minSize: 0,
  maxSize: 2,
  desired: 0,
  cooldownSeconds: 300,
  graceSeconds: 300,
  healthCheckType: "ELB",
  warmUpSeconds: undefined,
  maintenance: undefined,
  subnets: ["subnet-a"],
  targetGroups: [],
  suspended: [],
  template: { imageId: "ami-1", instanceType: "t3.micro", detailedMonitoring: false },
  members: [],
  policies: [],
  schedules: [],
};
const cloud: CloudState = {
  groups: [group],
  balancers: [],
  targetGroups: [],
  alarms: [],
  subnets: [],
  natGateways: [],
  notes: [],
};

let clock: Clock;
let playground: Playground;
let events: Event[];
let written: number[];
let readings: number;
/** What happens while the account is read. */
let meanwhile: () => void;

beforeEach(async () => {
  [events, written, readings, meanwhile] = [[], [], 0, () => undefined];
  clock = new Clock(1, new Date(), (event) => events.push(event));
  const plane: Plane = {
    ...planeOf("http://127.0.0.1:1"),
    launch: never,
    activity: done,
    health: done,
    desired: (_, desired) => Promise.resolve(void written.push(desired)),
  };
  playground = new Playground({
    clock,
    plane,
    alarms: clientsFor({ region: "ap-south-1" }).alarms,
    readCloud: () => {
      readings++;
      // As an answer that was on its way already.
      const answer = { ...cloud, groups: [{ ...group, desired: written.at(-1) ?? 0 }] };
      meanwhile();
      meanwhile = () => undefined;
      return Promise.resolve(answer);
    },
    folder: "",
    imageOf: never,
    log: () => undefined,
  });
  await playground.read();
});
afterEach(() => clock.stop());

test("a size that a group decides for while the account is read is not taken back by it", async () => {
  const control = playground.controls.get("web");
  meanwhile = () => control?.setDesired(1, false);
  const before = readings;
  await playground.read();
  expect(readings - before).toBe(2);
  expect(control?.scaler.desired).toBe(1);
  expect(written).toEqual([1]);
  expect(events.map(({ text }) => text)).toEqual(["a user request: add 1 instance, 0 → 1", "instance 1 is launched"]);
});

test("what is changed by AWS's API is followed", async () => {
  written.push(2);
  await playground.read();
  expect(playground.controls.get("web")?.scaler.desired).toBe(2);
  expect(playground.controls.get("web")?.fleet.members.live).toHaveLength(2);
});
