/**
 * The process of a playground: `process.ts JSON`, with the members of `Started`. It ends when the emulated AWS does, and takes its
 * servers with it.
 */
import { clientConfig } from "../account/client-config";
import { clientsFor } from "../account/clients";
import { emulatorEnvironment } from "../emulator/emulator";
import { PLAYGROUND_NOTE, writeNote, type Emulator } from "../emulator/note";
import { act } from "./acts";
import { answerTo } from "./answers";
import { awsRequestOf } from "./aws-request";
import { readCloud } from "./cloud";
import { Clock, type Event } from "./clock";
import { startConsole } from "./console/server";
import { planeOf } from "./plane";
import { Playground } from "./playground";
import { guardServers } from "./servers/guard";
import { installImage, type Image } from "./servers/image";
import type { Snapshot } from "./snapshot";
import { Traffic } from "./traffic";
import { applicationOf, recent, sampleOf, snapshotOf, type Shown } from "./view";

/** What `npm run local` tells the process. */
export interface Started {
  /** Of the emulated AWS. */
  readonly folder: string;
  readonly emulator: Emulator;
  readonly environment: string;
  readonly region: string;
  /** Seconds of the emulated AWS's clock in a real one. */
  readonly speed: number;
  /** Of the servers, installed as soon as the process runs. */
  readonly imageId: string;
  /** Made up: whoever answers with another one is not this process. */
  readonly id: string;
}

const PERIOD_MS = 5 * 60_000;
const SAMPLE_SECONDS = 15;

async function main(started: Started): Promise<void> {
  const { folder, emulator, environment, region, speed, imageId, id } = started;
  const env = emulatorEnvironment(folder, emulator, process.env);
  const since = new Map<string, number>();
  const events: Event[] = [];
  const heard = (event: Event) => {
    events.push(event);
    const [, alarm, state] = /^(.*) (OK|ALARM|INSUFFICIENT_DATA)$/.exec(event.text) ?? [];
    if (event.kind === "alarm" && alarm !== undefined && state !== undefined) since.set(alarm, event.at);
    log(`${clock.dateOf(event.at).toISOString()} ${event.kind}: ${event.text}`);
  };
  const plane = planeOf(emulator.address);
  // CloudWatch's periods of five minutes begin where they do on AWS, and after what an earlier playground has written.
  const begun = Math.floor(Date.now() / PERIOD_MS) * PERIOD_MS;
  const written = Math.ceil((await plane.date()).getTime() / PERIOD_MS) * PERIOD_MS;
  const clock = new Clock(speed, new Date(written > Date.now() + PERIOD_MS ? written : begun), heard);
  const images = new Map<string, Promise<Image>>();
  const imageOf = (image: string) => {
    const known = images.get(image) ?? installImage(image, folder, process.env);
    images.set(image, known);
    return known;
  };
  const clients = clientsFor(clientConfig({ env, emulated: true }, region));
  const playground = new Playground({
    clock,
    alarms: clients.alarms,
    readCloud: () => readCloud(clients),
    plane,
    folder,
    imageOf,
    log,
  });
  const traffic = new Traffic(() => applicationOf(playground));
  let isNatLost = false;
  let history: Snapshot["history"] = [];
  const shown = (): Shown => ({ playground, clock, traffic, environment, since, history, events, isNatLost });

  guardServers(folder);
  const page = await startConsole({
    identity: { id, pid: process.pid },
    snapshot: () => snapshotOf(shown()),
    act: (action) => act(action, { playground, clock, plane, traffic, loseNat: (lost) => void (isNatLost = lost) }),
    aws: (request) => Promise.resolve(answerTo(awsRequestOf(request), playground, plane)),
  });
  const end = async (code: number) => {
    traffic.stop();
    await playground.stop();
    await page.close();
    process.exit(code);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => void end(0));

  await plane.clock(clock.date, speed);
  await plane.attach(page.address, "127.0.0.1");
  clock.every(SAMPLE_SECONDS, () => (history = [...recent(history, clock.now), sampleOf(shown())]));
  imageOf(imageId).catch((error: unknown) => log(`${imageId} cannot be installed: ${(error as Error).message}`));
  playground.start((error) => {
    log(`the emulated AWS does not answer any more: ${(error as Error).message}`);
    void end(1);
  });
  writeNote(folder, { address: page.address, pid: process.pid, id }, PLAYGROUND_NOTE);
}

/** To the log that `npm run local` names. */
function log(text: string): void {
  process.stdout.write(`${text}\n`);
}

main(JSON.parse(process.argv[2] ?? "{}") as Started).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
