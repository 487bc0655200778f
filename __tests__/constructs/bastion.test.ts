import { environments } from "../../src/config/environments";
import { derive, type Differences } from "../../src/config/derive";
import type { Settings } from "../../src/config/schema";
import { synthWebApp } from "../support";

const { production } = environments;
const built = (differences: Differences<Settings> = {}) => synthWebApp(derive(production, differences));
const bastion = (differences?: Differences<Settings>) => built(differences).only("aws_instance");
const port22 = (stack: ReturnType<typeof built>) =>
  Object.values(stack.all("aws_vpc_security_group_ingress_rule")).filter(({ from_port }) => from_port === 22);

test.each([
  ["t3.micro", "x86_64"],
  ["t4g.nano", "arm64"],
])("%s is made of Amazon Linux 2023 for %s, whose name is public and no secret", (instanceType, architecture) => {
  const stack = built({ bastion: { instanceType } });
  expect(stack.data("aws_ssm_parameter")).toMatchObject([
    { name: `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}` },
  ]);
  expect(stack.only("aws_instance")["ami"]).toMatch(/\.insecure_value\}$/);
});

test("a later image does not replace it", () => {
  expect(bastion()["lifecycle"]).toEqual({ ignore_changes: ["ami"] });
});

test("metadata only with a token, an encrypted disk, a role for Session Manager", () => {
  expect(bastion()).toMatchObject({
    metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
    root_block_device: { encrypted: true, volume_type: "gp3", volume_size: 8 },
    ebs_optimized: true,
  });
  expect(built().at("aws_instance", "bastion/instance")["iam_instance_profile"]).toBe(
    "bastion/session-role/instance-profile",
  );
});

test("a type that is never EBS-optimized is not asked to be", () => {
  expect(bastion({ bastion: { instanceType: "t2.micro" } })).not.toHaveProperty("ebs_optimized");
});

test("waits for the internet gateway", () => {
  expect(String(bastion()["depends_on"])).toMatch(/^aws_internet_gateway\./);
});

test("without its section it does not exist, nor its security group, its role or any rule for port 22", () => {
  const without = built({ bastion: undefined });
  expect(without.count("aws_instance")).toBe(0);
  expect(without.count("aws_security_group")).toBe(2);
  expect(without.count("aws_iam_role")).toBe(1);
  expect(port22(without)).toEqual([]);
  expect(Object.keys(without.outputs).filter((name) => name.includes("bastion"))).toEqual([]);
});

test("SSH is allowed from the networks of the settings and nowhere else", () => {
  const stack = built({ bastion: { sshSources: ["203.0.113.0/24", "198.51.100.7/32", "2001:db8::/32"] } });
  expect(
    port22(stack)
      .flatMap(({ cidr_ipv4, cidr_ipv6 }) => cidr_ipv4 ?? cidr_ipv6 ?? [])
      .sort(),
  ).toEqual(["198.51.100.7/32", "2001:db8::/32", "203.0.113.0/24"]);
  expect(port22(built({ bastion: { sshSources: [] } })).filter((rule) => "cidr_ipv4" in rule)).toEqual([]);
});
