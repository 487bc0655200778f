import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { firstInstance, shellWord, sshCommand } from "../../src/stacks/access";
import { synthWebApp } from "../support";

/** The words of a command line as a POSIX shell takes it apart: quotes and backslashes removed, nothing expanded. */
function words(command: string): string[] {
  return (command.match(/('[^']*'|\\.|[^\s'\\])+/g) ?? []).map((word) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ""),
  );
}

const NAMES = [
  "nn",
  "my laptop",
  "bob key; x",
  "it's",
  "a$(reboot)b",
  "a`b`",
  "x & y | z > w",
  "#1",
  "~",
  "*",
  "a\\b",
  "-",
];

test.each(NAMES)("%s is one word", (name) => {
  expect(words(shellWord(name))).toEqual([name]);
  expect(shellWord(name)).not.toMatch(/^[^']*[;&|$`*~#>]/);
});

test.each(NAMES)("a key called %s is what ssh is given, and so is the bastion's", (name) => {
  const address = "203.0.113.7";
  expect(words(sshCommand(name, address))).toEqual(["ssh", "-i", `${name}.pem`, `ec2-user@${address}`]);
  const [ssh, , own, , proxy = "", to] = words(sshCommand("nn", "10.0.0.1", { keyName: name, address }));
  expect([ssh, own, to]).toEqual(["ssh", "nn.pem", "ec2-user@10.0.0.1"]);
  expect(proxy).toMatch(/^ProxyCommand=/);
  expect(words(proxy.replace("ProxyCommand=", ""))).toEqual([
    "ssh",
    "-i",
    `${name}.pem`,
    `ec2-user@${address}`,
    "-W",
    "%h:%p",
  ]);
});

test("a plain name needs no quotes, and may be a reference to it", () => {
  expect(shellWord("web-app_asg", "${group.name}")).toBe("${group.name}");
  expect(shellWord("my group", "${group.name}")).toBe("'my group'");
  expect(firstInstance("ap-south-1", shellWord("my group"))).toContain("--auto-scaling-group-names 'my group' --query");
});

test("the outputs are quoted: keys that exist, keys that are created, and the group's name", () => {
  const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE";
  const { outputs } = synthWebApp(
    derive(environments.production, {
      names: { autoScalingGroup: "the group" },
      fleet: { keyPair: { name: "bob key; x", publicKey } },
      bastion: { keyPair: { name: "my laptop" } },
    }),
    "staging",
  );
  const value = (output: string) => String(outputs[output]?.["value"]);
  expect(value("ssh_to_bastion")).toMatch(/^ssh -i 'my laptop\.pem' ec2-user@/);
  expect(value("ssh_to_app")).toMatch(
    /^ssh -i 'staging-bob key; x\.pem' -o ProxyCommand='ssh -i '\\''my laptop\.pem'\\'' ec2-user@/,
  );
  expect(value("session_on_app")).toContain("--auto-scaling-group-names 'staging-the group' ");
});
