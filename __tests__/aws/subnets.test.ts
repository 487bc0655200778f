import { networkProblem, parseIpv6Network, parseNetwork, subnetsOf } from "../../src/aws/subnets";

const ZONES = ["a", "b", "c", "d", "e", "f"];
const split = (cidr: string, zones: number) => subnetsOf(cidr, ZONES.slice(0, zones)).map((subnet) => subnet.cidr);

test("the reference deployment's split: four subnets of a /24, the public ones first", () => {
  expect(subnetsOf("192.168.1.0/24", ["ap-south-1a", "ap-south-1b"])).toEqual([
    { kind: "public", zone: "ap-south-1a", cidr: "192.168.1.0/26" },
    { kind: "public", zone: "ap-south-1b", cidr: "192.168.1.64/26" },
    { kind: "private", zone: "ap-south-1a", cidr: "192.168.1.128/26" },
    { kind: "private", zone: "ap-south-1b", cidr: "192.168.1.192/26" },
  ]);
});

test("two zones fill the block with four subnets: no later tier can have subnets of its own without moving these", () => {
  const sizes = subnetsOf("10.0.0.0/16", ["a", "b"]).map(({ cidr }) => 2 ** (32 - Number(cidr.split("/")[1])));
  expect(sizes.reduce((sum, size) => sum + size)).toBe(2 ** 16);
});

test.each([
  ["10.0.0.0/16", 1, "10.0.0.0/17 10.0.128.0/17"],
  ["10.0.0.0/16", 3, "10.0.0.0/19 10.0.32.0/19 10.0.64.0/19 10.0.96.0/19 10.0.128.0/19 10.0.160.0/19"],
  ["172.16.0.0/26", 2, "172.16.0.0/28 172.16.0.16/28 172.16.0.32/28 172.16.0.48/28"],
])("%s in %i zones", (cidr, zones, expected) => {
  expect(split(cidr, zones).join(" ")).toBe(expected);
});

test.each([
  ["192.168.1.0/30", 2, "is too small for 4 subnets of 11 or more addresses"],
  ["192.168.1.0/27", 2, "is too small for 4 subnets of 11 or more addresses"],
  ["192.168.1.0/26", 2, undefined],
  ["10.0.0.0/15", 2, "is too large; AWS takes a VPC of /16 at most"],
  ["10.0.0.0/16", 2, undefined],
  ["8.8.8.0/24", 2, "is not private (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10)"],
  ["100.64.0.0/16", 2, undefined],
  ["100.127.0.0/16", 2, undefined],
  ["100.128.0.0/16", 2, "is not private (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10)"],
  ["192.168.1.1/24", 2, "is not an IPv4 network (such as 192.168.1.0/24)"],
  ["192.168.1.0", 2, "is not an IPv4 network (such as 192.168.1.0/24)"],
  ["192.168.1.0/33", 2, "is not an IPv4 network (such as 192.168.1.0/24)"],
  ["fd00::/64", 2, "is not an IPv4 network (such as 192.168.1.0/24)"],
])("%s in %i zones: %s", (cidr, count, problem) => {
  expect(networkProblem(cidr, count)).toBe(problem);
});

test("a split of what cannot be split says why", () => {
  expect(() => split("192.168.1.0/30", 2)).toThrow("192.168.1.0/30 is too small");
});

test.each([
  ["2001:db8::/32", true],
  ["::/0", true],
  ["2001:db8::1/128", true],
  ["2001:DB8::/32", false],
  ["2001:db8:0:0::/32", false],
  ["2001:db8::1/32", false],
  ["2001:db8::", false],
  ["203.0.113.7/32", false],
  ["2001:db8::/129", false],
])("%s is an IPv6 network as AWS writes it: %s", (cidr, expected) => {
  expect(parseIpv6Network(cidr) !== undefined).toBe(expected);
});

test("a single address is a network", () => {
  expect(parseNetwork("203.0.113.7/32")?.subnetMask).toBe(32);
});
