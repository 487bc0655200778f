/**
 * The documented system, a line a row, against what is synthesized for production: lay it beside the document.
 *
 * Values are written out here and not taken from the settings, so that no setting moves away from the document unseen.
 */
import { synthWebApp } from "./support";

const production = synthWebApp();

/** What the document says, and the attribute that has it; a reference reads as the path of its construct. */
type Row = readonly [says: string, type: string, path: string, attribute: string, value: unknown];

// prettier-ignore
const chapters: Readonly<Record<string, readonly Row[]>> = {
  Network: [
    ["VPC myvpc",                                  "aws_vpc",                     "network/vpc",                               "tags",                   { Name: "myvpc" }],
    ["VPC: CIDR 192.168.1.0/24",                   "aws_vpc",                     "network/vpc",                               "cidr_block",             "192.168.1.0/24"],
    ["VPC: DNS hostnames on",                      "aws_vpc",                     "network/vpc",                               "enable_dns_hostnames",   true],
    ["VPC: DNS resolution on",                     "aws_vpc",                     "network/vpc",                               "enable_dns_support",     true],
    ["public subnet 1: 192.168.1.0/26",            "aws_subnet",                  "network/public-subnet-a",                   "cidr_block",             "192.168.1.0/26"],
    ["public subnet 1: ap-south-1a",               "aws_subnet",                  "network/public-subnet-a",                   "availability_zone",      "ap-south-1a"],
    ["public subnet 2: 192.168.1.64/26",           "aws_subnet",                  "network/public-subnet-b",                   "cidr_block",             "192.168.1.64/26"],
    ["public subnet 2: ap-south-1b",               "aws_subnet",                  "network/public-subnet-b",                   "availability_zone",      "ap-south-1b"],
    ["private subnet 1: 192.168.1.128/26",         "aws_subnet",                  "network/private-subnet-a",                  "cidr_block",             "192.168.1.128/26"],
    ["private subnet 1: ap-south-1a",              "aws_subnet",                  "network/private-subnet-a",                  "availability_zone",      "ap-south-1a"],
    ["private subnet 2: 192.168.1.192/26",         "aws_subnet",                  "network/private-subnet-b",                  "cidr_block",             "192.168.1.192/26"],
    ["private subnet 2: ap-south-1b",              "aws_subnet",                  "network/private-subnet-b",                  "availability_zone",      "ap-south-1b"],
    ["internet gateway: attached to the VPC",      "aws_internet_gateway",        "network/internet-gateway",                  "vpc_id",                 "network/vpc"],
    ["NAT gateway: in public subnet 1",            "aws_nat_gateway",             "network/nat-gateway-a",                     "subnet_id",              "network/public-subnet-a"],
    ["NAT gateway: with an Elastic IP",            "aws_nat_gateway",             "network/nat-gateway-a",                     "allocation_id",          "network/nat-address-a"],
    ["public route: of the public route table",    "aws_route",                   "network/public-route",                      "route_table_id",         "network/public-route-table"],
    ["public route: 0.0.0.0/0",                    "aws_route",                   "network/public-route",                      "destination_cidr_block", "0.0.0.0/0"],
    ["public route: to the internet gateway",      "aws_route",                   "network/public-route",                      "gateway_id",             "network/internet-gateway"],
    ["public subnet 1: its association",           "aws_route_table_association", "network/public-route-table-association-a",  "subnet_id",              "network/public-subnet-a"],
    ["public subnet 1: has the public routes",     "aws_route_table_association", "network/public-route-table-association-a",  "route_table_id",         "network/public-route-table"],
    ["public subnet 2: its association",           "aws_route_table_association", "network/public-route-table-association-b",  "subnet_id",              "network/public-subnet-b"],
    ["public subnet 2: has the public routes",     "aws_route_table_association", "network/public-route-table-association-b",  "route_table_id",         "network/public-route-table"],
    ["private route, zone a: of its route table",  "aws_route",                   "network/private-route-a",                   "route_table_id",         "network/private-route-table-a"],
    ["private route, zone a: 0.0.0.0/0",           "aws_route",                   "network/private-route-a",                   "destination_cidr_block", "0.0.0.0/0"],
    ["private route, zone a: to the NAT gateway",  "aws_route",                   "network/private-route-a",                   "nat_gateway_id",         "network/nat-gateway-a"],
    ["private route, zone b: of its route table",  "aws_route",                   "network/private-route-b",                   "route_table_id",         "network/private-route-table-b"],
    ["private route, zone b: 0.0.0.0/0",           "aws_route",                   "network/private-route-b",                   "destination_cidr_block", "0.0.0.0/0"],
    ["private route, zone b: to the NAT gateway",  "aws_route",                   "network/private-route-b",                   "nat_gateway_id",         "network/nat-gateway-a"],
    ["private subnet 1: its association",          "aws_route_table_association", "network/private-route-table-association-a", "subnet_id",              "network/private-subnet-a"],
    ["private subnet 1: has the routes of zone a", "aws_route_table_association", "network/private-route-table-association-a", "route_table_id",         "network/private-route-table-a"],
    ["private subnet 2: its association",          "aws_route_table_association", "network/private-route-table-association-b", "subnet_id",              "network/private-subnet-b"],
    ["private subnet 2: has the routes of zone b", "aws_route_table_association", "network/private-route-table-association-b", "route_table_id",         "network/private-route-table-b"],
  ],
  "Security groups": [
    ["alb_sg: name",                             "aws_security_group",                  "alb-firewall/security-group",               "name",                         "alb_sg"],
    ["alb_sg: in the VPC",                       "aws_security_group",                  "alb-firewall/security-group",               "vpc_id",                       "network/vpc"],
    ["alb_sg in: of this group",                 "aws_vpc_security_group_ingress_rule", "alb-firewall/tcp-80-from-0.0.0.0-0",        "security_group_id",            "alb-firewall/security-group"],
    ["alb_sg in: TCP",                           "aws_vpc_security_group_ingress_rule", "alb-firewall/tcp-80-from-0.0.0.0-0",        "ip_protocol",                  "tcp"],
    ["alb_sg in: from port 80",                  "aws_vpc_security_group_ingress_rule", "alb-firewall/tcp-80-from-0.0.0.0-0",        "from_port",                    80],
    ["alb_sg in: to port 80",                    "aws_vpc_security_group_ingress_rule", "alb-firewall/tcp-80-from-0.0.0.0-0",        "to_port",                      80],
    ["alb_sg in: from 0.0.0.0/0",                "aws_vpc_security_group_ingress_rule", "alb-firewall/tcp-80-from-0.0.0.0-0",        "cidr_ipv4",                    "0.0.0.0/0"],
    ["alb_sg out: of this group",                "aws_vpc_security_group_egress_rule",  "alb-firewall/egress-all",                   "security_group_id",            "alb-firewall/security-group"],
    ["alb_sg out: every protocol and port",      "aws_vpc_security_group_egress_rule",  "alb-firewall/egress-all",                   "ip_protocol",                  "-1"],
    ["alb_sg out: to 0.0.0.0/0",                 "aws_vpc_security_group_egress_rule",  "alb-firewall/egress-all",                   "cidr_ipv4",                    "0.0.0.0/0"],
    ["app_sg: name",                             "aws_security_group",                  "app-firewall/security-group",               "name",                         "app_sg"],
    ["app_sg: in the VPC",                       "aws_security_group",                  "app-firewall/security-group",               "vpc_id",                       "network/vpc"],
    ["app_sg in, application: of this group",    "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-5000-from-alb-firewall",   "security_group_id",            "app-firewall/security-group"],
    ["app_sg in, application: TCP",              "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-5000-from-alb-firewall",   "ip_protocol",                  "tcp"],
    ["app_sg in, application: from port 5000",   "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-5000-from-alb-firewall",   "from_port",                    5000],
    ["app_sg in, application: to port 5000",     "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-5000-from-alb-firewall",   "to_port",                      5000],
    ["app_sg in, application: from alb_sg only", "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-5000-from-alb-firewall",   "referenced_security_group_id", "alb-firewall/security-group"],
    ["app_sg in, SSH: of this group",            "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-22-from-bastion-firewall", "security_group_id",            "app-firewall/security-group"],
    ["app_sg in, SSH: TCP",                      "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-22-from-bastion-firewall", "ip_protocol",                  "tcp"],
    ["app_sg in, SSH: from port 22",             "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-22-from-bastion-firewall", "from_port",                    22],
    ["app_sg in, SSH: to port 22",               "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-22-from-bastion-firewall", "to_port",                      22],
    ["app_sg in, SSH: from web_sg only",         "aws_vpc_security_group_ingress_rule", "app-firewall/tcp-22-from-bastion-firewall", "referenced_security_group_id", "bastion-firewall/security-group"],
    ["app_sg out: of this group",                "aws_vpc_security_group_egress_rule",  "app-firewall/egress-all",                   "security_group_id",            "app-firewall/security-group"],
    ["app_sg out: every protocol and port",      "aws_vpc_security_group_egress_rule",  "app-firewall/egress-all",                   "ip_protocol",                  "-1"],
    ["app_sg out: to 0.0.0.0/0",                 "aws_vpc_security_group_egress_rule",  "app-firewall/egress-all",                   "cidr_ipv4",                    "0.0.0.0/0"],
    ["web_sg (bastion): name",                   "aws_security_group",                  "bastion-firewall/security-group",           "name",                         "web_sg"],
    ["web_sg: in the VPC",                       "aws_security_group",                  "bastion-firewall/security-group",           "vpc_id",                       "network/vpc"],
    ["web_sg in: of this group",                 "aws_vpc_security_group_ingress_rule", "bastion-firewall/tcp-22-from-0.0.0.0-0",    "security_group_id",            "bastion-firewall/security-group"],
    ["web_sg in: TCP",                           "aws_vpc_security_group_ingress_rule", "bastion-firewall/tcp-22-from-0.0.0.0-0",    "ip_protocol",                  "tcp"],
    ["web_sg in: from port 22",                  "aws_vpc_security_group_ingress_rule", "bastion-firewall/tcp-22-from-0.0.0.0-0",    "from_port",                    22],
    ["web_sg in: to port 22",                    "aws_vpc_security_group_ingress_rule", "bastion-firewall/tcp-22-from-0.0.0.0-0",    "to_port",                      22],
    ["web_sg in: from 0.0.0.0/0",                "aws_vpc_security_group_ingress_rule", "bastion-firewall/tcp-22-from-0.0.0.0-0",    "cidr_ipv4",                    "0.0.0.0/0"],
    ["web_sg out: of this group",                "aws_vpc_security_group_egress_rule",  "bastion-firewall/egress-all",               "security_group_id",            "bastion-firewall/security-group"],
    ["web_sg out: every protocol and port",      "aws_vpc_security_group_egress_rule",  "bastion-firewall/egress-all",               "ip_protocol",                  "-1"],
    ["web_sg out: to 0.0.0.0/0",                 "aws_vpc_security_group_egress_rule",  "bastion-firewall/egress-all",               "cidr_ipv4",                    "0.0.0.0/0"],
  ],
  "Load balancer": [
    ["ALB web-app-albb",                         "aws_lb",              "load-balancer/load-balancer", "name",               "web-app-albb"],
    ["ALB: application",                         "aws_lb",              "load-balancer/load-balancer", "load_balancer_type", "application"],
    ["ALB: internet-facing",                     "aws_lb",              "load-balancer/load-balancer", "internal",           false],
    ["ALB: both public subnets",                 "aws_lb",              "load-balancer/load-balancer", "subnets",            ["network/public-subnet-a", "network/public-subnet-b"]],
    ["ALB: alb_sg",                              "aws_lb",              "load-balancer/load-balancer", "security_groups",    ["alb-firewall/security-group"]],
    ["listener: of the ALB",                     "aws_lb_listener",     "load-balancer/listener",      "load_balancer_arn",  "load-balancer/load-balancer"],
    ["listener: HTTP",                           "aws_lb_listener",     "load-balancer/listener",      "protocol",           "HTTP"],
    ["listener: port 80",                        "aws_lb_listener",     "load-balancer/listener",      "port",               80],
    ["listener: forwards to the target group",   "aws_lb_listener",     "load-balancer/listener",      "default_action",     [{ type: "forward", target_group_arn: "load-balancer/target-group" }]],
    ["target group app-tg",                      "aws_lb_target_group", "load-balancer/target-group",  "name",               "app-tg"],
    ["target group: HTTP",                       "aws_lb_target_group", "load-balancer/target-group",  "protocol",           "HTTP"],
    ["target group: port 5000",                  "aws_lb_target_group", "load-balancer/target-group",  "port",               5000],
    ["target group: in the VPC",                 "aws_lb_target_group", "load-balancer/target-group",  "vpc_id",             "network/vpc"],
    ["target group: health check path /",        "aws_lb_target_group", "load-balancer/target-group",  "health_check",       { path: "/" }],
    ["target group: health check interval 30 s", "aws_lb_target_group", "load-balancer/target-group",  "health_check",       { interval: 30 }],
    ["target group: healthy threshold 2",        "aws_lb_target_group", "load-balancer/target-group",  "health_check",       { healthy_threshold: 2 }],
    ["target group: unhealthy threshold 3",      "aws_lb_target_group", "load-balancer/target-group",  "health_check",       { unhealthy_threshold: 3 }],
  ],
  "Application servers": [
    ["launch template web-app-launch-template",   "aws_launch_template",   "fleet/launch-template",    "name",                      "web-app-launch-template"],
    ["launch template: AMI web-app-5",            "aws_launch_template",   "fleet/launch-template",    "image_id",                  "ami-02f2230845208fdc0"],
    ["launch template: t3.micro",                 "aws_launch_template",   "fleet/launch-template",    "instance_type",             "t3.micro"],
    ["launch template: key pair nn",              "aws_launch_template",   "fleet/launch-template",    "key_name",                  "nn"],
    ["launch template: app_sg",                   "aws_launch_template",   "fleet/launch-template",    "vpc_security_group_ids",    ["app-firewall/security-group"]],
    ["Auto Scaling group web-app_asg",            "aws_autoscaling_group", "fleet/auto-scaling-group", "name",                      "web-app_asg"],
    ["Auto Scaling group: min 1",                 "aws_autoscaling_group", "fleet/auto-scaling-group", "min_size",                  1],
    ["Auto Scaling group: desired 1",             "aws_autoscaling_group", "fleet/auto-scaling-group", "desired_capacity",          1],
    ["Auto Scaling group: max 4",                 "aws_autoscaling_group", "fleet/auto-scaling-group", "max_size",                  4],
    ["Auto Scaling group: both private subnets",  "aws_autoscaling_group", "fleet/auto-scaling-group", "vpc_zone_identifier",       ["network/private-subnet-a", "network/private-subnet-b"]],
    ["Auto Scaling group: attached to app-tg",    "aws_autoscaling_group", "fleet/auto-scaling-group", "target_group_arns",         ["load-balancer/target-group"]],
    ["Auto Scaling group: health check type ELB", "aws_autoscaling_group", "fleet/auto-scaling-group", "health_check_type",         "ELB"],
    ["Auto Scaling group: grace 300 s",           "aws_autoscaling_group", "fleet/auto-scaling-group", "health_check_grace_period", 300],
  ],
  Scaling: [
    ["cpu-high",                       "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "alarm_name",             "cpu-high"],
    ["cpu-high: CPUUtilization",       "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "metric_name",            "CPUUtilization"],
    ["cpu-high: above",                "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "comparison_operator",    "GreaterThanThreshold"],
    ["cpu-high: 80 %",                 "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "threshold",              80],
    ["cpu-high: period 5 minutes",     "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "period",                 300],
    ["cpu-high: 2 evaluation periods", "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "evaluation_periods",     2],
    ["cpu-high: its action",           "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "alarm_actions",          ["scaling/scale-out"]],
    ["cpu-high: for the group",        "aws_autoscaling_policy",      "scaling/scale-out", "autoscaling_group_name", "fleet/auto-scaling-group"],
    ["cpu-high: changes the capacity", "aws_autoscaling_policy",      "scaling/scale-out", "adjustment_type",        "ChangeInCapacity"],
    ["cpu-high: adds 1 instance",      "aws_autoscaling_policy",      "scaling/scale-out", "scaling_adjustment",     1],
    ["cpu-high: metric of AWS/EC2",    "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "namespace",              "AWS/EC2"],
    ["cpu-high: metric of the group",  "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "dimensions",             { AutoScalingGroupName: "fleet/auto-scaling-group" }],
    ["cpu-high: its average",          "aws_cloudwatch_metric_alarm", "scaling/cpu-out",   "statistic",              "Average"],
    ["cpu-low",                        "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "alarm_name",             "cpu-low"],
    ["cpu-low: CPUUtilization",        "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "metric_name",            "CPUUtilization"],
    ["cpu-low: below",                 "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "comparison_operator",    "LessThanThreshold"],
    ["cpu-low: 20 %",                  "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "threshold",              20],
    ["cpu-low: period 5 minutes",      "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "period",                 300],
    ["cpu-low: 2 evaluation periods",  "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "evaluation_periods",     2],
    ["cpu-low: its action",            "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "alarm_actions",          ["scaling/scale-in"]],
    ["cpu-low: for the group",         "aws_autoscaling_policy",      "scaling/scale-in",  "autoscaling_group_name", "fleet/auto-scaling-group"],
    ["cpu-low: changes the capacity",  "aws_autoscaling_policy",      "scaling/scale-in",  "adjustment_type",        "ChangeInCapacity"],
    ["cpu-low: removes 1 instance",    "aws_autoscaling_policy",      "scaling/scale-in",  "scaling_adjustment",     -1],
    ["cpu-low: metric of AWS/EC2",     "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "namespace",              "AWS/EC2"],
    ["cpu-low: metric of the group",   "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "dimensions",             { AutoScalingGroupName: "fleet/auto-scaling-group" }],
    ["cpu-low: its average",           "aws_cloudwatch_metric_alarm", "scaling/cpu-in",    "statistic",              "Average"],
  ],
  Bastion: [
    ["bastion: t3.micro",           "aws_instance", "bastion/instance", "instance_type",               "t3.micro"],
    ["bastion: in public subnet 1", "aws_instance", "bastion/instance", "subnet_id",                   "network/public-subnet-a"],
    ["bastion: public IP",          "aws_instance", "bastion/instance", "associate_public_ip_address", true],
    ["bastion: web_sg",             "aws_instance", "bastion/instance", "vpc_security_group_ids",      ["bastion-firewall/security-group"]],
    ["bastion: key pair host",      "aws_instance", "bastion/instance", "key_name",                    "host"],
  ],
};

describe.each(Object.entries(chapters))("%s", (_chapter, rows) => {
  test.each(rows)("%s", (_says, type, path, attribute, value) => {
    expect(production.at(type, path)).toMatchObject({ [attribute]: value });
  });
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
