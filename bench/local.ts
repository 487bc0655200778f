/**
 * `npm run bench:local`: what the servers behind the emulated AWS cost this machine. It needs `npm run local` to be up, at rest, and
 * leaves it as it was.
 */
import { SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { spawnSync } from "node:child_process";
import { Agent, get } from "node:http";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { clientConfig } from "../src/account/client-config";
import { clientsFor } from "../src/account/clients";
import { nameIn } from "../src/aws/names";
import { EMULATED } from "../src/config/emulated";
import { workspaceOf } from "../src/deploy/workspace";
import { findEmulator } from "../src/emulator/emulator";
import { descendants } from "../src/machine/processes";
import { PROJECT } from "../src/machine/project";
import { atRest, healthy, stageOf, until } from "../src/playground/drills/stage";
import { findPlayground } from "../src/playground/running";
import { processTimes } from "../src/playground/servers/cpu";

const FOLDER = join(PROJECT, ".local");
const ROUNDS = 5;
const ROUND_MS = 2000;
const CONNECTIONS = 8;
const IDLE_MS = 20_000;
const HOUR = 3600;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** As many connections as that ask again as soon as they are answered. */
async function load(url: string): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const times: number[] = [];
  const end = performance.now() + ROUND_MS;
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      const began = performance.now();
      get(url, { agent }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${url} answers ${String(response.statusCode)}`));
        response.resume().once("end", () => {
          times.push(performance.now() - began);
          resolve();
        });
      }).once("error", reject);
    });
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < end) await ask();
    }),
  );
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (percent: number) => times[Math.ceil((percent / 100) * times.length) - 1] ?? NaN;
  return { perSecond: (1000 * times.length) / ROUND_MS, p50: at(50), p99: at(99) };
}

/** Proportional to what each process shares, where Linux says that; else what it holds. */
function mib(pids: readonly number[]): number {
  const kib = pids.map((pid) => {
    const pss = spawnSync("grep", ["^Pss:", `/proc/${String(pid)}/smaps_rollup`], { encoding: "utf8" }).stdout;
    if (pss) return Number(/\d+/.exec(pss)?.[0]);
    return Number(spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).stdout);
  });
  return kib.reduce((sum, each) => sum + each, 0) / 1024;
}

async function main(): Promise<void> {
  const [emulator, playground] = await Promise.all([findEmulator(FOLDER), findPlayground(FOLDER)]);
  if (emulator === undefined || playground === undefined) throw new Error('"npm run local" is not up');
  const stage = stageOf(playground.address);
  const workspace = await workspaceOf(EMULATED, FOLDER, process.env);
  const { scaling } = clientsFor(clientConfig(workspace, workspace.settings.region));
  const group = nameIn(EMULATED, workspace.settings.names.autoScalingGroup);
  const print = (text: string) => console.log(text);
  print(`${cpus()[0]?.model ?? ""}, ${String(cpus().length)} cores, Node ${process.version}`);

  const resize = async (size: number) => {
    await scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity: size }));
    await until(stage, (now) => healthy(now) === size && atRest(now), HOUR);
  };
  await resize(1);
  const { application, servers } = await stage.snapshot();
  const address = servers[0]?.address ?? "";
  const rounds: { direct: Round; balanced: Round }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ direct: await load(`${address}/healthz`), balanced: await load(`${application}/healthz`) });
  const of = (which: "direct" | "balanced", figure: keyof Round) => median(rounds.map((round) => round[which][figure]));
  print(`\n/healthz, ${String(CONNECTIONS)} connections, medians of ${String(ROUNDS)} interleaved rounds`);
  for (const [name, which] of [
    ["the server alone", "direct"],
    ["through the load balancer", "balanced"],
  ] as const)
    print(
      `  ${name.padEnd(26)} ${of(which, "perSecond").toFixed(0).padStart(6)} requests/s, p50 ${of(which, "p50").toFixed(1)} ms, p99 ${of(which, "p99").toFixed(1)} ms`,
    );
  const added = (figure: "p50" | "p99") => (of("balanced", figure) - of("direct", figure)).toFixed(1);
  print(
    `  added: p50 ${added("p50")} ms, p99 ${added("p99")} ms; ratio of requests/s ${(of("balanced", "perSecond") / of("direct", "perSecond")).toFixed(2)}`,
  );

  const all = () => [playground.pid, emulator.pid, ...descendants(playground.pid).map(({ pid }) => pid)];
  print(`\nmemory with 1 server: ${mib(all()).toFixed(0)} MiB`);
  const own = () => processTimes().find(({ pid }) => pid === playground.pid)?.cpuSeconds ?? NaN;
  await pause(2000);
  const before = own();
  await pause(IDLE_MS);
  print(`CPU of the idle playground: ${((100_000 * (own() - before)) / IDLE_MS).toFixed(1)} % of a core`);

  const began = performance.now();
  await resize(2);
  const seconds = (performance.now() - began) / 1000;
  const { speed } = await stage.snapshot();
  print(
    `from a request for 2 servers to the second one's health: ${seconds.toFixed(1)} s, at ${String(speed)} times AWS's pace`,
  );
  await resize(4);
  print(`memory with 4 servers: ${mib(all()).toFixed(0)} MiB`);
  await resize(1);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
