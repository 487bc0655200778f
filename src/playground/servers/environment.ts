/** What a server is started with. */
import { cpus } from "node:os";
import { join } from "node:path";
import { APPLICATION } from "../../config/application";
import type { Image } from "./image";
import type { Instance } from "./metadata";

export interface ServerOptions {
  readonly instance: Instance;
  /** Of the instance's AMI. */
  readonly image: Image;
  /** Of the emulated AWS: `servers/ID` in it gets the log `server.log` and the run directory. */
  readonly folder: string;
  /** Cores that 100 % of this server are: see `shareOf`. */
  readonly share: number;
  /** Seconds of the emulated AWS in a real one: how long the server drains, and how long its load lasts, are AWS's. */
  readonly speed: number;
  /** A free one if left out. */
  readonly port?: number;
  /** Two use the least memory with which one slow worker does not hold all requests up. */
  readonly workers?: number;
}

interface Places {
  readonly port: number;
  readonly run: string;
  readonly metadata: string;
  /** From the application's folder; undefined if gunicorn has the port itself. */
  readonly socket: string | undefined;
}

/** Nothing of this process's own environment but where programs are: no AWS credentials, no proxies. */
export function environment(
  { image, share, speed, workers = 2 }: ServerOptions,
  { port, run, metadata, socket }: Places,
): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LANG: "C.UTF-8",
    ...image.settings,
    HOST: "127.0.0.1",
    PORT: String(port),
    ...(socket !== undefined && { SOCKET: socket }),
    WEB_CONCURRENCY: String(workers),
    RUN_DIR: run,
    STATIC_DIR: join(image.app, "static"),
    PYTHONDONTWRITEBYTECODE: "1",
    PROXY_HOPS: "1",
    LOAD_DEMO: "1",
    LOAD_LIMIT_SECONDS: String(Math.ceil(LOAD_LIMIT_SECONDS / speed)),
    DRAIN_SECONDS: String(Math.ceil(APPLICATION.drainSeconds / speed)),
    CPU_SOURCE: "processes",
    CPU_SHARE: partOfMachine(share),
    AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata,
  };
}

/** The application counts in parts of the whole machine. */
export const partOfMachine = (cores: number) => Math.min(1, cores / cpus().length).toFixed(4);

/** The application's default (settings.py), in seconds of the emulated AWS. */
const LOAD_LIMIT_SECONDS = 900;
