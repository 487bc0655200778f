/** Progress of long work: on a terminal the present step and its count, elsewhere a line now and then; each step leaves a line. */
import { countResources } from "./counted";
import type { Listener } from "./run";
import { wrapped } from "./table";

export interface Progress {
  /** Runs a step. Of the lines that it reports, resources are counted; all are printed where `verbose`. */
  step<T>(title: string, work: (onLine: Listener) => Promise<T>): Promise<T>;
  /** Prints that something is done. */
  done(text: string): void;
  /** Prints what is to be looked at, and keeps nothing from being done. */
  warn(text: string): void;
}

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where there is no terminal, a pipeline or a person reading its log must see that something is going on. */
const PIPED_MILLISECONDS = 15_000;
const LIVE_MILLISECONDS = 500;

/** What prints nothing, for a command whose output a program reads. */
export const SILENT: Progress = {
  step: (_, work) => work(() => undefined),
  done: () => undefined,
  warn: () => undefined,
};

/** @param verbose prints each line of the tools, as it comes */
export function progressOn(screen: Screen, verbose: boolean): Progress {
  const live = screen.isTTY === true && !verbose;
  const width = screen.columns ?? 80;
  return {
    async step(title, work) {
      const started = Date.now();
      const counted = countResources();
      const state = () =>
        [
          `${title}:`,
          ...[counted.text()].filter(Boolean).map((count) => `${count},`),
          seconds(Date.now() - started),
        ].join(" ");
      const show = () => screen.write(live ? `\r\x1b[K${`… ${state()}`.slice(0, width - 1)}` : `… ${state()}\n`);
      if (!live) screen.write(`… ${title}\n`);
      const timer = verbose ? undefined : setInterval(show, live ? LIVE_MILLISECONDS : PIPED_MILLISECONDS);
      const left = (sign: string) => screen.write(`${live ? "\r\x1b[K" : ""}${sign} ${state()}\n`);
      try {
        const result = await work((line) => {
          if (verbose) screen.write(`${line}\n`);
          counted.take(line);
        });
        left("✓");
        return result;
      } catch (error) {
        left("✗");
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
    done(text) {
      screen.write(`✓ ${text}\n`);
    },
    warn(text) {
      screen.write(`${wrapped(`! ${text}`, Math.min(width, 80))}\n`);
    },
  };
}

const seconds = (milliseconds: number) => `${String(Math.round(milliseconds / 1000))} s`;
