/** What talks to the emulator talks to nobody else, whatever the user's own AWS configuration says. */
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { PROJECT } from "../../src/machine/project";
import { run } from "../../src/machine/run";
import { Cloud } from "./support";

let cloud: Cloud;
beforeAll(async () => {
  cloud = await Cloud.start("made");
});
afterAll(() => cloud.stop());

test("a plan and a check ask no host but the emulator: every other connection would be through the proxy, which refuses", async () => {
  const asked: string[] = [];
  const proxy = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(502).end();
  }).on("connect", ({ url = "" }: { url?: string }, socket: Socket) => {
    asked.push(url);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  const home = join(cloud.folder, "home");
  mkdirSync(join(home, ".aws"), { recursive: true });
  const own = "ignore_configured_endpoint_urls = true\nuse_fips_endpoint = true\nregion = eu-west-1\n";
  for (const name of ["config", "credentials"]) writeFileSync(join(home, ".aws", name), `[default]\n${own}`);
  const env = {
    ...process.env,
    HOME: home,
    AWS_CONFIG_FILE: join(home, ".aws", "config"),
    AWS_USE_FIPS_ENDPOINT: "true",
    ...Object.fromEntries(["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"].map((name) => [name, address])),
  };
  const command = (...args: readonly string[]) =>
    run(process.execPath, ["--require", "tsx/cjs", "src/cli.ts", ...args, "--folder", cloud.folder], {
      cwd: PROJECT,
      env,
    });
  try {
    const planned = await command("plan", "local");
    expect(planned.output).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
    expect(planned.code).toBe(2);
    // Nothing is deployed, and every area of the account was asked.
    expect((await command("verify", "local")).output).toContain("local: load balancer: should be local-web-app-albb");
    // Terraform may look for the provider in the registry, where this machine has no mirror of it.
    expect(asked.filter((host) => !/registry\.terraform\.io|releases\.hashicorp\.com/.test(host))).toEqual([]);
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});
