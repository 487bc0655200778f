import { spawnSync } from "node:child_process";
import { askTheEmulator, outputsText } from "../../src/commands/outputs";

const SESSION =
  "aws ssm start-session --region ap-south-1 --target $(aws autoscaling describe-auto-scaling-groups --region ap-south-1 --auto-scaling-group-names production-web-app_asg --query 'AutoScalingGroups[0].Instances[0].InstanceId' --output text)";
const SSH = "ssh -i nn.pem -o ProxyCommand='ssh -i host.pem ec2-user@203.0.113.200 -W %h:%p' ec2-user@PRIVATE_IP";
const ARN = "arn:aws:elasticloadbalancing:ap-south-1:123456789012:targetgroup/production-app-tg/0123456789abcdef";

/** The words that a shell makes of a command, with what is in $( ) as one. */
const words = (command: string) =>
  spawnSync("sh", ["-c", `aws() { echo instance; }; printf '%s\n' ${command}`], { encoding: "utf8" }).stdout;

test("outputs are aligned, and a long one has lines of its own that a shell takes as one command", () => {
  const text = outputsText({ url: "http://x/", session_on_app: SESSION, ssh_to_app: SSH, target_group_arn: ARN });
  const lines = text.split("\n");
  expect(lines[0]).toBe("url               http://x/");
  // A word that is too long stays whole, so that it can be copied.
  expect(lines.filter(({ length }) => length > 80)).toEqual([`  ${ARN}`]);
  const [, session = "", ssh = ""] = /session_on_app\n([^]*)\nssh_to_app\n([^]*)\ntarget_group_arn/.exec(text) ?? [];
  expect(words(session)).toBe(words(SESSION));
  expect(words(ssh)).toBe(words(SSH));
  expect(session).toMatch(/ \\\n/);
});

test("a command with backslashes is not broken, since they may quote a space", () => {
  expect(outputsText({ ssh: `${SSH} my\\ key` })).toBe(`ssh\n  ${SSH} my\\ key`);
});

test("how to ask the emulator is complete, and fits 80 columns: address, keys, region", () => {
  const text = askTheEmulator("http://127.0.0.1:44021", "ap-southeast-1");
  expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  const call = text.split(":\n")[1] ?? "";
  const aws = 'aws() { echo "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $*"; }';
  const { stdout } = spawnSync("sh", ["-c", `${aws}\n${call}`], { encoding: "utf8" });
  expect(stdout).toBe(
    "emulator emulator --endpoint-url http://127.0.0.1:44021 --region ap-southeast-1 ec2 describe-instances\n",
  );
});
