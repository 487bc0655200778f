/** Progress of long work: on a terminal the present step and its count, elsewhere one line for each step. */
import { stripVTControlCharacters } from "node:util";
import type { Listener } from "./run";

export interface Progress {
  /** Runs a step. Of the lines that it reports, finished resources are counted; all are printed where `verbose`. */
  step<T>(title: string, work: (onLine: Listener) => Promise<T>): Promise<T>;
  /** Prints that something is done. */
  done(text: string): void;
}

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** @param verbose prints each line of the tools, as it comes */
export function progressOn(screen: Screen, verbose: boolean): Progress {
  const live = screen.isTTY === true && !verbose;
  return {
    async step(title, work) {
      const started = Date.now();
      let finished = 0;
      const show = () => {
        const seconds = String(Math.round((Date.now() - started) / 1000));
        screen.write(`\r\x1b[K… ${title}: ${finished > 0 ? `${String(finished)} done, ` : ""}${seconds} s`);
      };
      if (!live) screen.write(`… ${title}\n`);
      const timer = live ? setInterval(show, 500) : undefined;
      try {
        return await work((line) => {
          if (verbose) screen.write(`${line}\n`);
          if (/: (Creation|Modifications|Destruction|Read) complete/.test(stripVTControlCharacters(line))) finished++;
        });
      } finally {
        clearInterval(timer);
        if (live) screen.write("\r\x1b[K");
      }
    },
    done(text) {
      screen.write(`✓ ${text}\n`);
    },
  };
}
