/** Runs a program and collects its output. */
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

/** Gets each line of output while a program runs. */
export type Listener = (line: string) => void;

export interface RunOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets each line of both outputs as it comes, colours included. */
  readonly onLine?: Listener;
  /** In a process group of its own, so that Ctrl-C in the terminal does not reach it. */
  readonly ownGroup?: boolean;
  /** Called with the process's id once it runs. */
  readonly onStart?: (pid: number) => void;
}

export interface Finished {
  /** Exit code; 128 and more when a signal ended it, 127 when there is no such program. */
  readonly code: number;
  /** Both outputs, in the order they came, without colours. */
  readonly output: string;
  /** The standard output alone. */
  readonly stdout: string;
}

/** Never rejects: a program that cannot be started has exit code 127. */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  const { cwd, env, onLine, ownGroup = false, onStart } = options;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, detached: ownGroup, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let rest = "";
    const take = (chunk: string) => {
      output += stripVTControlCharacters(chunk);
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine?.(line.trimEnd());
    };
    let stdout = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", take);
    child.stdout.on("data", (chunk: string) => (stdout += chunk));
    if (child.pid !== undefined) onStart?.(child.pid);
    child.once("error", (error) => resolve({ code: 127, output: error.message, stdout: "" }));
    child.once("close", (code, signal) => {
      if (rest !== "") onLine?.(rest);
      resolve({ code: code ?? (signal === null ? 1 : 130), output, stdout });
    });
  });
}
