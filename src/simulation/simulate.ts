/** The simulation of the group: discrete events, the same for the same seed. */
import { Alarms, lookBack } from "../aws/auto-scaling/alarms";
import { Scaler } from "../aws/auto-scaling/scaler";
import { dueIn } from "../aws/cron";
import { fail } from "./failures";
import { Group } from "./group";
import type { Load } from "./load";
import type { Model } from "./model";
import { DEFAULTS, type Parameters } from "./parameters";
import { randomFrom } from "./random";
import type { Service } from "./service";
import type { Sample, Trace } from "./trace";
import type { GroupCpu } from "./usage";
import { World } from "./world";

const MINUTE = 60;
/** The beginning, for schedules, of a load without real times: a Monday, 00:00 UTC. */
export const BEGINNING = Date.UTC(2026, 0, 5);

/** Before its first value, a load is 0. */
const QUIET = { from: 0, cpu: 0, pinned: 0 };

/** @param seed of what is random in AWS: health check phases, and which instance is terminated */
export function simulate(
  model: Model,
  load: Load,
  service: Service,
  changes: Partial<Parameters> = {},
  seed = 1,
): Trace {
  const parameters = { ...DEFAULTS, ...changes };
  const world = new World();
  const group = new Group(world, model, service, parameters, randomFrom(seed));
  const scaler = new Scaler(world, group.scaling, model, model.policies, parameters);
  const alarms = new Alarms(world, ({ periodSeconds }, periods) =>
    group.usage.metric.window(world.now, periodSeconds, periods),
  );
  const reach = lookBack(model.alarms);
  const schedules = model.schedules.map((schedule) => ({
    schedule,
    isDue: dueIn(schedule.recurrence, schedule.timeZone),
  }));
  const samples: Sample[] = [];
  let zoneSpread = 0;
  const [first = QUIET] = load.segments;
  group.usage.remember(first.from > 0 ? QUIET : first, reach);
  for (const at of parameters.failures)
    world.queue.add(at, () => fail(world, group.scaling, model, () => group.route()));

  for (let next = 0, tick = MINUTE; world.now < load.seconds;) {
    const segment = load.segments[next];
    const change = segment?.from ?? Infinity;
    const to = Math.min(world.queue.next, change, tick, load.seconds);
    if (to > world.now) group.advance(to - world.now);
    world.now = to;
    while (world.queue.next <= to) world.queue.take()?.();
    if (segment !== undefined && change <= to) {
      group.load = segment;
      next++;
    }
    if (tick > to) continue;
    tick += MINUTE;
    const cpu = group.sample();
    scaler.answer(alarms.watch(model.alarms));
    group.usage.metric.forget(to - reach - 3600);
    const date = new Date((load.beginsAt ?? BEGINNING) + 1000 * to);
    for (const { schedule, isDue } of schedules) if (isDue(date)) scaler.act(schedule);
    group.scaling.replacements.rebalance();
    samples.push(sampleOf(group, scaler, to, cpu));
    if (group.scaling.isAtRest) zoneSpread = spread(group.members.perZone());
  }

  const { warmPool, credits, cpu, overload, members, retries } = group;
  warmPool?.look();
  return {
    model,
    load,
    events: world.events,
    samples,
    actions: scaler.actions,
    firstAddedHealthyAt: overload.firstAddedHealthyAt,
    timeToCapacity: overload.timeToCapacity,
    zoneSpread,
    instanceHours: group.hours + (warmPool?.runningHours ?? 0),
    stoppedHours: warmPool?.stoppedHours ?? 0,
    surplusVcpuHours: credits.surplusVcpuHours,
    owedVcpuHours: [...members.all.values()].reduce((sum, instance) => sum + credits.owed(instance), 0),
    answers: retries.once(cpu.total(), service),
  };
}

function sampleOf(
  { serving, load, cpu }: Group,
  { desired }: { readonly desired: number },
  at: number,
  { minute, period, peakLoad }: GroupCpu & Pick<Sample, "peakLoad">,
): Sample {
  const { vcpus, full, throttled, baseline } = serving;
  return {
    at,
    peakLoad,
    load: load.cpu + load.pinned * vcpus,
    capacity: vcpus * (full + throttled * baseline),
    cpu: minute,
    metric: period,
    desired,
    healthy: full + throttled,
    answers: cpu.minute(),
  };
}

const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);
