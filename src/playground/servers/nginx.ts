/** nginx in front of a server's gunicorn, as on EC2, where the image has its configuration and this machine has nginx. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Image } from "./image";

/** In which distributions have it outside of the user's own path. */
const MORE_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];

/** Path of the program; undefined if gunicorn has to answer alone, as its log says. */
export function nginxFor({ app }: Image, path = process.env["PATH"] ?? ""): string | undefined {
  if (!existsSync(join(app, "nginx.conf"))) return undefined;
  return [...path.split(delimiter), ...MORE_FOLDERS]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "nginx"))
    .find((program) => existsSync(program));
}

/**
 * The image's configuration with this server's places. They are below the prefix, the server's folder, and named from there: a UNIX
 * socket's path has at most about 100 bytes, and a path in the configuration no spaces.
 */
export function nginxConfiguration(text: string, port: number, isRoot: boolean): string {
  const places: readonly [string, string][] = [
    ["listen 5000 ", `listen 127.0.0.1:${String(port)} `],
    ["unix:/run/web_app/gunicorn.sock", "unix:run/gunicorn.sock"],
    ["/home/ec2-user/web_app", "app"],
    ["/run/web_app_nginx", "nginx"],
    ["syslog:server=unix:/dev/log,nohostname,tag=web_app_nginx", "nginx/access.log"],
    ["worker_processes auto;", "worker_processes 1;"],
    // nginx that root starts would change to a user who may not enter the folder.
    ...(isRoot ? [["daemon off;", "daemon off; user root;"] as [string, string]] : []),
  ];
  return places.reduce((changed, [place, here]) => changed.replaceAll(place, here), text);
}

/** @param home the server's folder, with `run` in it @param log file descriptor of its log */
export function startNginx(program: string, image: Image, home: string, port: number, log: number): ChildProcess {
  mkdirSync(join(home, "nginx"), { recursive: true });
  rmSync(join(home, "app"), { force: true });
  symlinkSync(image.app, join(home, "app"));
  const configuration = readFileSync(join(image.app, "nginx.conf"), "utf8");
  const file = join(home, "nginx", "nginx.conf");
  writeFileSync(file, nginxConfiguration(configuration, port, process.getuid?.() === 0));
  return spawn(program, ["-p", `${home}/`, "-c", file, "-e", "stderr"], {
    cwd: home,
    stdio: ["ignore", log, log],
    detached: true,
    env: { PATH: process.env["PATH"] },
  });
}
