/**
 * The documented system, row by row, against what is synthesized for production: lay it beside the document.
 *
 * Values are written out here and not taken from the settings, so that no setting moves away from the document unseen.
 */
import { synthWebApp } from "./support";

const production = synthWebApp();
const everywhere = "0.0.0.0/0";

/** A statement of the document, the resource that implements it, and its attributes; references are paths of constructs. */
const rows: readonly (readonly [says: string, type: string, path: string, attributes: Record<string, unknown>])[] = [
  // Network
  ["VPC myvpc", "aws_vpc", "network/vpc", { tags: { Name: "myvpc" }, cidr_block: "192.168.1.0/24" }],
  [
    "DNS hostnames and resolution on",
    "aws_vpc",
    "network/vpc",
    { enable_dns_hostnames: true, enable_dns_support: true },
  ],
  [
    "public subnet 1",
    "aws_subnet",
    "network/public-subnet-a",
    { cidr_block: "192.168.1.0/26", availability_zone: "ap-south-1a" },
  ],
  [
    "public subnet 2",
    "aws_subnet",
    "network/public-subnet-b",
    { cidr_block: "192.168.1.64/26", availability_zone: "ap-south-1b" },
  ],
  [
    "private subnet 1",
    "aws_subnet",
    "network/private-subnet-a",
    { cidr_block: "192.168.1.128/26", availability_zone: "ap-south-1a" },
  ],
  [
    "private subnet 2",
    "aws_subnet",
    "network/private-subnet-b",
    { cidr_block: "192.168.1.192/26", availability_zone: "ap-south-1b" },
  ],
  [
    "internet gateway attached to the VPC",
    "aws_internet_gateway",
    "network/internet-gateway",
    { vpc_id: "network/vpc" },
  ],
  [
    "NAT gateway in public subnet 1",
    "aws_nat_gateway",
    "network/nat-gateway-a",
    { subnet_id: "network/public-subnet-a" },
  ],
  ["with an Elastic IP", "aws_nat_gateway", "network/nat-gateway-a", { allocation_id: "network/nat-address-a" }],
  [
    "public routes to the internet gateway",
    "aws_route",
    "network/public-route",
    {
      destination_cidr_block: everywhere,
      gateway_id: "network/internet-gateway",
      route_table_id: "network/public-route-table",
    },
  ],
  [
    "public subnet 1 has them",
    "aws_route_table_association",
    "network/public-route-table-association-a",
    { subnet_id: "network/public-subnet-a", route_table_id: "network/public-route-table" },
  ],
  [
    "public subnet 2 has them",
    "aws_route_table_association",
    "network/public-route-table-association-b",
    { subnet_id: "network/public-subnet-b", route_table_id: "network/public-route-table" },
  ],
  [
    "private routes to the NAT gateway, zone a",
    "aws_route",
    "network/private-route-a",
    {
      destination_cidr_block: everywhere,
      nat_gateway_id: "network/nat-gateway-a",
      route_table_id: "network/private-route-table-a",
    },
  ],
  [
    "private routes to the NAT gateway, zone b",
    "aws_route",
    "network/private-route-b",
    {
      destination_cidr_block: everywhere,
      nat_gateway_id: "network/nat-gateway-a",
      route_table_id: "network/private-route-table-b",
    },
  ],
  [
    "private subnet 1 has them",
    "aws_route_table_association",
    "network/private-route-table-association-a",
    { subnet_id: "network/private-subnet-a", route_table_id: "network/private-route-table-a" },
  ],
  [
    "private subnet 2 has them",
    "aws_route_table_association",
    "network/private-route-table-association-b",
    { subnet_id: "network/private-subnet-b", route_table_id: "network/private-route-table-b" },
  ],

  // Security groups
  ["alb_sg", "aws_security_group", "alb-firewall/security-group", { name: "alb_sg", vpc_id: "network/vpc" }],
  [
    "alb_sg in: TCP 80 from anywhere",
    "aws_vpc_security_group_ingress_rule",
    "alb-firewall/tcp-80-from-0.0.0.0-0",
    {
      security_group_id: "alb-firewall/security-group",
      ip_protocol: "tcp",
      from_port: 80,
      to_port: 80,
      cidr_ipv4: everywhere,
    },
  ],
  [
    "alb_sg out: all",
    "aws_vpc_security_group_egress_rule",
    "alb-firewall/egress-all",
    { security_group_id: "alb-firewall/security-group", ip_protocol: "-1", cidr_ipv4: everywhere },
  ],
  ["app_sg", "aws_security_group", "app-firewall/security-group", { name: "app_sg", vpc_id: "network/vpc" }],
  [
    "app_sg in: TCP 5000 from alb_sg only",
    "aws_vpc_security_group_ingress_rule",
    "app-firewall/tcp-5000-from-alb-firewall",
    {
      security_group_id: "app-firewall/security-group",
      ip_protocol: "tcp",
      from_port: 5000,
      to_port: 5000,
      referenced_security_group_id: "alb-firewall/security-group",
    },
  ],
  [
    "app_sg in: TCP 22 from web_sg only",
    "aws_vpc_security_group_ingress_rule",
    "app-firewall/tcp-22-from-bastion-firewall",
    {
      security_group_id: "app-firewall/security-group",
      ip_protocol: "tcp",
      from_port: 22,
      to_port: 22,
      referenced_security_group_id: "bastion-firewall/security-group",
    },
  ],
  [
    "app_sg out: all",
    "aws_vpc_security_group_egress_rule",
    "app-firewall/egress-all",
    { security_group_id: "app-firewall/security-group", ip_protocol: "-1", cidr_ipv4: everywhere },
  ],
  ["web_sg", "aws_security_group", "bastion-firewall/security-group", { name: "web_sg", vpc_id: "network/vpc" }],
  [
    "web_sg in: TCP 22 from anywhere",
    "aws_vpc_security_group_ingress_rule",
    "bastion-firewall/tcp-22-from-0.0.0.0-0",
    {
      security_group_id: "bastion-firewall/security-group",
      ip_protocol: "tcp",
      from_port: 22,
      to_port: 22,
      cidr_ipv4: everywhere,
    },
  ],
  [
    "web_sg out: all",
    "aws_vpc_security_group_egress_rule",
    "bastion-firewall/egress-all",
    { security_group_id: "bastion-firewall/security-group", ip_protocol: "-1", cidr_ipv4: everywhere },
  ],

  // Load balancer
  [
    "ALB web-app-albb, application, internet-facing",
    "aws_lb",
    "load-balancer/load-balancer",
    { name: "web-app-albb", load_balancer_type: "application", internal: false },
  ],
  [
    "both public subnets, alb_sg",
    "aws_lb",
    "load-balancer/load-balancer",
    {
      subnets: ["network/public-subnet-a", "network/public-subnet-b"],
      security_groups: ["alb-firewall/security-group"],
    },
  ],
  [
    "listener HTTP:80 forwards to the target group",
    "aws_lb_listener",
    "load-balancer/listener",
    {
      load_balancer_arn: "load-balancer/load-balancer",
      protocol: "HTTP",
      port: 80,
      default_action: [{ type: "forward", target_group_arn: "load-balancer/target-group" }],
    },
  ],
  [
    "target group app-tg: HTTP, port 5000",
    "aws_lb_target_group",
    "load-balancer/target-group",
    { name: "app-tg", protocol: "HTTP", port: 5000, vpc_id: "network/vpc" },
  ],
  [
    "health check /, 30 s, healthy 2, unhealthy 3",
    "aws_lb_target_group",
    "load-balancer/target-group",
    { health_check: { path: "/", interval: 30, healthy_threshold: 2, unhealthy_threshold: 3 } },
  ],

  // Application servers
  [
    "launch template web-app-launch-template",
    "aws_launch_template",
    "fleet/launch-template",
    { name: "web-app-launch-template" },
  ],
  [
    "AMI, t3.micro, key pair nn, app_sg",
    "aws_launch_template",
    "fleet/launch-template",
    {
      image_id: "ami-02f2230845208fdc0",
      instance_type: "t3.micro",
      key_name: "nn",
      vpc_security_group_ids: ["app-firewall/security-group"],
    },
  ],
  [
    "group web-app_asg: min 1, desired 1, max 4",
    "aws_autoscaling_group",
    "fleet/auto-scaling-group",
    { name: "web-app_asg", min_size: 1, desired_capacity: 1, max_size: 4 },
  ],
  [
    "both private subnets, attached to app-tg",
    "aws_autoscaling_group",
    "fleet/auto-scaling-group",
    {
      vpc_zone_identifier: ["network/private-subnet-a", "network/private-subnet-b"],
      target_group_arns: ["load-balancer/target-group"],
    },
  ],
  [
    "health check type ELB, grace 300 s",
    "aws_autoscaling_group",
    "fleet/auto-scaling-group",
    { health_check_type: "ELB", health_check_grace_period: 300 },
  ],

  // Scaling
  [
    "cpu-high: above 80 %, 5 minutes, 2 periods",
    "aws_cloudwatch_metric_alarm",
    "scaling/cpu-out",
    {
      alarm_name: "cpu-high",
      metric_name: "CPUUtilization",
      comparison_operator: "GreaterThanThreshold",
      threshold: 80,
      period: 300,
      evaluation_periods: 2,
      alarm_actions: ["scaling/scale-out"],
    },
  ],
  [
    "adds 1 instance",
    "aws_autoscaling_policy",
    "scaling/scale-out",
    { autoscaling_group_name: "fleet/auto-scaling-group", adjustment_type: "ChangeInCapacity", scaling_adjustment: 1 },
  ],
  [
    "cpu-low: below 20 %, 5 minutes, 2 periods",
    "aws_cloudwatch_metric_alarm",
    "scaling/cpu-in",
    {
      alarm_name: "cpu-low",
      metric_name: "CPUUtilization",
      comparison_operator: "LessThanThreshold",
      threshold: 20,
      period: 300,
      evaluation_periods: 2,
      alarm_actions: ["scaling/scale-in"],
    },
  ],
  [
    "removes 1 instance",
    "aws_autoscaling_policy",
    "scaling/scale-in",
    { autoscaling_group_name: "fleet/auto-scaling-group", adjustment_type: "ChangeInCapacity", scaling_adjustment: -1 },
  ],
  [
    "the metric is the group's average (high)",
    "aws_cloudwatch_metric_alarm",
    "scaling/cpu-out",
    { namespace: "AWS/EC2", dimensions: { AutoScalingGroupName: "fleet/auto-scaling-group" }, statistic: "Average" },
  ],
  [
    "the metric is the group's average (low)",
    "aws_cloudwatch_metric_alarm",
    "scaling/cpu-in",
    { namespace: "AWS/EC2", dimensions: { AutoScalingGroupName: "fleet/auto-scaling-group" }, statistic: "Average" },
  ],

  // Bastion
  [
    "t3.micro in public subnet 1, public address",
    "aws_instance",
    "bastion/instance",
    { instance_type: "t3.micro", subnet_id: "network/public-subnet-a", associate_public_ip_address: true },
  ],
  [
    "web_sg, key pair host",
    "aws_instance",
    "bastion/instance",
    { vpc_security_group_ids: ["bastion-firewall/security-group"], key_name: "host" },
  ],
];

test.each(rows)("%s", (_says, type, path, attributes) => {
  expect(production.at(type, path)).toMatchObject(attributes);
});

test("region ap-south-1", () => {
  expect(production.provider["region"]).toBe("ap-south-1");
});

/** Nothing beside the rows above: an open door would be one more rule, a second bill one more gateway. */
test.each([
  ["aws_vpc", 1],
  ["aws_subnet", 4],
  ["aws_internet_gateway", 1],
  ["aws_nat_gateway", 1],
  ["aws_eip", 1],
  ["aws_route", 3],
  ["aws_route_table", 3], // the document has one private table; here each zone has its own
  ["aws_route_table_association", 4],
  ["aws_security_group", 3],
  ["aws_vpc_security_group_ingress_rule", 4],
  ["aws_vpc_security_group_egress_rule", 3],
  ["aws_lb", 1],
  ["aws_lb_listener", 1],
  ["aws_lb_target_group", 1],
  ["aws_launch_template", 1],
  ["aws_autoscaling_group", 1],
  ["aws_autoscaling_policy", 2],
  ["aws_cloudwatch_metric_alarm", 2],
  ["aws_instance", 1],
])("%s: %i", (type, count) => {
  expect(production.count(type)).toBe(count);
});
