/** The server of an instance: the image's nginx and gunicorn with the image's application, as systemd starts them on EC2. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { isAlive } from "../../machine/alone";
import { cpuMeter } from "./cpu";
import { GROUPS, serversFolder } from "./guard";
import { environment, partOfMachine, type ServerOptions } from "./environment";
import { startMetadata } from "./metadata";
import { nginxFor, startNginx } from "./nginx";

export interface Server {
  readonly id: string;
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** Of gunicorn's first process. */
  readonly pid: number;
  readonly log: string;
  /** Whether that process runs. One that ended is not started again: the health check has to find it. */
  readonly alive: boolean;
  /** Resolves when it has ended, whatever ended it. */
  readonly exited: Promise<void>;
  /** As systemd stops it: SIGTERM, on which it finishes its requests, and SIGKILL if real seconds later it still runs. */
  stop(seconds: number): Promise<void>;
  /** At once and without a word, as when a server crashes. */
  kill(): Promise<void>;
  /** All of it, load included, since it was started. Time of a process that ends counts as far as the last call saw it. */
  cpuSeconds(): number;
  /** Starts the application's own load for real seconds, as its dashboard does. One that runs already runs on. */
  stress(seconds: number): void;
  /** Whether that load runs, whoever has started it. */
  readonly stressed: boolean;
  /** Stops all its processes where they are: it accepts connections and answers nothing. */
  freeze(): void;
  /** Ends the load, whoever has started it. */
  calm(): void;
}

/** The application's own control of the load, which waits for the end so that the load's processes have a parent. */
const STRESS = `
import sys, time
from pathlib import Path
from web_app.burn import LoadControl
control = LoadControl(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
control.start()
while control.state().running:
    time.sleep(0.2)
`;

/** Resolves when the process runs; when it answers is for the health checks to find out. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { instance, image, folder, share, port = await freePort() } = options;
  const home = join(serversFolder(folder), instance.id);
  const run = join(home, "run");
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const metadata = await startMetadata(instance);
  const nginx = nginxFor(image);
  const socket = nginx && relative(image.app, join(run, "gunicorn.sock"));
  const env = environment(options, { port, run, metadata: metadata.endpoint, socket });

  const log = openSync(join(home, "server.log"), "a");
  // `-m` and no script of the virtual environment: their first line cannot name an interpreter in a folder with spaces.
  const child = spawn(image.python, ["-m", "gunicorn", "--config", "gunicorn.conf.py", "web_app.wsgi:app"], {
    cwd: image.app,
    stdio: ["ignore", log, log],
    detached: true, // a process group of its own: a Ctrl-C in the terminal is not meant for it, and it can be killed as a whole
    env,
  });
  const front = nginx === undefined ? undefined : startNginx(nginx, image, home, port, log);
  front?.on("error", () => undefined); // then nothing answers on the port, which the health checks find
  closeSync(log);
  const pid = child.pid ?? 0;
  const groups = [pid, front?.pid ?? 0].filter((group) => group > 0);
  writeFileSync(join(home, GROUPS), groups.join(" "));
  const roots = new Set(groups);
  const meter = cpuMeter(() => [...roots]);

  const calm = () => empty(join(run, "load"));
  let alive = pid > 0;
  const exited = new Promise<void>((resolve) => {
    const ended = () => {
      // Workers that outlive the first process would serve on.
      for (const group of groups) signal(group, "SIGKILL");
      alive = false;
      for (const group of groups) roots.delete(group);
      calm();
      metadata.close();
      rmSync(join(home, GROUPS), { force: true });
      resolve();
    };
    child.once("exit", ended).once("error", ended);
  });

  return {
    id: instance.id,
    address: `http://127.0.0.1:${String(port)}`,
    pid,
    log: join(home, "server.log"),
    get alive() {
      return alive;
    },
    exited,
    cpuSeconds: meter,
    calm,
    get stressed() {
      return alive && isLoaded(join(run, "load"));
    },
    freeze() {
      if (alive) signal(pid, "SIGSTOP");
    },
    async stop(seconds) {
      if (!alive) return;
      child.kill("SIGTERM");
      const late = setTimeout(() => signal(pid, "SIGKILL"), seconds * 1000);
      await exited;
      clearTimeout(late);
    },
    async kill() {
      if (alive) signal(pid, "SIGKILL");
      await exited;
    },
    stress(seconds) {
      if (!alive) return;
      const load = spawn(
        image.python,
        ["-c", STRESS, join(run, "load"), String(Math.ceil(seconds)), partOfMachine(share)],
        {
          cwd: image.app,
          stdio: "ignore",
          env,
        },
      );
      const { pid: root } = load;
      if (root === undefined) return;
      // What it starts counts as the server's, and ends with the load's file.
      roots.add(root);
      load.once("exit", () => roots.delete(root));
    },
  };
}

/** To the whole process group; nothing if it is gone. */
function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The file has the time at which the load ends, and the process that all of it descends from: see web_app/burn.py. */
function isLoaded(file: string): boolean {
  try {
    const [, process] = JSON.parse(readFileSync(file, "utf8")) as [number, number];
    return isAlive(process);
  } catch {
    return false;
  }
}

/** The load's processes end when their file is empty: see web_app/burn.py. */
function empty(file: string): void {
  try {
    truncateSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
