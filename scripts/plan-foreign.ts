/**
 * A stack that this project did not write, with what makes a bill hard: regions by a variable and by an alias, modules, references to
 * lists, instances that are bought otherwise than on demand. It is only planned, so it needs no account.
 */
const OFFLINE = { skip_credentials_validation: true, skip_requesting_account_id: true, skip_metadata_api_check: true };
const keys = { access_key: "none", secret_key: "none" };
const machine = { ami: "ami-02f2230845208fdc0", instance_type: "t3.micro", associate_public_ip_address: false };
const root_block_device = { volume_size: 8, volume_type: "gp3" };
const template = (values: object = {}) => ({ image_id: machine.ami, instance_type: machine.instance_type, ...values });
const group = (values: object) => ({
  min_size: 1,
  max_size: 2,
  vpc_zone_identifier: ["${aws_subnet.a.id}"],
  ...values,
});

export const foreignStack = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
  variable: { region: { default: "ap-south-1" }, subnets: { default: ["subnet-1", "subnet-2"] } },
  provider: {
    aws: [
      { region: "${var.region}", ...OFFLINE, ...keys },
      { alias: "far", region: "eu-west-1", ...OFFLINE, ...keys },
    ],
  },
  resource: {
    aws_vpc: { main: { cidr_block: "10.0.0.0/16" } },
    aws_subnet: {
      a: { vpc_id: "${aws_vpc.main.id}", cidr_block: "10.0.0.0/24" },
      many: { count: 2, vpc_id: "${aws_vpc.main.id}", cidr_block: "10.0.${1 + count.index}.0/24" },
    },
    aws_eip: { near: { count: 2 }, far: { for_each: '${toset(["a[0].b", "c"])}', provider: "aws.far" } },
    aws_lb: {
      known: { subnets: "${var.subnets}" },
      splat: { subnets: "${aws_subnet.many[*].id}" },
      joined: { subnets: "${concat(aws_subnet.many[*].id, [aws_subnet.a.id])}" },
      mapped: {
        subnet_mapping: [{ subnet_id: "${aws_subnet.a.id}" }, { subnet_id: "subnet-2" }],
        access_logs: { bucket: "${aws_s3_bucket.logs.id}", enabled: true },
      },
    },
    aws_s3_bucket: { logs: { bucket_prefix: "logs-" }, uploads: { bucket_prefix: "uploads-" } },
    aws_instance: {
      disks: {
        ...machine,
        root_block_device,
        ebs_block_device: [{ device_name: "/dev/sdf", volume_size: 500, volume_type: "gp3" }],
      },
      spot: { ...machine, root_block_device, instance_market_options: { market_type: "spot" } },
      dedicated: { ...machine, root_block_device, tenancy: "dedicated" },
      unknown: { ami: machine.ami, instance_type: machine.instance_type, subnet_id: "${aws_subnet.many[0].id}" },
    },
    aws_launch_template: {
      plain: template({ block_device_mappings: [{ device_name: "/dev/xvda", ebs: root_block_device }] }),
      spot: template({ instance_market_options: { market_type: "spot" } }),
    },
    aws_autoscaling_group: {
      plain: group({ launch_template: { id: "${aws_launch_template.plain.id}", version: "1" } }),
      spot: group({ launch_template: { id: "${aws_launch_template.spot.id}", version: "1" } }),
      mixed: group({
        mixed_instances_policy: {
          launch_template: { launch_template_specification: { launch_template_id: "${aws_launch_template.plain.id}" } },
        },
      }),
    },
  },
  module: {
    far: { source: "./inner", providers: { aws: "aws.far" }, subnets: ["${aws_subnet.a.id}"] },
    near: { source: "./inner", subnets: ["${aws_subnet.a.id}"] },
  },
};

/** The module that is called twice, once in another region. */
export const innerModule = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
  variable: { subnets: { type: "list(string)" } },
  resource: { aws_lb: { inner: { subnets: "${var.subnets}" } } },
};
