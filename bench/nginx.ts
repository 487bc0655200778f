/** nginx in front of an application, configured by webapp/nginx.conf, for the benchmark. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Requirement } from "../src/machine/requirements";
import { WEBAPP } from "../scripts/webapp";

export const NGINX: Requirement = {
  name: "nginx",
  programs: ["nginx", "/usr/sbin/nginx"],
  args: ["-v"],
  version: /nginx\/(\d+\.\d+)/,
  least: "1.22",
  cure: "apt-get install nginx, brew install nginx, or https://nginx.org/en/download.html",
};

/** @param folder where gunicorn's socket is, `gunicorn.sock` */
export function startNginx(nginx: string, folder: string, port: number): ChildProcess {
  // The places of a server, and those of this run.
  const places = [
    ["listen 5000 ", `listen 127.0.0.1:${String(port)} `],
    ["unix:/run/web_app/gunicorn.sock", `unix:${folder}/gunicorn.sock`],
    ["/home/ec2-user/web_app/web_app", `${WEBAPP}/web_app`],
    ["/home/ec2-user/web_app", folder],
    ["/run/web_app_nginx", folder],
    ["syslog:server=unix:/dev/log,nohostname,tag=web_app_nginx", `${folder}/access.log`],
    ["daemon off;", process.getuid?.() === 0 ? "daemon off; user root;" : "daemon off;"],
  ] as const;
  let text = readFileSync(join(WEBAPP, "nginx.conf"), "utf8");
  for (const [place, here] of places) {
    if (!text.includes(place)) throw new Error(`nginx.conf does not have ${place}`);
    text = text.replaceAll(place, here);
  }
  const file = join(folder, "nginx.conf");
  writeFileSync(file, text);
  return spawn(nginx, ["-c", file, "-e", "stderr"], { stdio: "ignore" });
}

/** Memory of a process and its children, each shared page counted once, in MB; undefined where the system does not say. */
export function memoryMb(pid: number): number | undefined {
  if (!existsSync(`/proc/${String(pid)}/smaps_rollup`)) return undefined;
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8")
    .trim()
    .split(" ");
  const proportional = (each: string) =>
    Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  return [String(pid), ...children].map(proportional).reduce((sum, kb) => sum + kb, 0) / 1024;
}
