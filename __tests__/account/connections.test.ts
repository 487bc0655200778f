/** Where the AWS SDK connects to: through the shell's proxy to AWS, and to the emulator and nowhere else. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { request } from "node:https";
import { connect, Socket, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListRolesCommand } from "@aws-sdk/client-iam";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientConfig } from "../../src/account/client-config";
import { clientsFor } from "../../src/account/clients";
import { isDirect, proxyAgent } from "../../src/account/proxy";

const REGION = "ap-south-1";
const KEYS = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
const environment = { ...process.env };
let folder: string;
let server: Server;
/** What was asked of the server, and of the proxy that it is, too. */
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "connections-"));
  server = createServer(({ method = "", url = "" }, response) => {
    asked.push(`${method} ${url}`);
    response.writeHead(400).end();
  }).on("connect", ({ url = "" }: { url?: string }, socket: Socket) => {
    asked.push(`CONNECT ${url}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  process.env = { ...environment };
  asked.length = 0;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const address = () => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

/** A request of every client that there is; an answer is not expected. */
async function askAll(env: NodeJS.ProcessEnv, emulated: boolean): Promise<string[]> {
  const config = { ...clientConfig({ env, emulated }, REGION), maxAttempts: 1 };
  const { ec2, iam, balancing, scaling, alarms, s3 } = clientsFor(config);
  const asking = [
    ec2.send(new DescribeVpcsCommand({})),
    iam.send(new ListRolesCommand({})),
    balancing.send(new DescribeLoadBalancersCommand({})),
    scaling.send(new DescribeAutoScalingGroupsCommand({})),
    alarms.send(new DescribeAlarmsCommand({})),
    s3.send(new HeadBucketCommand({ Bucket: "bucket-of-the-state" })),
    new STSClient(config).send(new GetCallerIdentityCommand({})),
  ];
  return (await Promise.allSettled(asking)).map((each) => (each.status === "rejected" ? String(each.reason) : "done"));
}

test("the emulator is asked and nothing else, whatever the user's AWS configuration says", async () => {
  const file = join(folder, "config");
  const own = "ignore_configured_endpoint_urls = true\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n";
  writeFileSync(file, `[default]\nregion = eu-west-1\nmax_attempts = none\nendpoint_url = http://127.0.0.1:1\n${own}`);
  const shell = { AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: file, AWS_USE_FIPS_ENDPOINT: "true" };
  Object.assign(process.env, shell, { HTTPS_PROXY: "http://127.0.0.1:1", HTTP_PROXY: "http://127.0.0.1:1" });
  const connected = jest.spyOn(Socket.prototype, "connect");
  await askAll({ AWS_ENDPOINT_URL: address() }, true);
  const ports = connected.mock.calls.map(([to]) => (to as unknown as readonly { port: number }[])[0]?.port);
  connected.mockRestore();
  expect(new Set(ports)).toEqual(new Set([(server.address() as AddressInfo).port]));
  expect(asked).toHaveLength(7);
});

test("every client reaches AWS through the shell's proxy", async () => {
  Object.assign(process.env, KEYS);
  const failures = await askAll({ HTTPS_PROXY: address() }, false);
  const hosts = ["ec2", "elasticloadbalancing", "autoscaling", "monitoring", "sts"].map((name) => `${name}.${REGION}`);
  const all = [...hosts, "iam", `bucket-of-the-state.s3.${REGION}`];
  expect(asked.sort()).toEqual(all.map((host) => `CONNECT ${host}.amazonaws.com:443`).sort());
  expect(failures[0]).toContain(
    `the proxy ${new URL(address()).host} does not connect to ec2.ap-south-1.amazonaws.com: 502`,
  );
});

test("without a proxy there is no agent of ours", () => {
  for (const env of [{}, { HTTPS_PROXY: "" }, { HTTP_PROXY: address() }])
    expect(clientConfig({ env, emulated: false }, REGION)).toEqual({ region: REGION });
});

test.each(["socks5://127.0.0.1:1080", "ftp://proxy", "http://:80:80"])("%s is no proxy for the SDK", (HTTPS_PROXY) =>
  expect(() => proxyAgent({ HTTPS_PROXY })).toThrow("HTTPS_PROXY: must be the address of an HTTP proxy, such as"),
);

test.each([
  ["sts.amazonaws.com", "", false],
  ["sts.amazonaws.com", "*", true],
  ["sts.amazonaws.com", "example.com, amazonaws.com", true],
  ["sts.amazonaws.com", ".amazonaws.com", true],
  ["sts.amazonaws.com", "*.amazonaws.com:443", true],
  ["sts.amazonaws.com", "STS.amazonaws.com", true],
  ["sts.amazonaws.com", "aws.com", false],
  ["sts.amazonaws.com", "ec2.amazonaws.com,,169.254.169.254", false],
])("%s with NO_PROXY=%s: directly is %s", (host, noProxy, direct) => expect(isDirect(host, noProxy)).toBe(direct));

test("TLS goes through the tunnel to the host, the user's name to the proxy, and what is excepted directly", async () => {
  // Ciphers without a certificate: nothing secret has to be kept for this test.
  const insecure = { ciphers: "AECDH-AES128-SHA:@SECLEVEL=0", maxVersion: "TLSv1.2" as const };
  const host = createTlsServer(insecure, (socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
  }).listen(0, "127.0.0.1");
  const tunnels: string[] = [];
  const proxy = createServer().on("connect", ({ url = "", headers }, socket: Socket) => {
    tunnels.push(`${url} ${Buffer.from(String(headers["proxy-authorization"]).slice(6), "base64").toString()}`);
    const through = connect((host.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(through).pipe(socket);
    });
  });
  proxy.listen(0, "127.0.0.1");
  await Promise.all([once(host, "listening"), once(proxy, "listening")]);
  const at = `127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  const get = (env: NodeJS.ProcessEnv, hostname: string, port?: number) =>
    new Promise<string>((resolve, reject) => {
      const agent = proxyAgent(env);
      request({ hostname, port, agent, rejectUnauthorized: false, ...insecure }, (response) => {
        response.on("data", (chunk) => {
          agent?.destroy();
          resolve(String(chunk));
        });
      })
        .on("error", reject)
        .end();
    });
  try {
    expect(await get({ https_proxy: `jane:p%40ss@${at}` }, "ec2.ap-south-1.amazonaws.com")).toBe("hello");
    const { port } = host.address() as AddressInfo;
    expect(await get({ HTTPS_PROXY: `http://${at}`, NO_PROXY: "127.0.0.1" }, "127.0.0.1", port)).toBe("hello");
    expect(tunnels).toEqual(["ec2.ap-south-1.amazonaws.com:443 jane:p@ss"]);
    await expect(get({ HTTPS_PROXY: "http://127.0.0.1:1" }, "ec2.ap-south-1.amazonaws.com")).rejects.toThrow(
      "the proxy 127.0.0.1:1 cannot be reached: connect ECONNREFUSED",
    );
  } finally {
    host.close();
    proxy.close();
    proxy.closeAllConnections();
  }
});
