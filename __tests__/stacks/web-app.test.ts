import { environments } from "../../src/config/environments";
import { synthWebApp } from "../support";

const { production } = environments;

test("Terraform and the provider are pinned", () => {
  expect(synthWebApp().terraform).toMatchObject({
    required_version: ">= 1.10.0",
    required_providers: { aws: { version: "5.100.0" } },
  });
});

test("one source of tags reaches everything that can have some", () => {
  const stack = synthWebApp();
  expect(stack.provider["default_tags"]).toEqual([
    { tags: { Environment: "production", ManagedBy: "terraform", Project: "web-app" } },
  ]);
});

test("a real environment's provider has no credentials in it and no way to the emulator", () => {
  expect(Object.keys(synthWebApp().provider).sort()).toEqual(["default_tags", "region"]);
});

test("the emulated environment's provider and backend carry fake credentials, so that AWS itself would refuse them", () => {
  const local = synthWebApp(environments.local, "local", true);
  expect(local.provider).toMatchObject({ access_key: "emulator", secret_key: "emulator", s3_use_path_style: true });
  expect(local.terraform["backend"]).toMatchObject({
    s3: { access_key: "emulator", secret_key: "emulator", use_path_style: true },
  });
});

test("every environment but production carries its name in front of each name in AWS", () => {
  const stack = synthWebApp(production, "staging");
  const names = [
    "aws_lb",
    "aws_lb_target_group",
    "aws_launch_template",
    "aws_autoscaling_group",
    "aws_security_group",
    "aws_iam_role",
    "aws_iam_instance_profile",
  ]
    .flatMap((type) => Object.values(stack.all(type)))
    .map(({ name }) => String(name));
  const alarms = Object.values(stack.all("aws_cloudwatch_metric_alarm")).map(({ alarm_name }) => String(alarm_name));
  expect([...names, ...alarms].filter((name) => !name.startsWith("staging-"))).toEqual([]);
  expect([...names, ...alarms]).toHaveLength(13);
});

test("outputs list addresses, names and the commands that open a shell", () => {
  const outputs = synthWebApp().outputs;
  expect(Object.keys(outputs).sort()).toEqual([
    "auto_scaling_group_name",
    "bastion_instance_id",
    "bastion_name",
    "bastion_public_ip",
    "load_balancer_dns_name",
    "session_on_app",
    "session_on_bastion",
    "ssh_to_app",
    "ssh_to_bastion",
    "target_group_arn",
    "target_group_name",
    "url",
  ]);
  expect(outputs["ssh_to_app"]?.["value"]).toMatch(
    /^ssh -i nn\.pem -o ProxyCommand='ssh -i host\.pem ec2-user@\S+ -W %h:%p' ec2-user@PRIVATE_IP$/,
  );
  expect(outputs["session_on_app"]?.["value"]).toMatch(
    /^aws ssm start-session --region ap-south-1 --target \$\(aws autoscaling/,
  );
});

test("on the emulator no output leads to a server: its addresses are a stranger's, its sessions need real credentials", () => {
  const outputs = synthWebApp(environments.local, "local", true).outputs;
  expect(Object.keys(outputs).filter((name) => /ssh|session|public/.test(name))).toEqual([]);
  expect(Object.keys(outputs)).toContain("url");
  expect(JSON.stringify(outputs)).not.toMatch(/aws ssm|public_ip/);
});

test("no output has a double quote, which cdktf does not escape in HCL", () => {
  expect(Object.values(synthWebApp().outputs).filter(({ value }) => String(value).includes('"'))).toEqual([]);
});
