/**
 * The documented system, row by row, against what is synthesized for production: lay it beside the document.
 *
 * Values are written out here and not taken from the settings, so that no setting moves away from the document unseen.
 */
import { synthWebApp } from "./support";

const production = synthWebApp();
const everywhere = "0.0.0.0/0";
const publicSubnets = ["network/public-subnet-a", "network/public-subnet-b"];
const privateSubnets = ["network/private-subnet-a", "network/private-subnet-b"];
const [albSg, appSg, webSg] = ["alb", "app", "bastion"].map((owner) => `${owner}-firewall/security-group`);
const forward = [{ type: "forward", target_group_arn: "load-balancer/target-group" }];

/** What the document says, the path of the construct that has it, and what has to be there; references read as paths. */
const rows: readonly (readonly [says: string, path: string, attribute: string, value: unknown])[] = [
  // Network
  ["VPC myvpc", "network/vpc", "tags.Name", "myvpc"],
  ["VPC myvpc", "network/vpc", "cidr_block", "192.168.1.0/24"],
  ["DNS hostnames and resolution on", "network/vpc", "enable_dns_hostnames", true],
  ["DNS hostnames and resolution on", "network/vpc", "enable_dns_support", true],
  ["public subnet 1", "network/public-subnet-a", "cidr_block", "192.168.1.0/26"],
  ["public subnet 1", "network/public-subnet-a", "availability_zone", "ap-south-1a"],
  ["public subnet 2", "network/public-subnet-b", "cidr_block", "192.168.1.64/26"],
  ["public subnet 2", "network/public-subnet-b", "availability_zone", "ap-south-1b"],
  ["private subnet 1", "network/private-subnet-a", "cidr_block", "192.168.1.128/26"],
  ["private subnet 1", "network/private-subnet-a", "availability_zone", "ap-south-1a"],
  ["private subnet 2", "network/private-subnet-b", "cidr_block", "192.168.1.192/26"],
  ["private subnet 2", "network/private-subnet-b", "availability_zone", "ap-south-1b"],
  ["internet gateway attached to the VPC", "network/internet-gateway", "vpc_id", "network/vpc"],
  ["NAT gateway in public subnet 1", "network/nat-gateway-a", "subnet_id", "network/public-subnet-a"],
  ["with an Elastic IP", "network/nat-gateway-a", "allocation_id", "network/nat-address-a"],
  ["public routes to the internet gateway", "network/public-route", "destination_cidr_block", everywhere],
  ["public routes to the internet gateway", "network/public-route", "gateway_id", "network/internet-gateway"],
  ["public routes to the internet gateway", "network/public-route", "route_table_id", "network/public-route-table"],
  ["subnet 1", "network/public-route-table-association-a", "subnet_id", "network/public-subnet-a"],
  ["subnet 1", "network/public-route-table-association-a", "route_table_id", "network/public-route-table"],
  ["subnet 2", "network/public-route-table-association-b", "subnet_id", "network/public-subnet-b"],
  ["subnet 2", "network/public-route-table-association-b", "route_table_id", "network/public-route-table"],
  ["private routes to NAT, zone a", "network/private-route-a", "destination_cidr_block", everywhere],
  ["private routes to NAT, zone a", "network/private-route-a", "nat_gateway_id", "network/nat-gateway-a"],
  ["private routes to NAT, zone a", "network/private-route-a", "route_table_id", "network/private-route-table-a"],
  ["private routes to NAT, zone b", "network/private-route-b", "destination_cidr_block", everywhere],
  ["private routes to NAT, zone b", "network/private-route-b", "nat_gateway_id", "network/nat-gateway-a"],
  ["private routes to NAT, zone b", "network/private-route-b", "route_table_id", "network/private-route-table-b"],
  ["subnet 1", "network/private-route-table-association-a", "subnet_id", "network/private-subnet-a"],
  ["subnet 1", "network/private-route-table-association-a", "route_table_id", "network/private-route-table-a"],
  ["subnet 2", "network/private-route-table-association-b", "subnet_id", "network/private-subnet-b"],
  ["subnet 2", "network/private-route-table-association-b", "route_table_id", "network/private-route-table-b"],

  // Security groups
  ["alb_sg", "alb-firewall/security-group", "name", "alb_sg"],
  ["alb_sg", "alb-firewall/security-group", "vpc_id", "network/vpc"],
  ["alb_sg: 80 from anywhere", "alb-firewall/tcp-80-from-0.0.0.0-0", "security_group_id", albSg],
  ["alb_sg: 80 from anywhere", "alb-firewall/tcp-80-from-0.0.0.0-0", "ip_protocol", "tcp"],
  ["alb_sg: 80 from anywhere", "alb-firewall/tcp-80-from-0.0.0.0-0", "from_port", 80],
  ["alb_sg: 80 from anywhere", "alb-firewall/tcp-80-from-0.0.0.0-0", "to_port", 80],
  ["alb_sg: 80 from anywhere", "alb-firewall/tcp-80-from-0.0.0.0-0", "cidr_ipv4", everywhere],
  ["alb_sg out: all", "alb-firewall/egress-all", "security_group_id", albSg],
  ["alb_sg out: all", "alb-firewall/egress-all", "ip_protocol", "-1"],
  ["alb_sg out: all", "alb-firewall/egress-all", "cidr_ipv4", everywhere],
  ["app_sg", "app-firewall/security-group", "name", "app_sg"],
  ["app_sg", "app-firewall/security-group", "vpc_id", "network/vpc"],
  ["app_sg: 5000 from alb_sg", "app-firewall/tcp-5000-from-alb-firewall", "security_group_id", appSg],
  ["app_sg: 5000 from alb_sg", "app-firewall/tcp-5000-from-alb-firewall", "ip_protocol", "tcp"],
  ["app_sg: 5000 from alb_sg", "app-firewall/tcp-5000-from-alb-firewall", "from_port", 5000],
  ["app_sg: 5000 from alb_sg", "app-firewall/tcp-5000-from-alb-firewall", "to_port", 5000],
  ["app_sg: 5000 from alb_sg", "app-firewall/tcp-5000-from-alb-firewall", "referenced_security_group_id", albSg],
  ["app_sg: 22 from web_sg", "app-firewall/tcp-22-from-bastion-firewall", "security_group_id", appSg],
  ["app_sg: 22 from web_sg", "app-firewall/tcp-22-from-bastion-firewall", "ip_protocol", "tcp"],
  ["app_sg: 22 from web_sg", "app-firewall/tcp-22-from-bastion-firewall", "from_port", 22],
  ["app_sg: 22 from web_sg", "app-firewall/tcp-22-from-bastion-firewall", "to_port", 22],
  ["app_sg: 22 from web_sg", "app-firewall/tcp-22-from-bastion-firewall", "referenced_security_group_id", webSg],
  ["app_sg out: all", "app-firewall/egress-all", "security_group_id", appSg],
  ["app_sg out: all", "app-firewall/egress-all", "ip_protocol", "-1"],
  ["app_sg out: all", "app-firewall/egress-all", "cidr_ipv4", everywhere],
  ["web_sg", "bastion-firewall/security-group", "name", "web_sg"],
  ["web_sg", "bastion-firewall/security-group", "vpc_id", "network/vpc"],
  ["web_sg: 22 from anywhere", "bastion-firewall/tcp-22-from-0.0.0.0-0", "security_group_id", webSg],
  ["web_sg: 22 from anywhere", "bastion-firewall/tcp-22-from-0.0.0.0-0", "ip_protocol", "tcp"],
  ["web_sg: 22 from anywhere", "bastion-firewall/tcp-22-from-0.0.0.0-0", "from_port", 22],
  ["web_sg: 22 from anywhere", "bastion-firewall/tcp-22-from-0.0.0.0-0", "to_port", 22],
  ["web_sg: 22 from anywhere", "bastion-firewall/tcp-22-from-0.0.0.0-0", "cidr_ipv4", everywhere],
  ["web_sg out: all", "bastion-firewall/egress-all", "security_group_id", webSg],
  ["web_sg out: all", "bastion-firewall/egress-all", "ip_protocol", "-1"],
  ["web_sg out: all", "bastion-firewall/egress-all", "cidr_ipv4", everywhere],

  // Load balancer
  ["web-app-albb, application, internet-facing", "load-balancer/load-balancer", "name", "web-app-albb"],
  ["web-app-albb, application, internet-facing", "load-balancer/load-balancer", "load_balancer_type", "application"],
  ["web-app-albb, application, internet-facing", "load-balancer/load-balancer", "internal", false],
  ["both public subnets, alb_sg", "load-balancer/load-balancer", "subnets", publicSubnets],
  ["both public subnets, alb_sg", "load-balancer/load-balancer", "security_groups", [albSg]],
  ["listener HTTP:80 to app-tg", "load-balancer/listener", "load_balancer_arn", "load-balancer/load-balancer"],
  ["listener HTTP:80 to app-tg", "load-balancer/listener", "protocol", "HTTP"],
  ["listener HTTP:80 to app-tg", "load-balancer/listener", "port", 80],
  ["listener HTTP:80 to app-tg", "load-balancer/listener", "default_action", forward],
  ["target group app-tg: HTTP, port 5000", "load-balancer/target-group", "name", "app-tg"],
  ["target group app-tg: HTTP, port 5000", "load-balancer/target-group", "protocol", "HTTP"],
  ["target group app-tg: HTTP, port 5000", "load-balancer/target-group", "port", 5000],
  ["target group app-tg: HTTP, port 5000", "load-balancer/target-group", "vpc_id", "network/vpc"],
  ["health check /, 30 s, healthy 2, unhealthy 3", "load-balancer/target-group", "health_check.path", "/"],
  ["health check /, 30 s, healthy 2, unhealthy 3", "load-balancer/target-group", "health_check.interval", 30],
  ["health check /, 30 s, healthy 2, unhealthy 3", "load-balancer/target-group", "health_check.healthy_threshold", 2],
  ["health check /, 30 s, healthy 2, unhealthy 3", "load-balancer/target-group", "health_check.unhealthy_threshold", 3],

  // Application servers
  ["launch template web-app-launch-template", "fleet/launch-template", "name", "web-app-launch-template"],
  ["AMI, t3.micro, key pair nn, app_sg", "fleet/launch-template", "image_id", "ami-02f2230845208fdc0"],
  ["AMI, t3.micro, key pair nn, app_sg", "fleet/launch-template", "instance_type", "t3.micro"],
  ["AMI, t3.micro, key pair nn, app_sg", "fleet/launch-template", "key_name", "nn"],
  ["AMI, t3.micro, key pair nn, app_sg", "fleet/launch-template", "vpc_security_group_ids", [appSg]],
  ["group web-app_asg: min 1, desired 1, max 4", "fleet/auto-scaling-group", "name", "web-app_asg"],
  ["group web-app_asg: min 1, desired 1, max 4", "fleet/auto-scaling-group", "min_size", 1],
  ["group web-app_asg: min 1, desired 1, max 4", "fleet/auto-scaling-group", "desired_capacity", 1],
  ["group web-app_asg: min 1, desired 1, max 4", "fleet/auto-scaling-group", "max_size", 4],
  ["private subnets, app-tg", "fleet/auto-scaling-group", "vpc_zone_identifier", privateSubnets],
  ["private subnets, app-tg", "fleet/auto-scaling-group", "target_group_arns", ["load-balancer/target-group"]],
  ["health check type ELB, grace 300 s", "fleet/auto-scaling-group", "health_check_type", "ELB"],
  ["health check type ELB, grace 300 s", "fleet/auto-scaling-group", "health_check_grace_period", 300],

  // Scaling
  ["cpu-high: above 80 %, 5 minutes, 2 periods", "scaling/cpu-out", "alarm_name", "cpu-high"],
  ["cpu-high: above 80 %, 5 minutes, 2 periods", "scaling/cpu-out", "metric_name", "CPUUtilization"],
  ["cpu-high: above 80 %, 5 minutes, 2 periods", "scaling/cpu-out", "comparison_operator", "GreaterThanThreshold"],
  ["cpu-high: above 80 %, 5 minutes, 2 periods", "scaling/cpu-out", "threshold", 80],
  ["cpu-high: above 80 %, 5 minutes, 2 periods", "scaling/cpu-out", "period", 300],
  ["cpu-high: above 80 %, 5 minutes, 2 periods", "scaling/cpu-out", "evaluation_periods", 2],
  ["cpu-high: above 80 %, 5 minutes, 2 periods", "scaling/cpu-out", "alarm_actions", ["scaling/scale-out"]],
  ["adds 1 instance", "scaling/scale-out", "autoscaling_group_name", "fleet/auto-scaling-group"],
  ["adds 1 instance", "scaling/scale-out", "adjustment_type", "ChangeInCapacity"],
  ["adds 1 instance", "scaling/scale-out", "scaling_adjustment", 1],
  ["cpu-low: below 20 %, 5 minutes, 2 periods", "scaling/cpu-in", "alarm_name", "cpu-low"],
  ["cpu-low: below 20 %, 5 minutes, 2 periods", "scaling/cpu-in", "metric_name", "CPUUtilization"],
  ["cpu-low: below 20 %, 5 minutes, 2 periods", "scaling/cpu-in", "comparison_operator", "LessThanThreshold"],
  ["cpu-low: below 20 %, 5 minutes, 2 periods", "scaling/cpu-in", "threshold", 20],
  ["cpu-low: below 20 %, 5 minutes, 2 periods", "scaling/cpu-in", "period", 300],
  ["cpu-low: below 20 %, 5 minutes, 2 periods", "scaling/cpu-in", "evaluation_periods", 2],
  ["cpu-low: below 20 %, 5 minutes, 2 periods", "scaling/cpu-in", "alarm_actions", ["scaling/scale-in"]],
  ["removes 1 instance", "scaling/scale-in", "autoscaling_group_name", "fleet/auto-scaling-group"],
  ["removes 1 instance", "scaling/scale-in", "adjustment_type", "ChangeInCapacity"],
  ["removes 1 instance", "scaling/scale-in", "scaling_adjustment", -1],
  ["the group's average, high", "scaling/cpu-out", "namespace", "AWS/EC2"],
  ["the group's average, high", "scaling/cpu-out", "dimensions.AutoScalingGroupName", "fleet/auto-scaling-group"],
  ["the group's average, high", "scaling/cpu-out", "statistic", "Average"],
  ["the group's average, low", "scaling/cpu-in", "namespace", "AWS/EC2"],
  ["the group's average, low", "scaling/cpu-in", "dimensions.AutoScalingGroupName", "fleet/auto-scaling-group"],
  ["the group's average, low", "scaling/cpu-in", "statistic", "Average"],

  // Bastion
  ["t3.micro in public subnet 1, public address", "bastion/instance", "instance_type", "t3.micro"],
  ["t3.micro in public subnet 1, public address", "bastion/instance", "subnet_id", "network/public-subnet-a"],
  ["t3.micro in public subnet 1, public address", "bastion/instance", "associate_public_ip_address", true],
  ["web_sg, key pair host", "bastion/instance", "vpc_security_group_ids", [webSg]],
  ["web_sg, key pair host", "bastion/instance", "key_name", "host"],
];

test.each(rows)("%s: %s %s", (_says, path, attribute, value) => {
  const actual = attribute
    .split(".")
    .reduce<unknown>((of, name) => (of as Record<string, unknown>)[name], production.made(path));
  expect({ value: actual }).toMatchObject({ value });
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
