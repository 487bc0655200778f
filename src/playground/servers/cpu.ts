/** How much CPU a server uses: the time of its processes, as a percentage of what one server may use of this machine. */
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** What the servers may use together; the rest is for the load balancer, the emulated AWS and the user. */
const SERVERS_PART = 0.5;

/** @returns cores, such as 0.4, so that all servers can be at 100 % at once */
export const shareOf = (cores: number, maxServers: number): number => (cores * SERVERS_PART) / Math.max(1, maxServers);

/** @param share in cores @returns 0 to 100; the user's own load can push a server beyond its share, and EC2 knows no 101 % */
export const cpuPercent = (usedSeconds: number, seconds: number, share: number): number =>
  seconds <= 0 ? 0 : Math.min(100, Math.max(0, (100 * usedSeconds) / (seconds * share)));

export interface ProcessTime {
  readonly pid: number;
  readonly parent: number;
  /** User and system time since it began. */
  readonly cpuSeconds: number;
  /** When it began: tells it from a later process of the same id. */
  readonly born: string;
}

/**
 * Adds the CPU time up that some processes and all below them have used, with the time of those that have ended as it was when they were
 * last seen. A process that was seen below them remains theirs when its parent ends before it.
 *
 * @param table the processes of the machine
 * @returns the seconds so far
 */
export function cpuMeter(
  roots: () => readonly number[],
  table: () => readonly ProcessTime[] = processTimes,
): () => number {
  let ended = 0;
  let members = new Map<number, ProcessTime>();
  return () => {
    const all = table();
    const mine = new Map<number, ProcessTime>();
    const belongs = ({ pid, parent, born }: ProcessTime) =>
      roots().includes(pid) || mine.has(parent) || (members.has(pid) && members.get(pid)?.born === born);
    // Until a round finds no more: ids say nothing of who came first.
    for (let before = -1; before < mine.size;) {
      before = mine.size;
      for (const entry of all) if (!mine.has(entry.pid) && belongs(entry)) mine.set(entry.pid, entry);
    }
    for (const [pid, { cpuSeconds, born }] of members) if (mine.get(pid)?.born !== born) ended += cpuSeconds;
    members = mine;
    return [...mine.values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, ended);
  };
}

/** Several servers are measured at once: they share a table that is not older than this. */
const FRESH_MS = 100;
let latest: { readonly at: number; readonly table: readonly ProcessTime[] } | undefined;

/** All processes of this machine: of /proc on Linux, of `ps` elsewhere. */
export function processTimes(): readonly ProcessTime[] {
  const at = Date.now();
  if (latest === undefined || at - latest.at > FRESH_MS)
    latest = { at, table: process.platform === "linux" ? fromProc() : fromPs() };
  return latest.table;
}

function fromProc(): ProcessTime[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [parseStat(readFileSync(`/proc/${name}/stat`, "utf8"))];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

/** Linux shows times to programs in hundredths of a second, whatever the kernel counts in. */
const TICKS = 100;

/** A line of /proc/PID/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function parseStat(line: string): ProcessTime {
  // The name is in brackets, and may have spaces and brackets in it.
  const end = line.lastIndexOf(")");
  const fields = line.slice(end + 2).split(" ");
  const [parent, user, system, born = ""] = [fields[1], fields[11], fields[12], fields[19]];
  return { pid: parseInt(line, 10), parent: Number(parent), cpuSeconds: (Number(user) + Number(system)) / TICKS, born };
}

export function fromPs(): ProcessTime[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,time=,lstart="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, time = "", born] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
    if (born === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), cpuSeconds: parseTime(time), born }];
  });
}

/** `1:02.03` as macOS writes it, `01:02:03` or `1-02:03:04` as others do. @returns seconds */
export function parseTime(text: string): number {
  const [clock = "", days = "0"] = text.split("-").reverse();
  return clock.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0) + Number(days) * 86_400;
}
