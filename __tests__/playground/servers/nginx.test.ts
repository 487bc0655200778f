import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../../../src/machine/project";
import { nginxConfiguration, nginxFor } from "../../../src/playground/servers/nginx";

const configuration = readFileSync(join(PROJECT, "webapp", "nginx.conf"), "utf8");

test("nothing of a server's own places is left in nginx's configuration", () => {
  const here = nginxConfiguration(configuration, 4711, true);
  expect(here).not.toMatch(/\/(run|home|dev)\/|listen 5000/);
  expect(here).toContain("listen 127.0.0.1:4711 ");
  expect(here).toContain("server unix:run/gunicorn.sock ");
  expect(here).toContain("daemon off; user root;");
});

test("nginx keeps its user if it is not root's", () => {
  expect(nginxConfiguration(configuration, 4711, false)).not.toContain("user root;");
});

test("an image without its configuration has no nginx", () => {
  expect(nginxFor({ id: "ami-1", app: join(PROJECT, "docs"), python: "", settings: {} })).toBeUndefined();
});
