/** The notes that an emulator's folder has of what runs with it, and the question whether it still does. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** An emulator that runs, or a playground behind it: a server that answers `GET /identity` with its id and its process. */
export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  readonly pid: number;
  /** Made up when it was started: whoever answers at the address with another one is not this emulator. */
  readonly id: string;
}

/** Name of the emulator's note in the folder. */
export const NOTE = "emulator.json";
/** The same of the playground's. */
export const PLAYGROUND_NOTE = "playground.json";

/** A note of the folder; undefined if there is none that can be read. */
export function readNote(folder: string, name = NOTE): Emulator | undefined {
  try {
    const { address, pid, id } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Partial<Emulator>;
    if (typeof address !== "string" || typeof pid !== "number" || typeof id !== "string") return undefined;
    return { address, pid, id };
  } catch {
    return undefined;
  }
}

/** Whole at once: a kill, or a full disk, leaves no half of a note. */
export function writeNote(folder: string, emulator: Emulator, name = NOTE): void {
  const file = join(folder, name);
  writeFileSync(`${file}.new`, JSON.stringify(emulator));
  renameSync(`${file}.new`, file);
}

/**
 * Whether the emulator of a note is there: it says its id and the id of its process. `silent` if something accepts the connection
 * and does not answer within two seconds, as on a busy machine.
 */
export async function ask({ address, id }: Emulator): Promise<{ readonly pid: number } | "gone" | "silent"> {
  try {
    const answer = await fetch(`${address}/identity`, { signal: AbortSignal.timeout(2000) });
    const said = (await answer.json()) as { readonly id?: string; readonly pid?: number };
    return said.id === id && said.pid !== undefined ? { pid: said.pid } : "gone";
  } catch (error) {
    const { name, cause } = error as Error;
    // JSON that is none is somebody else's server.
    const nobody = ["ECONNREFUSED", "ERR_INVALID_URL"].includes(
      (cause as NodeJS.ErrnoException | undefined)?.code ?? "",
    );
    return name === "SyntaxError" || nobody ? "gone" : "silent";
  }
}
