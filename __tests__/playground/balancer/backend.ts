/** A target that does as it is asked, and a load balancer before it, for the tests. */
import { createServer, request, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { Balancers, type BalancersOptions } from "../../../src/playground/balancer/balancer";
import type { TargetHealth } from "../../../src/playground/balancer/health";
import type { RequestRecord } from "../../../src/playground/balancer/listener";
import type { BalancerState, RuleState, TargetGroupState } from "../../../src/playground/cloud-state";

/** Its timers pass when the test says so. */
export class TestClock {
  readonly speed = 1;
  private timers: { at: number; happens: () => void }[] = [];
  private now = 0;

  after(seconds: number, happens: () => void): () => void {
    const timer = { at: this.now + seconds, happens };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  }

  pass(seconds: number): void {
    const until = this.now + seconds;
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.now = next.at;
      next.happens();
    }
    this.now = until;
  }
}

export interface Backend {
  readonly address: string;
  readonly server: Server;
  close(): void;
}

export async function backend(listener: RequestListener): Promise<Backend> {
  const server = createServer({ keepAliveTimeout: 75_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${String(port)}`,
    server,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export const GROUP = "arn:aws:elasticloadbalancing:ap-south-1:123456789012:targetgroup/web/1";

export const targetGroup = (targets: readonly string[], more: Partial<TargetGroupState> = {}): TargetGroupState => ({
  arn: GROUP,
  name: "web",
  port: 5000,
  protocol: "HTTP",
  healthCheck: {
    enabled: true,
    path: "/healthz",
    port: "traffic-port",
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 3,
    unhealthyThreshold: 2,
    matcher: "200",
  },
  attributes: { "deregistration_delay.timeout_seconds": "60" },
  targets: targets.map((id) => ({ id, port: 5000 })),
  ...more,
});

export const forwardTo = (arn: string): RuleState => ({
  arn: "rule/default",
  priority: "default",
  conditions: [],
  action: { type: "forward", targetGroups: [{ arn, weight: 1 }] },
});

export const balancer = (
  attributes: BalancerState["attributes"] = {},
  rules: readonly RuleState[] = [forwardTo(GROUP)],
): BalancerState => ({
  arn: "arn:aws:elasticloadbalancing:ap-south-1:123456789012:loadbalancer/app/web/1",
  name: "web",
  dnsName: "web.elb",
  scheme: "internet-facing",
  attributes,
  // Any port: several tests run at once.
  listeners: [{ arn: "listener/1", port: 0, protocol: "HTTP", rules }],
});

/** Load balancers whose targets are backends. */
export function played(addresses: Record<string, string>, more: Partial<BalancersOptions> = {}) {
  const clock = new TestClock();
  const health: [string, TargetHealth][] = [];
  const requests: RequestRecord[] = [];
  const balancers = new Balancers({
    timers: clock,
    addressOf: (id) => addresses[id],
    onHealth: (_group, id, found) => void health.push([id, found]),
    onRequest: (record) => void requests.push(record),
    random: () => 0,
    ...more,
  });
  return { balancers, clock, health, requests };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
}

/** One request on a connection of its own. */
export function ask(address: string, { method = "GET", path = "/", headers = {}, body }: Ask = {}): Promise<Answer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, method, path, headers, agent: false, maxHeaderSize: 64 * 1024 },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.once("close", () => {
          if (!response.complete) reject(new Error("half an answer"));
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    asked.once("error", reject).end(body);
  });
}

/** Sends text as it is, and returns all that comes back until the connection is closed. */
export function raw(address: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = open(address);
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
    socket.once("close", () => resolve(answer)).on("error", () => undefined);
    socket.write(text);
  });
}

export function open(address: string): Socket {
  const { hostname, port } = new URL(address);
  return connect(Number(port), hostname);
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
