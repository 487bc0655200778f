/** The numbers that the settings warn by are those of the application's own files. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { APPLICATION } from "../../src/config/application";
import { PROJECT } from "../../src/machine/project";

const read = (file: string) => readFileSync(join(PROJECT, "webapp", file), "utf8");

/** The only match of a pattern, as a number. */
function number(file: string, pattern: RegExp): number {
  const [found, more] = [...read(file).matchAll(new RegExp(pattern, "gm"))];
  if (found === undefined || more !== undefined) throw new Error(`not one ${String(pattern)} in ${file}`);
  return Number(found[1]);
}

test.each([
  ["port", APPLICATION.port, number("nginx.conf", /^ +listen (\d+)/)],
  ["keep-alive", APPLICATION.keepAliveSeconds, number("nginx.conf", /^ +keepalive_timeout (\d+)s;$/)],
  ["drain", APPLICATION.drainSeconds, number("gunicorn.conf.py", /^drain_seconds = .*"DRAIN_SECONDS", "(\d+)"/)],
  ["graceful timeout", APPLICATION.gracefulSeconds, number("gunicorn.conf.py", /^graceful_timeout = (\d+)$/)],
  [
    "memory",
    APPLICATION.memoryMib,
    number("web_app.service", /\bWEB_CONCURRENCY=(\d+)/) * number("gunicorn.conf.py", /^worker_memory_mib = (\d+)$/) +
      number("tests/contract.py", /^NGINX_MIB = (\d+)$/) +
      number("tests/contract.py", /^SYSTEM_MIB = (\d+)$/),
  ],
])("%s", (_, ours, theirs) => {
  expect(ours).toBe(theirs);
});

test("no unit or installation sets another drain or port than these", () => {
  for (const file of ["web_app.service", "web_app_nginx.service", "install.sh"]) {
    expect(read(file)).not.toContain("DRAIN_SECONDS");
    for (const [, port] of read(file).matchAll(/(?:PORT=|127\.0\.0\.1:|on port )(\d+)/g))
      expect(Number(port)).toBe(APPLICATION.port);
  }
});

test("the paths are routes of the application, and the ones that its contract test asks", () => {
  const routes = readdirSync(join(PROJECT, "webapp/web_app"))
    .filter((file) => file.endsWith(".py"))
    .flatMap((file) =>
      [...read(`web_app/${file}`).matchAll(/^@blueprint\.get\("([^"]+)"\)$/gm)].map(([, path]) => path),
    );
  for (const path of APPLICATION.healthPaths) expect(routes).toContain(path);
  const asked = /parametrize\("path", (\[[^\]]+\])\)\ndef test_any_of_our_health_paths/.exec(
    read("tests/test_contract.py"),
  );
  expect(JSON.parse(asked?.[1] ?? "null")).toEqual(APPLICATION.healthPaths);
});
