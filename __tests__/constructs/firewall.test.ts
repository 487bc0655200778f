import { Firewall } from "../../src/constructs/firewall";
import { synth } from "../support";

const build = (nameStyle: "fixed" | "prefix") =>
  synth((stack) => {
    const made = (id: string) =>
      new Firewall(stack, id, { vpcId: "vpc-1", name: id, nameStyle, description: "For a test" });
    const [front, back] = [made("front"), made("back")];
    front.allow("0.0.0.0/0", 80);
    back.allow(front, 5000);
  });

test("starts closed: only allowed traffic gets in", () => {
  const built = build("fixed");
  expect(built.count("aws_vpc_security_group_ingress_rule")).toBe(2);
  expect(built.at("aws_vpc_security_group_ingress_rule", "front/tcp-80-from-0.0.0.0-0")).toMatchObject({
    cidr_ipv4: "0.0.0.0/0",
    from_port: 80,
    to_port: 80,
  });
  expect(built.at("aws_vpc_security_group_ingress_rule", "back/tcp-5000-from-front")).toMatchObject({
    referenced_security_group_id: "front/security-group",
    from_port: 5000,
    to_port: 5000,
  });
});

test("a rule has one source: a group or a network", () => {
  for (const rule of Object.values(build("fixed").all("aws_vpc_security_group_ingress_rule"))) {
    expect("cidr_ipv4" in rule).not.toBe("referenced_security_group_id" in rule);
  }
});

test("every rule says what it is for", () => {
  const built = build("fixed");
  const rules = [
    ...Object.values(built.all("aws_vpc_security_group_ingress_rule")),
    ...Object.values(built.all("aws_vpc_security_group_egress_rule")),
  ];
  expect(rules.map(({ description }) => description)).toEqual([
    "TCP 80 from 0.0.0.0/0",
    "TCP 5000 from front",
    "Anything out of front",
    "Anything out of back",
  ]);
});

test("every group lets its members call out: Terraform removes AWS's own rule", () => {
  const built = build("fixed");
  for (const name of ["front", "back"]) {
    expect(built.at("aws_vpc_security_group_egress_rule", `${name}/egress-all`)).toMatchObject({
      ip_protocol: "-1",
      cidr_ipv4: "0.0.0.0/0",
      security_group_id: `${name}/security-group`,
    });
  }
});

test("no group has rules of its own, which would fight the rule resources", () => {
  const groups = Object.values(build("fixed").all("aws_security_group"));
  expect(groups.filter((group) => "ingress" in group || "egress" in group)).toEqual([]);
});

test("with a fixed name the old group is deleted first; with a prefix the replacement is created first", () => {
  const fixed = build("fixed").at("aws_security_group", "front/security-group");
  expect(fixed).toMatchObject({ name: "front" });
  expect(fixed).not.toHaveProperty("name_prefix");
  expect(fixed).not.toHaveProperty("lifecycle");
  const prefixed = build("prefix").at("aws_security_group", "front/security-group");
  expect(prefixed).toMatchObject({ name_prefix: "front-", lifecycle: { create_before_destroy: true } });
  expect(prefixed).not.toHaveProperty("name");
});
