/** What is deployed decides where a request is sent; and what is deployed later decides from then on. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RuleAction, RuleState } from "../../../src/playground/cloud-state";
import { listen } from "../../../src/playground/balancer/port";
import { ask, backend, balancer, forwardTo, GROUP, played, targetGroup, type Backend } from "./backend";

const OTHER = `${GROUP}-other`;
const backends: Backend[] = [];
let addresses: Record<string, string>;
beforeAll(async () => {
  for (const name of ["a", "b"]) backends.push(await backend((_request, response) => response.end(name)));
  addresses = { a: backends[0]?.address ?? "", b: backends[1]?.address ?? "" };
});
afterAll(() => backends.forEach((each) => each.close()));

let site: ReturnType<typeof played>;
beforeEach(() => (site = played(addresses)));
afterEach(() => site.balancers.stop());

const groups = (attributes: Record<string, string> = {}) => [
  targetGroup(["a"], { attributes }),
  targetGroup(["b"], { arn: OTHER, attributes }),
];
const deploy = async (rules: readonly RuleState[], targetGroups = groups()) => {
  await site.balancers.update({ balancers: [balancer({}, rules)], targetGroups });
  return site.balancers.open[0]?.address ?? "";
};
const rule = (action: RuleAction, path: string): RuleState => ({
  arn: path,
  priority: 1,
  conditions: [{ field: "path-pattern", values: [path] }],
  action,
});

test("by path, by redirect, by fixed response", async () => {
  const address = await deploy([
    { ...rule({ type: "forward", targetGroups: [{ arn: OTHER, weight: 1 }] }, "/b*"), priority: 1 },
    { ...rule({ type: "fixed-response", statusCode: 410, body: "gone" }, "/old"), priority: 2 },
    {
      ...rule(
        {
          type: "redirect",
          statusCode: 302,
          protocol: "#{protocol}",
          host: "#{host}",
          port: "#{port}",
          path: "/new/#{path}",
          query: "#{query}",
        },
        "/r*",
      ),
      priority: 3,
    },
    forwardTo(GROUP),
  ]);
  expect((await ask(address)).body).toBe("a");
  expect((await ask(address, { path: "/bb" })).body).toBe("b");
  expect(await ask(address, { path: "/old" })).toMatchObject({ status: 410, body: "gone" });
  const { status, headers } = await ask(address, { path: "/r?x=1" });
  expect([status, headers.location]).toEqual([302, `${address}/new/r?x=1`]);
  expect((await ask(headers.location ?? "", { path: "/" })).body).toBe("a");
  expect(site.requests.map(({ status: each, byBalancer }) => [each, byBalancer])).toContainEqual([302, true]);
});

test("a later deployment is followed on the same connection and port", async () => {
  const address = await deploy([forwardTo(GROUP)]);
  expect((await ask(address)).body).toBe("a");
  expect(await deploy([forwardTo(OTHER)])).toBe(address);
  expect((await ask(address)).body).toBe("b");
  expect(site.health.filter(([id]) => id === "a").at(-1)?.[1].reason).toBe("Target.NotInUse");
  await site.balancers.update({ balancers: [], targetGroups: [] });
  await expect(ask(address)).rejects.toThrow("ECONNREFUSED");
});

test("two groups by weight, and a client that stays with one", async () => {
  const both = [
    { arn: GROUP, weight: 1 },
    { arn: OTHER, weight: 3 },
  ];
  const address = await deploy([
    { ...forwardTo(GROUP), action: { type: "forward", targetGroups: both, stickySeconds: 60 } },
  ]);
  const bodies = [];
  for (let count = 0; count < 8; count++) bodies.push((await ask(address)).body);
  expect(bodies.filter((body) => body === "b")).toHaveLength(6);
  const first = await ask(address);
  const cookie = (first.headers["set-cookie"] ?? []).map((each) => each.split(";")[0]).join("; ");
  expect(cookie).toMatch(/^AWSALBTG=[^;]+; AWSALBTGCORS=/);
  for (let count = 0; count < 4; count++) expect((await ask(address, { headers: { cookie } })).body).toBe(first.body);
});

test("a client that stays with a target", async () => {
  const attributes = { "stickiness.enabled": "true", "stickiness.type": "lb_cookie" };
  const address = await deploy([forwardTo(GROUP)], [targetGroup(["a", "b"], { attributes })]);
  const first = await ask(address);
  const [cookie = ""] = (first.headers["set-cookie"] ?? []).map((each) => each.split(";")[0] ?? "");
  expect(cookie).toMatch(/^AWSALB=/);
  for (let count = 0; count < 4; count++) expect((await ask(address, { headers: { cookie } })).body).toBe(first.body);
});

test("a group that is not there, and one without weight, have no target", async () => {
  expect((await ask(await deploy([forwardTo("arn:gone")]))).status).toBe(503);
  const none: RuleAction = { type: "forward", targetGroups: [{ arn: GROUP, weight: 0 }] };
  expect((await ask(await deploy([{ ...forwardTo(GROUP), action: none }]))).status).toBe(503);
});

test("a listener gets its own port, and another one if that is in use", async () => {
  const [one, two] = [createServer(), createServer()];
  await listen(one, 0);
  const { port } = one.address() as AddressInfo;
  const other = await listen(two, port);
  expect(other).not.toBe(port);
  one.close();
  two.close();
});
