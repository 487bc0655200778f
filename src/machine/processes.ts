/** The processes of this machine. */
import { spawnSync } from "node:child_process";

export interface Process {
  readonly pid: number;
  /** Of the program, without its folder. */
  readonly name: string;
}

/** All processes that a process has started, directly or indirectly, parents first. */
export function descendants(ancestor: number): Process[] {
  const table = spawnSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).stdout;
  const processes = table.split("\n").flatMap((row) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
    return command === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), name: command.split("/").at(-1) ?? command }];
  });
  const below = (pid: number): Process[] =>
    processes.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(ancestor);
}
