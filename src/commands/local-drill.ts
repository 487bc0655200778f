/** `npm run local -- drill NAME`: something happens to the site on this machine, beside what the simulation says of it. */
import { UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeTargetGroupsCommand, ModifyTargetGroupCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { clientConfig } from "../account/client-config";
import { clientsFor } from "../account/clients";
import { nameIn } from "../aws/names";
import { bookOf } from "../cost/prices/price-book";
import { synthesized } from "../deploy/read-stack";
import type { Workspace } from "../deploy/workspace";
import { Problem } from "../machine/problem";
import type { Progress } from "../machine/progress";
import { columns } from "../machine/table";
import { play, type DrillReport, type Props } from "../playground/drills/drill";
import { DRILLS } from "../playground/drills/drills";
import { stageOf } from "../playground/drills/stage";
import { readModel } from "../resources/group-model";
import { shape } from "../simulation/load";
import { simulate } from "../simulation/simulate";
import type { Result } from "./command";

/** Exit code where a promise was not kept. */
const BROKEN = 3;

/** @throws Problem if there is no such drill */
export function drillNamed(name: string | undefined) {
  const drill = name === undefined ? undefined : DRILLS[name];
  if (name !== undefined && drill !== undefined) return { name, drill };
  const known = Object.entries(DRILLS).map(([each, { about }]) => [`  ${each}`, about] as const);
  throw new Problem(
    `${name === undefined ? "drill takes a name" : `${name} is not a drill`}; there are\n${columns(known)}`,
  );
}

/** @param console address of the console page */
export async function drilled(
  { name, drill }: ReturnType<typeof drillNamed>,
  workspace: Workspace,
  console: string,
  progress: Progress,
): Promise<Result> {
  const stage = stageOf(console);
  progress.done(`${name}: ${drill.about}`);
  const report = await play(name, drill, stage, propsOf(workspace), ({ at, text }) =>
    progress.done(`${clockOf(at)}  ${text}`),
  );
  return { text: reportText(report, simulatedOf(name, workspace)), code: report.broken === undefined ? 0 : BROKEN };
}

function propsOf(workspace: Workspace): Props {
  const { settings } = workspace;
  const clients = clientsFor(clientConfig(workspace, settings.region));
  const named = (own: string) => nameIn(workspace.environment, own);
  const { highCpuAlarm, lowCpuAlarm, autoScalingGroup, targetGroup } = settings.names;
  return {
    highAlarm: named(highCpuAlarm),
    lowAlarm: named(lowCpuAlarm),
    async keep(servers = settings.fleet.minSize) {
      const asked = { AutoScalingGroupName: named(autoScalingGroup), MinSize: servers };
      await clients.scaling.send(new UpdateAutoScalingGroupCommand(asked));
    },
    async setHealthCheckPath(path) {
      const Names = [named(targetGroup)];
      const [group] = (await clients.balancing.send(new DescribeTargetGroupsCommand({ Names }))).TargetGroups ?? [];
      if (group === undefined) throw new Problem(`There is no target group ${named(targetGroup)}`);
      const changed = { TargetGroupArn: group.TargetGroupArn, HealthCheckPath: path };
      await clients.balancing.send(new ModifyTargetGroupCommand(changed));
      return group.HealthCheckPath ?? "/";
    },
  };
}

const HOUR = 3600;
const SERVICE = { cpuSeconds: 0.05, queueSeconds: 10, sloSeconds: 1 };

/** What the simulation can say of a drill that begins after an hour: what is asked for, and of which group. */
const SIMULATED: Readonly<
  Record<
    string,
    { readonly load: string; readonly peak: number; readonly servers: number; readonly failures?: number[] }
  >
> = {
  document: { load: "document", peak: 1, servers: 1 },
  "kill-server": { load: "step", peak: 0, servers: 2, failures: [HOUR] },
  "lose-zone": { load: "step", peak: 0, servers: 2, failures: [HOUR] },
  "slow-application": { load: "step", peak: 0, servers: 2, failures: [HOUR] },
  "flash-crowd": { load: "step", peak: 2, servers: 1 },
};
/** For so long after its beginning. */
const SHOWN_SECONDS = HOUR / 2;

/** What is deployed, simulated: events, in seconds since the drill began; nothing where the simulation has no model of it. */
function simulatedOf(name: string, { environment, settings }: Workspace): readonly (readonly [number, string])[] {
  const asked = SIMULATED[name];
  if (asked === undefined) return [];
  const { load, peak, servers, failures = [] } = asked;
  const model = readModel(synthesized(environment, settings), bookOf);
  const scale = { vcpus: model.instance.vcpus, peak, seconds: 2 * HOUR, start: HOUR, resolution: 60 };
  // Where servers fail, nothing else is to change the group meanwhile.
  const group = failures.length > 0 ? { ...model, desired: servers, alarms: [] } : model;
  const { startupSeconds } = settings.fleet;
  const { events } = simulate(group, shape(load, scale), SERVICE, { startupSeconds, failures });
  return events
    .filter(({ at }) => at >= HOUR && at < HOUR + SHOWN_SECONDS)
    .map(({ at, text }) => [at - HOUR, text] as const);
}

function reportText(report: DrillReport, simulated: readonly (readonly [number, string])[]): string {
  const { name, happened, broken, detected, healed, capacity, requests, failed, speed } = report;
  const percent = requests === 0 ? 0 : (100 * failed) / requests;
  const seconds = (value: number | undefined) => (value === undefined ? "–" : `${String(Math.round(value))} s`);
  const rows = (all: readonly (readonly [number, string])[]) => all.map(([at, text]) => `  ${clockOf(at)}  ${text}`);
  return [
    `${name}, by AWS's clock, which ran ${String(speed)} times as fast as the real one:`,
    ...rows(happened.map(({ at, text }) => [at, text] as const)),
    ...(broken === undefined ? [] : [`  missing: ${broken}`]),
    "",
    columns([
      ["detected after", seconds(detected)],
      ["healed after", seconds(healed)],
      ["added capacity after", seconds(capacity)],
      ["failed requests", `${String(failed)} of ${String(requests)} (${percent.toFixed(2)} %)`],
    ]),
    "",
    ...(simulated.length === 0
      ? ["The simulation has no model of what happens here."]
      : ["The simulation says:", ...rows(simulated)]),
  ].join("\n");
}

/** `12:05`, in minutes and seconds. */
const clockOf = (seconds: number) =>
  `${String(Math.floor(seconds / 60)).padStart(3)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
