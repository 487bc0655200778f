import { networkProblem, parseNetwork, splitNetwork } from "../../src/aws/subnets";

const split = (cidr: string, count: number) =>
  splitNetwork(
    cidr,
    Array.from({ length: count }, () => ({})),
  ).map((subnet) => subnet.cidr);

test("the documented split: four subnets of a /24", () => {
  expect(split("192.168.1.0/24", 4)).toEqual([
    "192.168.1.0/26",
    "192.168.1.64/26",
    "192.168.1.128/26",
    "192.168.1.192/26",
  ]);
});

test.each([
  ["10.0.0.0/16", 2, "10.0.0.0/17 10.0.128.0/17"],
  ["10.0.0.0/16", 3, "10.0.0.0/18 10.0.64.0/18 10.0.128.0/18"],
  ["172.16.0.0/26", 4, "172.16.0.0/28 172.16.0.16/28 172.16.0.32/28 172.16.0.48/28"],
])("%s for %i", (cidr, count, expected) => {
  expect(split(cidr, count).join(" ")).toBe(expected);
});

test.each([
  ["192.168.1.0/30", 4, "is too small for 4 subnets of 11 or more addresses"],
  ["192.168.1.0/27", 4, "is too small for 4 subnets of 11 or more addresses"],
  ["192.168.1.0/26", 4, undefined],
  ["10.0.0.0/15", 4, "is too large; AWS takes a VPC of /16 at most"],
  ["10.0.0.0/16", 4, undefined],
  ["8.8.8.0/24", 4, "is not private (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16)"],
  ["192.168.1.1/24", 4, "is not an IPv4 network (such as 192.168.1.0/24)"],
  ["192.168.1.0", 4, "is not an IPv4 network (such as 192.168.1.0/24)"],
  ["192.168.1.0/33", 4, "is not an IPv4 network (such as 192.168.1.0/24)"],
  ["fd00::/64", 4, "is not an IPv4 network (such as 192.168.1.0/24)"],
])("%s for %i subnets: %s", (cidr, count, problem) => {
  expect(networkProblem(cidr, count)).toBe(problem);
});

test("a split of what cannot be split says why", () => {
  expect(() => split("192.168.1.0/30", 4)).toThrow("192.168.1.0/30 is too small");
});

test("a single address is a network", () => {
  expect(parseNetwork("203.0.113.7/32")?.subnetMask).toBe(32);
});
