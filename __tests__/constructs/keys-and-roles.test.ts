import { environments } from "../../src/config/environments";
import { derive, type Differences } from "../../src/config/derive";
import type { Settings } from "../../src/config/schema";
import { synthWebApp } from "../support";

const { production } = environments;
const built = (differences: Differences<Settings> = {}, environment?: string) =>
  synthWebApp(derive(production, differences), environment);
const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE me@home";

describe("key pairs", () => {
  test("by name: nothing is created, and the name is the same in every environment", () => {
    const staging = built({}, "staging");
    expect(staging.count("aws_key_pair")).toBe(0);
    expect(staging.only("aws_launch_template")["key_name"]).toBe("nn");
    expect(staging.only("aws_instance")["key_name"]).toBe("host");
  });

  test("by public key: the pair is created, under the environment's own name", () => {
    const staging = built({ fleet: { keyPair: { publicKey } } }, "staging");
    expect(staging.only("aws_key_pair")).toMatchObject({ key_name: "staging-nn", public_key: publicKey });
    expect(staging.at("aws_launch_template", "fleet/launch-template")["key_name"]).toBe("fleet-key");
  });

  test("a public key as it is in its file, with the end of the line, is the same key", () => {
    const ended = built({ fleet: { keyPair: { publicKey: `${publicKey}\n` } } });
    expect(ended.only("aws_key_pair")["public_key"]).toBe(publicKey);
  });

  test("left out: no key, and no SSH command in the outputs", () => {
    const without = built({ fleet: { keyPair: undefined }, bastion: { keyPair: undefined } });
    expect(without.only("aws_launch_template")).not.toHaveProperty("key_name");
    expect(without.only("aws_instance")).not.toHaveProperty("key_name");
    expect(Object.keys(without.outputs).filter((name) => name.startsWith("ssh"))).toEqual([]);
  });

  test("no private key is created or asked for", () => {
    expect(built({ fleet: { keyPair: { publicKey } } }).json).not.toMatch(/tls_private_key|PRIVATE KEY/);
  });
});

describe("roles", () => {
  test("instances may be reached by Session Manager, and may do nothing else", () => {
    const stack = built();
    expect(stack.count("aws_iam_role")).toBe(2);
    const attached = Object.values(stack.all("aws_iam_role_policy_attachment")).map(({ policy_arn }) => policy_arn);
    expect(attached).toEqual(Array(2).fill("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"));
    expect(["aws_iam_role_policy", "aws_iam_policy"].map((type) => stack.count(type))).toEqual([0, 0]);
  });

  test("only EC2 may assume them", () => {
    for (const { assume_role_policy } of Object.values(built().all("aws_iam_role"))) {
      expect(JSON.parse(String(assume_role_policy))).toMatchObject({
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
      });
    }
  });
});
